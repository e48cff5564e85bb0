"""What askers write in the thread of their question: thanks stay, new matter reaches whom it concerns."""

import pytest

from rules.text import strip_marks
from tests.contract.test_desk import REVIEWED
from tests.dose import each_third
from tests.installation import OFFICER, answer_to, letter, subject_of, text_of, unit_address
from tests.world import UNSURE, World, asker_says, order, said, vouched

CITIZEN, UNIT = "an@dan.test", unit_address("SXD")
ANSWER = "Sở Xây dựng trả lời: mặt đường được sửa trong quý I năm 2027.\n\nPhó Giám đốc\nNguyễn Văn A"
ELDERS = "mẹ tôi 82 tuổi, không có lương hưu, thì được hưởng trợ cấp xã hội bao nhiêu một tháng?"
PASSED_ON = [("unit_followup", UNIT), ("citizen_completed", CITIZEN)]
PHOTO = (("anh.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(64)),)


@pytest.fixture
def house(house: World) -> World:
    """Question 1 lies with the unit; question 2 is a bystander's."""
    first, second = {"message_id": "<1@dan.test>"}, {"message_id": "<2@dan.test>"}
    house.begin("two", lambda: (house.ask(**first), house.ask(REVIEWED, "ba@dan.test", **second)))
    return house


def answered(house: World) -> None:
    house.answers("unit_forward", UNIT, ANSWER)


@pytest.mark.parametrize(
    "text",
    [
        "Cảm ơn!",
        "Cảm ơn Ban đã chuyển câu hỏi của tôi, tôi chờ trả lời.",
        "Vâng tôi đã biết, tôi chờ ạ",
        "Rất cảm ơn Ban đã chuyển câu hỏi của tôi đi",
        "Quý hóa quá, gửi lúc tám giờ mà có thư lại ngay. Bác cảm ơn các cháu, bác chờ.",
        "Cảm ơn các anh chị. Mong Sở trả lời sớm.",
        "Xin cảm ơn quý Ban. Kính mong Sở Xây dựng sớm trả lời để bà con yên tâm.",
        "cam on ban nhe, mong so tra loi som",
        "Thanks, hope to hear from the department soon",
    ],
)
def test_thanks_with_a_personal_touch_go_to_nobody(house: World, text: str) -> None:
    assert asker_says(house, text) == []
    assert house.house.mails[-1]["status"] == "done"


def test_what_an_asker_writes_below_an_answer_is_not_called_a_departments(house: World) -> None:
    answered(house)
    asker_says(house, "Tuyệt vời, hôm qua thấy công nhân ra làm được nửa buổi là đi.", "citizen_answered")
    assert "thư bổ sung của người hỏi" in subject_of(house.last("officer_review", OFFICER))


def test_praise_that_tells_of_the_work_done_goes_to_nobody(house: World) -> None:
    answered(house)
    said = "Tuyệt vời, hôm qua đã thấy công nhân ra làm rồi. Hoan nghênh các anh chị!"
    assert ("officer_review", OFFICER) not in asker_says(house, said, "citizen_answered")


@each_third(
    "text",
    [
        "Sở đã có ý kiến gì về việc của tôi chưa thưa Ban?",
        "Bên Sở đã trả lời chưa?",
        "Ai đang xử lý? Cho tôi số điện thoại",
        "Quá hạn rồi sao chưa trả lời tôi?",
        "so noi gi chua vay ban",
        "Câu hỏi của tôi đang nằm ở bước nào ạ?",
        "Họ đã phản hồi gì chưa Ban ơi?",
        "alo co ai khong",
        "Có ai đọc thư của tôi không vậy?",
        "Im lặng thế, có ai trả lời tôi không ạ?",
        "Có ai xem giúp câu hỏi của tôi chưa",
        "Chúc Ban buổi sáng tốt lành. Câu hỏi của tôi đến đâu rồi ạ?",
        "Kính chúc Ban Biên tập sức khỏe. Câu hỏi của tôi đến đâu rồi ạ?",
        "Kính thưa các đồng chí lãnh đạo thành phố, câu hỏi của tôi đến đâu rồi ạ?",
        "Câu hỏi của tôi đến đâu rồi ạ? Chúc các anh chị cuối tuần vui vẻ.",
        "Câu hỏi của tôi hiện giờ ở đâu? Tôi phải chờ bao lâu nữa?",
        "Any update on my question?",
        "Hello, is there any news about my question? Thank you.",
        "Dear Sir, when will I get an answer?",
    ],
)
def test_who_asks_what_the_unit_says_is_told_the_state(house: World, text: str) -> None:
    assert asker_says(house, text) == [("citizen_status", CITIZEN)]


def test_who_asks_whether_the_unit_has_answered_is_told_and_heard(house: World) -> None:
    led_to = asker_says(house, "Ban ơi, xe tải lại sa hố ở cổng chùa, Sở có ý kiến gì với Ban chưa hay vẫn im?")
    assert set(led_to) == {("citizen_status", CITIZEN), ("unit_followup", UNIT)}


@pytest.mark.parametrize(
    "text",
    [
        "Sở đã sửa đường chưa?",
        "Bao giờ Sở sửa đoạn trước số 12?",
        "Có ai không chịu làm thì cho tôi biết tên",
        "Có ai ra vá đường chưa?",
        "Any update? The hole in front of number 12 is bigger now and a child fell yesterday.",
        "Tôi hỏi thêm: đoạn trước số 12 đường Trường Chinh bao giờ Sở Xây dựng sửa?",
        "Ổ gà làm con tôi ngã phải đi bệnh viện, bao giờ sửa xong?",
        "Tôi hỏi thêm, hố sâu như thế ai lấp cho dân đi?",
        "Tôi hỏi thêm: vậy ai chịu trách nhiệm?",
        "Hôm qua có xe cứu thương đi bệnh viện Kiến An phải vòng đường khác vì ổ gà.",
        "Tôi bổ sung: mặt đường trước trường tiểu học cũng hỏng nặng.",
    ],
)
def test_what_belongs_to_the_matter_reaches_its_unit(house: World, text: str) -> None:
    assert ("unit_followup", UNIT) in asker_says(house, text)


WRONG_UNIT = (
    "Sao lại chuyển Sở Xây dựng. Việc của tôi có phải xây nhà đâu mà chuyển. Tôi hỏi chuyện khác hẳn. "
    "Chuyển lại cho đúng đi"
)


@pytest.mark.parametrize("text", [WRONG_UNIT, strip_marks(WRONG_UNIT).lower()])
def test_who_says_that_the_unit_is_wrong_asks_nothing_new(house: World, text: str) -> None:
    questions = len(house.house.questions)
    assert ("unit_followup", UNIT) in asker_says(house, text)
    assert len(house.house.questions) == questions


def test_who_needs_no_answer_any_more_is_asked_of_an_officer(house: World) -> None:
    led_to = asker_says(house, "Tôi đổi ý, đề nghị dừng lại, đừng chuyển câu hỏi của tôi cho ai cả.")
    assert set(led_to) == {("citizen_withdrawal", CITIZEN), ("officer_review", OFFICER)}
    assert house.house.questions[0]["status"] == "forwarded"


@pytest.mark.parametrize(
    "text",
    ["Hài lòng", "Tôi đọc rồi, trả lời như vậy là thỏa đáng. Chúc Ban mạnh khỏe."],
    ids=["asked for", "own words"],
)
def test_praise_of_an_answer_is_counted_and_alarms_nobody(house: World, text: str) -> None:
    answered(house)
    assert asker_says(house, text, "citizen_answered") == []
    assert [row["content_with_answer"] for row in house.house.questions] == ["yes", ""]


@pytest.mark.parametrize(
    "text",
    ["cam on so, toi doc thay tra loi nhu vay la on", "Trả lời vậy thì ổn rồi, cảm ơn Ban.", "Trả lời thế là ok ạ"],
)
def test_who_finds_an_answer_in_order_is_not_said_to_be_discontent(house: World, text: str) -> None:
    answered(house)
    assert asker_says(house, text, "citizen_answered") == []
    assert house.house.questions[0]["content_with_answer"] in {"yes", ""}


@pytest.mark.parametrize("text", ["Trả lời vậy là ổn sao", "trả lời như vậy là xong à?", "tra loi vay la chua on"])
def test_who_doubts_that_an_answer_is_in_order_is_heard(house: World, text: str) -> None:
    answered(house)
    assert ("citizen_opinion", CITIZEN) in asker_says(house, text, "citizen_answered")
    assert [row["content_with_answer"] for row in house.house.questions] == ["no", ""]


@pytest.mark.parametrize(
    "text",
    [
        "Cảm ơn Ban. Nước ngập vào cả nhà số 12 rồi.",
        "Cảm ơn, hố sâu thêm hai mươi phân rồi nhé.",
        "Cảm ơn Ban. Mong Sở trả lời sớm, xe vừa ngã trước số 12.",
        "Cảm ơn. Mong Sở sớm sửa đoạn trước số 12.",
    ],
)
def test_new_matter_beside_thanks_reaches_the_unit(house: World, text: str) -> None:
    assert asker_says(house, text) == PASSED_ON
    assert text in text_of(house.last("unit_followup", UNIT))


FOREIGN = (
    "Thank you. Could you please answer in English? My Vietnamese is very poor.",
    "Thanks, but where should my husband bring the papers?",
    "Thank you. The road in front of our house is still flooded every night.",
    "Merci, mais je ne comprends pas votre lettre.",
    "谢谢，请用英文回复",
)


@pytest.mark.parametrize("text", FOREIGN)
def test_what_is_said_in_another_language_beside_thanks_is_read_by_somebody(house: World, text: str) -> None:
    assert asker_says(house, text) == PASSED_ON
    assert text in text_of(house.last("unit_followup", UNIT))
    house.ask(UNSURE, "cu@dan.test", message_id="<3@dan.test>")
    assert asker_says(house, text, who="cu@dan.test")[:1] == [("officer_alert", OFFICER)]
    answered(house)
    assert ("officer_review", OFFICER) in asker_says(house, text, "citizen_answered")


@pytest.mark.parametrize("text", ["Thanks team, noted!", "ok tks ad nhiều nha", "Thank you, have a nice day"])
def test_foreign_words_of_thanks_still_go_to_nobody(house: World, text: str) -> None:
    assert asker_says(house, text) == []


def test_who_adds_something_is_told_once_a_day_where_it_went(house: World) -> None:
    assert asker_says(house, "Hôm qua lại có xe ngã trước số 12.") == PASSED_ON
    text = said(house.last("citizen_completed", CITIZEN))
    assert "viết thêm về câu hỏi số HP-2026-000001" in text
    assert "đã được chuyển đến Sở Xây dựng" in text
    assert asker_says(house, "Trước số 9 mặt đường cũng sụt rồi.") == PASSED_ON[:1]
    house.let_pass(days=1)
    assert asker_says(house, "Sáng nay xe tải lại sa hố ở đó.") == PASSED_ON


def test_who_adds_something_before_a_unit_has_the_question_is_told_that_an_officer_looks(house: World) -> None:
    led_to = asker_says(house, "Nhà số 4 bên cạnh cũng bị như vậy.", who="ba@dan.test")
    assert set(led_to) == {("officer_alert", OFFICER), ("citizen_completed", "ba@dan.test")}
    assert "Cán bộ đang xem để chuyển câu hỏi" in said(house.last("citizen_completed", "ba@dan.test"))


def test_that_the_matter_is_over_is_told_to_whoever_owes_an_answer(house: World) -> None:
    assert asker_says(house, "Được rồi, coi như việc này xong nhé") == PASSED_ON


def test_a_name_below_thanks_that_was_missing_is_kept(house: World) -> None:
    asked = "Bao giờ đoạn đường Trường Chinh trước cổng chợ được sửa? Đề nghị Sở Xây dựng trả lời."
    number = len(house.house.questions)
    house.ask(asked, "cu@dan.test", message_id="<3@dan.test>")
    assert "name" in house.house.questions[number]["missing"]
    house.answers("citizen_received", "cu@dan.test", "Cảm ơn Ban.\nNguyễn Văn Cừ")
    assert house.house.questions[number]["asker_name"] == "Nguyễn Văn Cừ"


def test_a_picture_beside_thanks_reaches_the_unit(house: World) -> None:
    assert asker_says(house, "Cảm ơn Ban", files=PHOTO) == PASSED_ON


def test_who_says_who_he_is_and_asks_for_the_state_asks_nothing_new(house: World) -> None:
    """A foreigner's first words sound like no word of his question, and were registered as another."""
    text = "Chào Ban, tôi tên Lee Ji Hoon, người Hàn Quốc, làm ở khu Nomura. Câu hỏi của tôi bây giờ ở đâu vậy?"
    assert ("citizen_status", CITIZEN) in asker_says(house, text)
    assert len(house.house.questions) == 2


def test_thanks_with_a_but_are_read_by_a_person(house: World) -> None:
    answered(house)
    assert ("officer_review", OFFICER) in asker_says(
        house, "Cảm ơn, nhưng trả lời thế này thì ai hiểu.", "citizen_answered"
    )


@pytest.mark.parametrize(
    "more",
    [
        "Hôm qua xe tải lại sa hố trước số 12, gãy trục.",
        "Chúc Ban mạnh khỏe. Hôm qua xe tải lại sa hố, gãy trục.",
        "Chúc mừng Ban đã cho lấp hố trước số 12, nhưng xe vẫn gãy trục.",
    ],
)
def test_who_asks_how_it_stands_and_adds_something_gets_both(house: World, more: str) -> None:
    text = f"{more} Câu hỏi của tôi đến đâu rồi?"
    assert set(asker_says(house, text)) == {("citizen_status", CITIZEN), ("unit_followup", UNIT)}
    assert "gãy trục" in text_of(house.last("unit_followup", UNIT))


def test_a_question_that_calls_itself_new_becomes_one(house: World) -> None:
    led_to = asker_says(house, f"Ngoài câu đã gửi Sở, tôi hỏi thêm một câu mới, việc hoàn toàn khác: {ELDERS}")
    assert ("citizen_received", CITIZEN) in led_to
    assert ("unit_followup", UNIT) not in led_to
    assert ("unit_forward", UNIT) not in led_to
    old, new = house.house.questions[0], house.house.questions[-1]
    assert (new["asker_name"], new["asker_address"]) == (old["asker_name"], old["asker_address"])
    assert not new["missing"]
    assert old["code"] not in str(new["subject"])


def test_what_it_adds_to_the_old_question_reaches_the_old_unit_alone(house: World) -> None:
    led_to = asker_says(house, f"Tôi bổ sung: ổ gà to nhất ở trước số 7. Nay tôi hỏi thêm một câu mới: {ELDERS}")
    assert ("citizen_received", CITIZEN) in led_to
    told = text_of(house.last("unit_followup", UNIT))
    assert "trước số 7" in told
    assert "lương hưu" not in told


def test_what_only_passes_over_to_another_matter_is_seen_by_an_officer(house: World) -> None:
    led_to = asker_says(house, "Nhân tiện cho em hỏi luôn, con em 6 tuổi mất giấy khai sinh thì xin lại ở đâu ạ?")
    assert ("officer_review", OFFICER) in led_to
    assert ("unit_followup", UNIT) not in led_to
    assert house.house.questions[-1]["status"] == "needs_review"


def test_what_passes_over_within_the_matter_reaches_the_unit(house: World) -> None:
    text = "Nhân tiện cho hỏi ổ gà trên đường Trường Chinh ấy thì ai làm ra?"
    assert asker_says(house, text) == PASSED_ON
    assert len(house.house.questions) == 2


@pytest.mark.parametrize(
    "begin", ["Cảm ơn Ban, tôi chờ.", "Nhân tiện cho tôi hỏi việc khác.", "Trả lời thư của Ban:"]
)
def test_a_denunciation_in_the_thread_stays_sealed(house: World, begin: str) -> None:
    text = f"{begin} Tôi xin tố cáo ông Nguyễn Văn B, Phó Giám đốc Sở Xây dựng, nhận hối lộ 50 triệu đồng."
    assert asker_says(house, text) == [("officer_denunciation", OFFICER)]
    assert "hối lộ" not in "".join(text_of(one["bytes"]) for one in house.house.sent)


def test_a_complaint_about_the_answer_before_a_new_question_is_not_lost(house: World) -> None:
    answered(house)
    text = f"Trả lời chung chung quá, tôi không đồng ý. Tôi hỏi thêm một việc khác: {ELDERS}"
    assert ("officer_review", OFFICER) in asker_says(house, text, "citizen_answered")
    assert len(house.house.questions) == 2


OTHER_UNITS = [
    "Sở Y tế cho biết bệnh viện Việt Tiệp khám ngoài giờ không?",
    "Tôi hỏi thêm, nước máy nhà tôi đục, công ty cấp nước bao giờ xử lý?",
]


@pytest.mark.parametrize("text", OTHER_UNITS)
def test_another_unit_s_matter_in_the_thread_is_put_before_an_officer(house: World, text: str) -> None:
    assert asker_says(house, text) == [("citizen_held", CITIZEN), ("officer_review", OFFICER)]
    shown = text_of(house.last("officer_review", OFFICER))
    assert "Là câu hỏi mới: ghi “Đăng ký”" in shown
    assert "“HP-2026-000001 chuyển ý kiến cho đơn vị”" in shown
    assert "hỏi thêm, có vẻ về việc khác" in shown
    assert ("Sở Y tế (SYT)" in shown) == ("Sở Y tế" in text)
    assert text not in house.house.questions[0]["content"]


def test_what_is_asked_more_of_another_unit_in_the_ward_where_one_lives_gets_a_number(house: World) -> None:
    more = "bệnh viện Kiến An có khám ngoài giờ hành chính không, giá bao nhiêu?"
    led_to = asker_says(house, f"Cảm ơn Ban Biên tập. Tôi hỏi thêm: {more}")
    assert led_to == [("citizen_received", CITIZEN), ("officer_review", OFFICER)]


def test_the_officer_makes_it_a_question_with_the_asker_s_data(house: World) -> None:
    asker_says(house, OTHER_UNITS[0])
    before = house.last_sent()
    order(house, "Chuyển SYT")
    new = house.house.questions[-1]
    assert (new["asker_name"], new["missing"], new["subject"]) == ("Nguyễn Văn An", "", "")
    led_to = {(str(row["name"]), str(row["recipient"])) for row in house.house.sent_with(after=before)}
    assert {("unit_forward", unit_address("SYT")), ("citizen_received", CITIZEN)} <= led_to
    assert ("unit_followup", UNIT) not in led_to


def test_what_is_said_of_an_answered_question_beside_a_new_one_waits_for_no_review(house: World) -> None:
    house.reply(UNIT, "Mặt đường sẽ được sửa xong trước ngày 30/11/2026, kinh phí 900 triệu đồng.", "HP-2026-000001")
    house.let_pass(minutes=40)
    old, new = "Đường vẫn chưa sửa như Sở hứa.", "Tôi muốn hỏi việc khác: bệnh viện Kiến An có khám ngoài giờ không?"
    asker_says(house, f"{old} {new}", "citizen_answered")
    told = said(house.last("officer_alert", OFFICER))
    assert "Người hỏi viết thêm về câu hỏi HP-2026-000001 (đã trả lời)" in told
    assert "“HP-2026-000001 mở lại”" in told
    assert "HP-2026-000001 chuyển" not in told


def test_or_passes_it_on_to_the_unit_of_the_old_question(house: World) -> None:
    asker_says(house, OTHER_UNITS[0])
    before = house.last_sent()
    assert "Đã ghi thêm vào câu hỏi HP-2026-000001 và chuyển đến Sở Xây dựng" in order(
        house, "HP-2026-000001 chuyển ý kiến cho đơn vị"
    )
    led_to = [(str(row["name"]), str(row["recipient"])) for row in house.house.sent_with(after=before)]
    assert {("unit_followup", UNIT), ("citizen_completed", CITIZEN)} <= set(led_to)
    assert "bệnh viện Việt Tiệp" in house.house.questions[0]["content"]
    assert [row["status"] for row in house.house.mails] == ["done", "held", "done", "done"], "the second is another's"


def test_the_morning_mail_names_both_acts_and_takes_them(house: World) -> None:
    asker_says(house, OTHER_UNITS[0])
    house.house.clock.forward(days=1)
    house.overviews()
    shown = said(house.last("officer_digest", OFFICER))
    assert "Là câu hỏi mới, Chuyển ý kiến cho đơn vị đang có câu hỏi, Chỉ ghi nhận, không chuyển" in shown
    house.due()
    assert "“HP-2026-000001 chuyển ý kiến cho đơn vị”" in said(house.last("officer_alert", OFFICER))
    assert "chuyển đến Sở Xây dựng" in order(house, "HP-2026-000001 chuyển ý kiến cho đơn vị", "officer_digest")


FLATS = "Tôi đã gửi câu hỏi HP-2026-000001 về đường Trường Chinh. Nay tôi hỏi Sở Xây dựng việc khác: {}"
MOVED = "chung cư A7 Vạn Mỹ bao giờ di dời?\n\nNguyễn Văn An\nSố 5 đường Trường Chinh, phường Kiến An"


@pytest.mark.parametrize("text", [FLATS.format(MOVED), f"Về câu HP-2026-000001: nay tôi hỏi việc khác, {MOVED}"])
def test_a_new_mail_that_names_the_old_number_and_asks_something_else_gets_its_own(house: World, text: str) -> None:
    names = house.names_after(vouched(letter(CITIZEN, text, subject="Hỏi chung cư", message_id="<9@dan.test>")))
    assert {"citizen_received", "officer_review"} <= set(names)
    new = house.house.questions[-1]
    assert (len(house.house.questions), new["subject"], new["status"]) == (3, "Hỏi chung cư", "needs_review")
    assert "chung cư" not in house.house.questions[0]["content"]


@pytest.mark.parametrize(
    "text",
    [
        "Hàng xóm tôi đã hỏi ở câu HP-2026-000001 về đường. Còn tôi hỏi Sở Xây dựng: chung cư A7 bao giờ di dời?",
        "Hàng xóm tôi hỏi ở câu HP-2026-000001 mà chưa được trả lời. Còn tôi hỏi: chung cư A7 Vạn Mỹ bao giờ di dời?",
    ],
)
def test_who_names_the_number_of_somebody_else_s_question_is_heard(house: World, text: str) -> None:
    raw = letter("du@dan.test", f"{text}\n\nTrần Thị Bê\nSố 2 Lê Lợi, phường Gia Viên", message_id="<9@dan.test>")
    before = house.state()
    assert set(house.names_after(vouched(raw))) == {"citizen_held", "officer_review"}
    shown = said(house.last("officer_review", OFFICER))
    assert "nêu câu hỏi HP-2026-000001 nhưng không gửi từ địa chỉ của người hỏi câu ấy" in shown
    assert "không khớp" not in shown
    assert "HP-2026" not in text_of(house.last("citizen_held", "du@dan.test"))
    assert house.state()["question"] == before["question"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Câu hỏi HP-2025-000777 của tôi đến đâu rồi?", "không có trong sổ"),
        ("Tôi xin rút câu hỏi HP-2025-000777.", "không có trong sổ"),
        ("Về câu hỏi HP-2025-000777 năm ngoái: nước vẫn yếu, đề nghị Ban xem lại và trả lời.", "không có trong sổ"),
        ("Tôi xin rút câu hỏi HP-2026-000001.", "viết từ hộp thư đã gửi câu hỏi"),
    ],
)
def test_who_names_a_number_that_is_not_his_hears_what_to_do(house: World, text: str, told: str) -> None:
    raw = letter("du@dan.test", text, message_id="<9@dan.test>")
    assert set(house.names_after(vouched(raw))) == {"citizen_held", "officer_review"}
    (ready,) = [one for one in house.house.mails[-1]["acts"] if one["label"] == "Trả lời người viết"]
    house.answers("officer_review", OFFICER, ready["text"])
    assert told in said(house.last("citizen_told", "du@dan.test"))
    assert house.house.mails[-2]["status"] == "done"
    assert len(house.house.questions) == 2


def test_who_may_not_be_who_he_says_hears_nothing_of_a_number(house: World) -> None:
    raw = letter("du@dan.test", "Câu hỏi HP-2025-000777 của tôi đến đâu rồi?", message_id="<9@dan.test>")
    assert house.names_after(raw) == ["officer_review"]


@pytest.mark.parametrize("text", ["Tôi xin lỗi, số thửa đúng là 52, không phải 25.", "số biên nhận đúng là 1234 nhé"])
def test_a_number_of_the_matter_goes_to_the_unit_and_is_nobodys_home(house: World, text: str) -> None:
    row = house.ask("Kính gửi Ban Biên tập. Sổ đỏ thửa 25 nhà tôi nộp tháng 3, bao giờ có kết quả?\n\nTrần Văn Hai")
    assert "address" in row["missing"]
    raw = vouched(answer_to(house.last("citizen_received", row["asker_email"]), row["asker_email"], text))
    assert "unit_followup" in house.names_after(raw)
    assert house.of_question(str(row["code"]))[0]["asker_address"] == ""
