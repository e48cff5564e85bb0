"""What an asker replies that is for the office and for no department: his identity paper, a wish, a hard word.

An officer sees it with the acts that fit, and its writer hears that it came.
"""

import pytest

from db.core.tables import duty
from tests.contract.test_profile_options import announced
from tests.dose import each_third
from tests.installation import OFFICER, SXD, answer_to, letter, unit_address
from tests.world import CITIZEN, LETTER, NEIGHBOUR, World, asker_says, order, said, vouched

CODE = "HP-2026-000001"
CARD, NUMBER = (("cccd-mat-truoc.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 the" * 50),), "031085001234"
PHOTO = ("IMG_2041.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 anh" * 50)
NO_ADDRESS = LETTER.replace("Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\n", "")


@pytest.fixture
def house(house: World) -> World:
    """Question 1, without an address, lies with the unit; question 2 is a bystander's."""
    other = LETTER.replace("Văn An", "Thị Ba")
    house.begin("two", lambda: (house.ask(NO_ADDRESS, message_id="<1@dan.test>"), house.ask(other, NEIGHBOUR)))
    return house


def to_unit(house: World, after: int) -> list[bytes]:
    return [bytes(row["bytes"]) for row in house.house.sent_with(recipient=SXD, after=after)]


@each_third(
    ("text", "files"),
    [
        ("Đây là căn cước của tôi", CARD),
        ("Tôi gửi ảnh căn cước ạ", (PHOTO,)),
        ("", CARD),
        (f"Số CCCD của tôi: {NUMBER}", ()),
        (NUMBER, ()),
        ("gui ban anh cmnd", (PHOTO,)),
    ],
)
def test_an_identity_paper_goes_to_an_officer_and_to_no_unit(house: World, text: str, files: object) -> None:
    before, content = house.last_sent(), house.house.questions[0]["content"]
    assert asker_says(house, text, files=files) == [("citizen_held", CITIZEN), ("officer_review", OFFICER)]
    assert to_unit(house, before) == []
    review = house.last("officer_review", OFFICER)
    assert f"gửi giấy tờ cá nhân cho câu {CODE}" in said(review)
    assert f"“{CODE} sửa địa chỉ:" in said(review)
    assert (b"image/jpeg" in review) == bool(files)
    assert house.house.questions[0]["content"] == content
    assert "số 5 Trường Chinh" in order(house, f"{CODE} sửa địa chỉ: số 5 Trường Chinh, phường Kiến An")
    assert house.house.questions[1]["asker_address"] != house.house.questions[0]["asker_address"]


@pytest.mark.parametrize(
    "text",
    [
        "Đây là ảnh sổ hộ khẩu với giấy khai sinh của con tôi",
        "Gửi kèm giấy khai sinh của cháu và sổ hộ khẩu gia đình tôi.",
        "Em gửi ảnh giấy đăng ký kết hôn ạ",
    ],
)
def test_family_papers_wait_for_an_officer_too(house: World, text: str) -> None:
    before = house.last_sent()
    assert asker_says(house, text, files=(PHOTO,)) == [("citizen_held", CITIZEN), ("officer_review", OFFICER)]
    assert to_unit(house, before) == []
    order(house, f"{CODE} chuyển ý kiến cho đơn vị")
    assert b"IMG_2041.jpg" in house.last("unit_followup", SXD)


def test_family_papers_that_are_the_matter_reach_the_unit(house: World) -> None:
    asked = "Tôi xin cấp lại giấy khai sinh cho con, Sở Tư pháp cho hỏi nộp hồ sơ ở đâu, bao nhiêu ngày thì xong?"
    row = house.ask(LETTER.replace(LETTER.split("\n\n")[0], asked), "chi@dan.test", message_id="<3@dan.test>")
    assert row["status"] == "forwarded"
    asker_says(house, "Đây là ảnh giấy khai sinh cũ", who="chi@dan.test", files=(PHOTO,))
    assert b"IMG_2041.jpg" in house.last("unit_followup")


def test_an_officer_may_let_it_go_to_the_unit_after_all(house: World) -> None:
    asker_says(house, "Đây là căn cước của tôi", files=CARD)
    order(house, f"{CODE} chuyển ý kiến cho đơn vị")
    assert b"cccd-mat-truoc.jpg" in house.last("unit_followup", SXD)


LONG = (
    f"Tôi bổ sung: hố nằm ngay trước cổng trường tiểu học, sâu nửa mét, hôm qua hai xe máy ngã. Tôi xin gửi ảnh hiện "
    f"trường và ảnh căn cước theo yêu cầu, số CCCD {NUMBER}, mong Sở Xây dựng sớm cho người ra xem và vá lại."
)


def test_what_is_said_beside_goes_on_without_number_and_picture(house: World) -> None:
    files = (*CARD, ("hien-truong.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 ho" * 50))
    assert ("officer_alert", OFFICER) in asker_says(house, LONG, files=files)
    passed = house.last("unit_followup", SXD)
    assert "hố nằm ngay trước cổng trường" in said(passed)
    assert b"hien-truong.jpg" in passed
    assert b"cccd-mat-truoc.jpg" not in passed
    for text in (said(passed), str(house.house.questions[0]["content"])):
        assert NUMBER not in text
    alert = said(house.last("officer_alert", OFFICER))
    assert "1 tệp chưa chuyển đơn vị" in alert
    assert "hien-truong" not in alert
    order(house, f"Cho chuyển tệp của thư số {house.house.mails[-1]['id']}", "officer_alert")
    assert b"cccd-mat-truoc.jpg" in house.last("unit_followup", SXD)


def test_papers_that_are_the_matter_reach_the_unit(house: World) -> None:
    asked = "Công an thành phố cho hỏi: tôi làm thẻ căn cước từ tháng 6 mà chưa có, bao giờ được nhận thẻ căn cước?"
    row = house.ask(LETTER.replace(LETTER.split("\n\n")[0], asked), "chi@dan.test", message_id="<3@dan.test>")
    assert row["status"] == "forwarded"
    asker_says(house, f"Số căn cước cũ của tôi là {NUMBER}, xin tra giúp", who="chi@dan.test")
    assert NUMBER in said(house.last("unit_followup", unit_address("CATP")))


def test_missing_data_beside_the_paper_complete_the_question(house: World) -> None:
    text = f"Địa chỉ: số 5 đường Trường Chinh, phường Kiến An. CCCD {NUMBER}"
    before = house.last_sent()
    assert [name for name, _ in asker_says(house, text, files=CARD)] == ["citizen_completed"]
    assert to_unit(house, before) == []


def test_a_picture_without_a_word_brings_the_unit_none_of_our_own(house: World) -> None:
    house.ask(sender="chi@dan.test", text=LETTER.replace("Văn An", "Thị Chi"), message_id="<3@dan.test>")
    led_to = asker_says(house, "", who="chi@dan.test", files=(PHOTO,))
    assert led_to == [("unit_followup", SXD), ("citizen_completed", "chi@dan.test")]
    passed = house.last("unit_followup", SXD)
    assert b"IMG_2041.jpg" in passed
    assert "Đã tiếp nhận" not in said(passed)
    assert "Nội dung bổ sung" not in said(passed)
    assert str(house.house.questions[2]["content"]).endswith("(chỉ có tệp kèm theo)")


@pytest.fixture
def late_house(house: World) -> World:
    """Three weeks later: the unit has answered nothing, and both askers were told so."""
    house.begin("late", lambda: _weeks(house))
    return house


def _weeks(house: World) -> None:
    for _ in range(21):
        house.let_pass(days=1)


@pytest.mark.parametrize(
    ("text", "read_by"),
    [
        ("quá hạn 5 ngày rồi mà chưa thấy trả lời", "officer_alert"),
        ("Chờ mãi không thấy trả lời, chậm trễ quá, dân khổ lắm rồi", "officer_alert"),
        ("Làm ăn kiểu gì thế? Hứa rồi lại hứa. Tôi sẽ đưa lên báo, cho biết tên người phụ trách!", "officer_review"),
        ("Đề nghị chuyển lên Chủ tịch thành phố.", "officer_review"),
        ("Lần nào cũng hẹn, tôi không tin nữa.", "officer_review"),
        ("Tôi đồng ý chờ đến ngày 27", ""),
    ],
)
def test_anger_at_the_delay_is_no_supplement(late_house: World, text: str, read_by: str) -> None:
    house, content = late_house, late_house.house.questions[0]["content"]
    expected = [("citizen_status", CITIZEN), *([(read_by, OFFICER)] if read_by else [])]
    assert asker_says(house, text, "citizen_late") == expected
    assert house.house.questions[0]["content"] == content
    if read_by == "officer_review":
        review = said(house.last("officer_review", OFFICER))
        assert f"“{CODE} nhắc đơn vị”" in review
        assert f"“{CODE} chuyển ý kiến cho đơn vị”" in review
        order(house, f"{CODE} nhắc đơn vị")
        assert any(name == "unit_overdue" for name in house.names(SXD))


@pytest.mark.parametrize(
    "text",
    [
        "Hơn một tuần rồi chẳng thấy ai trả lời, làm ăn như cái chợ, phải lên báo các ông mới chịu làm à?",
        "Đợi dài cổ, chả ai ngó ngàng, làm việc thế mà cũng lĩnh lương à",
        "Vô trách nhiệm hết chỗ nói, cả tuần không một chữ trả lời.",
    ],
)
def test_anger_before_the_due_day_is_no_supplement_either(house: World, text: str) -> None:
    for _ in range(8):
        house.let_pass(days=1)
    content = house.house.questions[0]["content"]
    assert asker_says(house, text) == [("citizen_status", CITIZEN), ("officer_review", OFFICER)]
    assert house.house.questions[0]["content"] == content
    review = said(house.last("officer_review", OFFICER))
    assert "chưa quá hạn" in review
    assert f"“{CODE} nhắc đơn vị”" in review
    assert f"“{CODE} chuyển ý kiến cho đơn vị”" in review


@pytest.mark.parametrize(
    "text",
    [
        "Sáng nay lại có xe sa xuống, các anh đợi chết người mới làm à?",
        "Hôm qua có người ngã gãy tay ở đó, sao chưa ai ra sửa?",
    ],
)
def test_what_happened_meanwhile_goes_to_the_unit_as_before(house: World, text: str) -> None:
    assert ("unit_followup", SXD) in asker_says(house, text)
    assert ("officer_review", OFFICER) not in asker_says(house, text)


@pytest.mark.parametrize("text", ["Hôm qua có người ngã gãy tay ở đó.", "Tôi gửi thêm: đoạn trước số 7 cũng hỏng."])
def test_a_supplement_to_a_late_question_says_that_it_is_late(late_house: World, text: str) -> None:
    assert ("unit_followup", SXD) in asker_says(late_house, text, "citizen_late")
    passed = said(late_house.last("unit_followup", SXD))
    assert text in passed
    assert "quá hạn trả lời" in passed
    assert "không thay đổi" not in passed


@each_third(
    ("text", "wish"),
    [
        ("Xin gửi cho tôi văn bản giấy có dấu đỏ về nhà theo đường bưu điện nhé", "muốn nhận bản giấy"),
        ("toi muon nhan ban giay a", "muốn nhận bản giấy"),
        ("Chữ bé quá, già rồi không đọc được, gửi lại cỡ chữ to giúp tôi", "muốn nhận thư chữ to, dễ đọc"),
        ("Gọi điện cho tôi, tôi già rồi không biết dùng máy, con nó mở cho xem", "muốn được gọi điện"),
        ("Xin gọi vào máy của tôi buổi tối nhé, ban ngày tôi không nghe máy được", "muốn được gọi điện"),
        ("Nhờ quý Ban trả lời bằng giấy gửi về nhà, tôi lớn tuổi không quen xem thư điện tử", "muốn nhận bản giấy"),
        ("Cho tôi nhận kết quả bằng giấy nhé", "muốn nhận bản giấy"),
        ("Cho tôi xin số điện thoại của Sở để tôi gọi hỏi", "hỏi số điện thoại, người phụ trách"),
        ("cho tôi xin số điện thoại Sở Xây dựng để tôi gọi", "hỏi số điện thoại, người phụ trách"),
        ("Đề nghị gửi thêm cho em trai tôi ở địa chỉ em.trai@dan.test", "muốn gửi thêm cho người khác"),
        ("Xin gửi kết quả thêm cho em trai tôi theo địa chỉ em.trai@dan.test", "muốn gửi thêm cho người khác"),
    ],
)
def test_a_wish_to_the_office_goes_to_an_officer(house: World, text: str, wish: str) -> None:
    content = house.house.questions[0]["content"]
    assert asker_says(house, text) == [("citizen_held", CITIZEN), ("officer_review", OFFICER)]
    shown = said(house.last("officer_review", OFFICER))
    assert f"Lời gửi Ban Biên tập về câu {CODE}: {wish}" in shown
    assert f"“{CODE} ghi chú: người hỏi {wish}”" in shown
    assert house.house.questions[0]["content"] == content
    assert house.house.questions[0]["asker_email"] == CITIZEN
    order(house, f"{CODE} ghi chú: người hỏi {wish}")
    assert wish in str(house.house.questions[0]["notes"])


WORDS = "mời bác đến lúc 8 giờ, nhớ mang căn cước"


def test_whoever_asks_to_attend_hears_an_officers_words_once(house: World) -> None:
    asker_says(house, "Tôi muốn đến dự phiên đối thoại và xin phát biểu, đăng ký thế nào?")
    assert "chưa có phiên nào đã đăng thông báo" in said(house.last("officer_review", OFFICER))
    assert "là của người hỏi" in order(house, f"{CODE} là câu trả lời")
    done, before = order(house, f"Chuyển cho người hỏi: {WORDS}"), house.last_sent()
    assert "Đã làm" in done
    told = said(house.last("citizen_told", CITIZEN))
    assert WORDS in told
    assert "chưa phải là câu trả lời" in told
    assert WORDS in str(house.house.questions[0]["notes"])
    assert "đã được xử lý từ trước" in order(house, f"{CODE} chuyển cho người hỏi: {WORDS}.")
    assert not house.house.sent_with(name="citizen_told", after=before)


def test_a_stranger_who_asks_to_attend_hears_an_officers_words(house: World) -> None:
    text = "Tôi là Trần Văn Tám, muốn đến dự phiên đối thoại tháng 11, xin hỏi đăng ký thế nào?"
    raw = letter("tam@dan.test", text, subject="Xin dự phiên đối thoại", message_id="<8@dan.test>")
    assert sorted(house.names_after(vouched(raw))) == ["citizen_held", "officer_review"]
    assert "thư không vào sổ" in order(house, f"Chuyển cho người hỏi: {WORDS}")
    assert WORDS in said(house.last("citizen_told", "tam@dan.test"))
    assert house.house.mails[-2]["fate"] == "ignore"


def test_a_mailbox_that_others_read_gets_neither_receipt_nor_words(house: World) -> None:
    text = "Tôi muốn đến dự phiên đối thoại, đăng ký thế nào? Xin đừng trả lời vào hộp thư này vì chồng tôi đọc được."
    before = house.last_sent()
    assert house.names_after(vouched(letter("bi@dan.test", text, message_id="<9@dan.test>"))) == ["officer_review"]
    assert "không trả lời vào hộp thư" in said(house.last("officer_review", OFFICER))
    assert "đề nghị không trả lời" in order(house, f"Chuyển cho người hỏi: {WORDS}")
    assert "bi@dan.test" not in {one["recipient"] for one in house.house.sent_with(after=before)}


def test_who_withdraws_is_decided_on_first(house: World) -> None:
    asker_says(house, "Tôi xin rút câu hỏi, không cần trả lời nữa.")
    assert "đang chờ quyết định" in order(house, f"{CODE} chuyển cho người hỏi: {WORDS}")


@pytest.mark.parametrize(
    "text",
    [
        "Hố sâu đến nỗi xe bưu điện đi đưa báo giấy cũng ngã, mặt đường nứt toác.",
        "Tôi gửi thêm cho anh chị xem: ổ gà trước số 7 còn sâu hơn.",
        "Tôi đã gọi số điện thoại của Sở mà không ai nghe, mặt đường vẫn hỏng.",
        "Tôi gọi vào số của Sở, họ bảo chờ kinh phí.",
        "Hôm nay chúng lại gọi cho tôi bằng số khác, xưng là cán bộ Sở.",
        "Có người ở Sở gọi lại cho tôi nói thứ Hai sẽ sửa nhưng không thấy.",
        "Tôi gọi điện lên phường, người ta nói qua điện thoại là đã báo lên Sở.",
    ],
)
def test_what_tells_of_the_matter_still_reaches_the_unit(house: World, text: str) -> None:
    assert ("unit_followup", SXD) in asker_says(house, text)


@pytest.mark.parametrize(
    "text",
    [
        "Trả lời như không! Bao che cho nhau cả lũ, cán bộ phường ăn tiền của nhà thầu nên đường mới nhanh hỏng.",
        "Cán bộ Sở nhận hối lộ của nhà thầu nên mới trả lời cho qua chuyện như thế này!",
    ],
)
def test_who_gets_sealed_for_a_hard_word_hears_that_it_came(house: World, text: str) -> None:
    house.reply(SXD, "Mặt đường sẽ được sửa xong trước ngày 30/11/2026, kinh phí 900 triệu đồng.", CODE)
    house.let_pass(minutes=40)
    led_to = asker_says(house, text, "citizen_answered")
    assert ("citizen_held", CITIZEN) in led_to
    assert {name for name, _ in led_to} == {"officer_denunciation", "citizen_held"}
    told = said(house.last("citizen_held", CITIZEN))
    assert "Cán bộ đang xem thư" in told
    assert "tố cáo" not in told
    assert "nhà thầu" not in told


def test_who_denounces_in_a_letter_of_its_own_gets_no_mail(house: World) -> None:
    text = "ĐƠN TỐ CÁO\n\nTôi tố cáo ông Trần Văn Tư, cán bộ Sở, nhận hối lộ của nhà thầu 200 triệu đồng."
    names = house.names_after(vouched(letter("tu@dan.test", text, subject="Đơn tố cáo", message_id="<7@dan.test>")))
    assert names == ["officer_denunciation"]


LIGHTS = "Đèn đường phố Cầu Đất tắt cả tháng nay, bao giờ Sở Xây dựng sửa đèn?"


def corrects(house: World, text: str, message_id: str) -> list[str]:
    return house.names_after(vouched(letter(CITIZEN, text, subject="Đính chính", message_id=message_id)))


@pytest.mark.parametrize(
    "text",
    [
        "Xin lỗi, tôi viết nhầm, nhà tôi ở số 54 đường Trường Chinh chứ không phải số 5 nhé.",
        "Thư trước ghi nhầm số nhà, đúng là số 54 Trường Chinh",
        "Tôi xin đính chính: ổ gà ở trước số 54 đường Trường Chinh.",
    ],
)
def test_a_correction_in_a_new_mail_is_no_new_question(house: World, text: str) -> None:
    house.ask(LETTER.replace(LETTER.split("\n\n")[0], LIGHTS), message_id="<3@dan.test>")
    assert sorted(corrects(house, text, "<8@dan.test>")) == ["citizen_held", "officer_review"]
    assert len(house.house.questions) == 3
    review = said(house.last("officer_review", OFFICER))
    first, second = (f"“{code} chuyển ý kiến cho đơn vị”" for code in (CODE, "HP-2026-000003"))
    assert first in review
    assert second in review
    assert "“Đăng ký”" in review
    assert "HP-2026-000002" not in review, "a bystander's"
    assert all(row["status"] == "forwarded" for row in house.house.questions)
    order(house, f"{CODE} chuyển ý kiến cho đơn vị")
    assert "54" in said(house.last("unit_followup", SXD))
    assert "54" in house.house.questions[0]["content"]
    assert house.house.mails[-2]["status"] == "done"


@pytest.mark.parametrize(
    "text",
    [
        "Sổ hộ khẩu của tôi ghi sai ngày sinh, tôi phải đến đâu để sửa? Đề nghị Công an thành phố trả lời.",
        "Biển tên phố Lê Lợi viết nhầm thành Lê Lai, bao giờ Sở Xây dựng sửa biển?",
    ],
)
def test_what_others_wrote_wrongly_is_a_question(house: World, text: str) -> None:
    corrects(house, LETTER.replace(LETTER.split("\n\n")[0], text), "<8@dan.test>")
    assert len(house.house.questions) == 3


def test_who_has_asked_nothing_corrects_nothing(house: World) -> None:
    raw = vouched(letter("moi@dan.test", "Tôi viết nhầm, số nhà tôi là 54.", message_id="<8@dan.test>"))
    house.names_after(raw)
    assert not any("đính chính" in str(row["reason"]) for row in house.house.mails)


PARTS = [
    ("Vỉa hè phố Cát Cụt (1/2)", "Vỉa hè phố Cát Cụt (2/2)", "Vậy bao giờ Sở Y tế và các nơi khác về xem?"),
    ("Vỉa hè phố Cát Cụt", "Hỏi", "(Phần 2, tiếp theo) Tấm nắp thứ ba cũng gãy rồi, bao giờ có người sửa?"),
    ("Vỉa hè (thư 1)", "Vỉa hè (thư 2)", "Có cháu bé bị ngã gãy tay phải vào bệnh viện, ai chịu trách nhiệm?"),
    ("Vỉa hè", "Vỉa hè - phần 2", "Nắp cống cạnh đó cũng vỡ, bao giờ có người sửa?"),
    ("Vỉa hè", "Gửi Ban", "Đây là thư thứ hai của tôi: nắp cống cạnh đó cũng vỡ, bao giờ sửa?"),
    ("Vỉa hè", "Gửi Ban", "Tôi viết tiếp thư lúc nãy: nắp cống cạnh đó cũng vỡ, bao giờ sửa?"),
]
FIRST_PART = "Phần 1: vỉa hè trước số 12 phố Cát Cụt sụt một hố sâu, nắp cống gãy. (còn tiếp ở thư sau)"
WHO = "\n\nBùi Thị Sáu\nSố 12 phố Cát Cụt, phường Lê Chân\n0912 000 666"


@pytest.mark.parametrize(("first", "second", "text"), PARTS)
def test_a_letter_s_second_part_is_held_with_its_order(house: World, first: str, second: str, text: str) -> None:
    code = str(house.ask(FIRST_PART, "sau@dan.test", subject=first, message_id="<21@dan.test>")["code"])
    house.house.clock.forward(minutes=4)
    led_to = house.names_after(
        vouched(letter("sau@dan.test", f"{text}{WHO}", subject=second, message_id="<22@dan.test>"))
    )
    assert sorted(led_to) == ["citizen_completed", "citizen_held", "officer_review"]
    assert len(house.house.questions) == 3, "no new one"
    assert (house.question["asker_name"], house.question["missing"]) == ("Bùi Thị Sáu", "")
    review = said(house.last("officer_review", OFFICER))
    assert f"Ghép vào câu {code}: ghi “{code} chuyển ý kiến cho đơn vị”" in review
    assert "Là câu hỏi mới: ghi “Đăng ký”" in review
    assert CODE not in review, "a bystander's"
    order(house, f"{code} chuyển ý kiến cho đơn vị")
    assert text in house.question["content"]
    assert [row["content"].count(text) for row in house.house.questions] == [0, 0, 1]
    assert house.names("sau@dan.test").count("citizen_completed") == 2, "of the data, then that the unit has the rest"


def test_who_hears_that_it_went_to_a_unit_reads_the_units_whole_name(house: World) -> None:
    code = str(house.ask(FIRST_PART, "sau@dan.test", subject="Vỉa hè (1/2)", message_id="<21@dan.test>")["code"])
    house.overviews()
    order(house, f"{code} chuyển SVHTTDL", "officer_digest")
    house.arrive(vouched(letter("sau@dan.test", "Nắp cống vỡ.", subject="Vỉa hè (2/2)", message_id="<22@dan.test>")))
    order(house, f"{code} chuyển ý kiến cho đơn vị")
    assert "Sở Văn hóa, Thể thao và Du lịch" in said(house.last("citizen_completed", "sau@dan.test"))


def test_a_plain_letter_written_in_entities_of_html_is_read(house: World) -> None:
    text = LETTER.replace(LETTER.split("\n\n")[0], LIGHTS)
    house.ask(text.encode("ascii", "xmlcharrefreplace").decode(), "sau@dan.test", message_id="<21@dan.test>")
    assert house.question["status"] == "forwarded"
    assert LIGHTS in house.question["content"]
    assert LIGHTS in said(house.last("unit_forward", SXD))


PIECES = [
    ("nước máy yếu lắm, cả tháng nay rồi", ""),
    ("bao giờ công ty cấp nước sửa cho dân", ""),
    ("Sở Xây dựng bao giờ làm?", "(không có chủ đề)"),
    ("chỗ ngã ba đầu ngõ ấy, mưa là ngập", "Vỉa hè"),
]
STILL = [
    ("Hôm nay đèn đường vẫn tắt. Bùi Thị Sáu", "Đèn đường", True),
    ("Đèn vẫn tắt, tối qua có người ngã xe. Các anh có đọc thư không?", "Đèn đường", True),
    (
        "Tôi gửi lại thư hôm trước vì không thấy ai làm gì. Đèn số 15 Trần Phú tắt 2 tuần rồi.",
        "Đèn đường",
        True,
    ),
    (
        "Hôm nay đèn đường vẫn tắt ở phố Lê Lợi, phường Lê Chân, bao giờ Sở Xây dựng sửa?",
        "Phố Lê Lợi",
        False,
    ),
    ("Trạm y tế phường tôi hết thuốc bảo hiểm, Sở Y tế bao giờ cấp?", "Đèn đường", False),
    ("Hôm nay đèn vẫn tắt, dây điện đứt rơi xuống đường, tóe lửa", "Đèn đường", False),
    ("Vẫn chưa thấy ai đến sửa, dân đi lại khổ lắm.", "Re: Đèn đường", True),
    ("Tối nay vẫn tối om, trẻ con đi học về sợ lắm. Sở có cử ai xuống chưa?", "Đèn đường", True),
    ("Đèn số 15 Trần Phú vẫn tắt. Bùi Thị Sáu, phường Lê Chân", "Đèn đường", True),
    ("Lương hưu tháng này vẫn chưa có, bảo hiểm xã hội bao giờ trả cho tôi?", "Đèn đường", False),
    ("Trạm y tế phường vẫn hết thuốc bảo hiểm, Sở Y tế bao giờ cấp thuốc?", "Re: Đèn đường", False),
    ("Vỉa hè phố Lê Lợi vẫn bị quán nhậu chiếm hết, Sở Xây dựng bao giờ xử lý?", "Đèn đường", False),
    ("Đèn đường phố Cầu Đất cũng vẫn tắt cả tháng nay.", "Đèn đường", False),
]


@each_third(("text", "subject", "held"), STILL)
def test_who_writes_daily_that_it_is_so_asks_nothing_new(house: World, text: str, subject: str, held: bool) -> None:
    """Each day brought a number of its own, a letter to the same unit and in the end an apology for each."""
    first = "Đèn đường trước nhà tôi, số 15 Trần Phú, tắt từ hôm qua. Bao giờ Sở Xây dựng sửa?"
    code = str(house.ask(first, "sau@dan.test", subject="Đèn đường", message_id="<21@dan.test>")["code"])
    count = len(house.house.questions)
    house.house.clock.forward(days=1)
    led_to = house.names_after(vouched(letter("sau@dan.test", text, subject=subject, message_id="<22@dan.test>")))
    assert (len(house.house.questions) == count) is held
    assert ("unit_forward" not in led_to and "citizen_held" in led_to) or not held
    if held:
        assert f"Ghép vào câu {code}: ghi “{code} chuyển ý kiến" in said(house.last("officer_review", OFFICER))


DATA = ["Nhà tôi ở số 12 phố Cát Cụt, phường Lê Chân", "tên tôi là Bùi Thị Sáu, 0912 000 666"]


@pytest.mark.parametrize(("text", "subject"), PIECES)
def test_a_sentence_of_a_telephone_is_held_with_the_order_that_adds_it(house: World, text: str, subject: str) -> None:
    first = "Vỉa hè trước nhà tôi sụt một hố sâu"
    code = str(house.ask(first, "sau@dan.test", subject="Vỉa hè", message_id="<21@dan.test>")["code"])
    house.house.clock.forward(minutes=2)
    led_to = house.names_after(vouched(letter("sau@dan.test", text, subject=subject, message_id="<22@dan.test>")))
    assert sorted(led_to) == ["citizen_held", "officer_review"]
    assert len(house.house.questions) == 3, "no new one"
    review = said(house.last("officer_review", OFFICER))
    assert f"Ghép vào câu {code}: ghi “{code} chuyển ý kiến cho đơn vị”" in review
    assert "Là câu hỏi mới: ghi “Đăng ký”" in review
    assert CODE not in review, "a bystander's"
    order(house, f"{code} chuyển ý kiến cho đơn vị")
    assert [row["content"].count(text) for row in house.house.questions] == [0, 0, 1]


def test_name_address_and_telephone_sent_after_are_no_questions(house: World) -> None:
    house.ask("Vỉa hè trước nhà tôi sụt một hố sâu", "sau@dan.test", subject="", message_id="<21@dan.test>")
    for number, text in enumerate(DATA, 22):
        house.house.clock.forward(minutes=2)
        raw = letter("sau@dan.test", text, subject="", message_id=f"<{number}@dan.test>")
        assert house.names_after(vouched(raw)) == ["citizen_completed"]
    assert len(house.house.questions) == 3, "no new one"
    row = house.question
    assert (row["asker_name"], row["missing"]) == ("Bùi Thị Sáu", "")
    assert "12 phố Cát Cụt" in row["asker_address"]
    assert house.house.questions[0]["asker_address"] == "", "a bystander's"


@pytest.mark.parametrize(
    ("text", "subject", "minutes"),
    [
        ("Đèn đường phố Cầu Đất tắt cả tháng nay.", "Đèn đường phố Cầu Đất", 2),
        ("Đèn đường phố Cầu Đất tắt cả tháng nay.", "", 40),
        ("Bao giờ Sở Xây dựng sửa đèn đường phố Cầu Đất cho dân?", "", 2),
    ],
)
def test_a_short_letter_of_its_own_is_a_question(house: World, text: str, subject: str, minutes: int) -> None:
    house.ask("Vỉa hè trước nhà tôi sụt một hố sâu", "sau@dan.test", subject="Vỉa hè", message_id="<21@dan.test>")
    house.house.clock.forward(minutes=minutes)
    house.names_after(vouched(letter("sau@dan.test", text, subject=subject, message_id="<22@dan.test>")))
    assert len(house.house.questions) == 4


@pytest.mark.parametrize(
    ("subject", "ending"),
    [("Đèn đường (1/2)", ""), ("Đèn đường", " (còn tiếp ở thư sau)"), ("Đèn đường", " Phần sau tôi gửi tiếp.")],
)
def test_a_letter_s_first_part_waits_for_the_second(house: World, subject: str, ending: str) -> None:
    text = f"Bao giờ Sở Xây dựng sửa đèn đường phố Cầu Đất cho dân đi lại?{ending}"
    code = str(house.ask(f"{text}{WHO}", "sau@dan.test", subject=subject, message_id="<21@dan.test>")["code"])
    assert house.question["status"] == "needs_review"
    assert "còn phần tiếp theo" in said(house.last("officer_review", OFFICER))
    house.house.clock.forward(minutes=4)
    more = vouched(letter("sau@dan.test", f"Cả ngõ 8 tối.{WHO}", subject="Đèn (2/2)", message_id="<22@dan.test>"))
    house.names_after(more)
    assert f"Ghép vào câu {code}" in said(house.last("officer_review", OFFICER))
    order(house, f"{code} chuyển ý kiến cho đơn vị")
    assert "ngõ 8" in house.question["content"]
    order(house, f"{code} chuyển SXD")
    assert house.question["status"] == "forwarded"
    assert "ngõ 8" in said(house.last("unit_forward", SXD))


def test_a_letter_about_works_that_go_on_does_not_wait(house: World) -> None:
    text = f"Bao giờ Sở Xây dựng sửa đèn đường phố Cầu Đất? Đèn tắt mà công trình còn tiếp tục đào.{WHO}"
    house.ask(text, "sau@dan.test", subject="Đèn đường", message_id="<21@dan.test>")
    assert house.question["status"] == "forwarded"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Sáng thứ 2 tuần trước đèn đường phố Cầu Đất tắt, bao giờ Sở Xây dựng sửa đèn?", 4),
        ("Phần 2: đèn đường phố Cầu Đất tắt cả tháng nay, bao giờ Sở Xây dựng sửa đèn?", 180),
        ("Đoạn 2 đường Cầu Đất bị ngập, đèn thì tắt, bao giờ Sở Xây dựng sửa đèn?", 4),
        ("Khu đô thị giai đoạn 2 tối om, bao giờ Sở Xây dựng lắp đèn đường?", 4),
        ("Tôi gửi thư 2 lần về đèn đường phố Cầu Đất, bao giờ Sở Xây dựng sửa đèn?", 4),
    ],
)
def test_another_letter_of_the_same_asker_is_a_question_of_its_own(house: World, text: str, minutes: int) -> None:
    house.ask(FIRST_PART, "sau@dan.test", subject="Vỉa hè", message_id="<21@dan.test>")
    house.house.clock.forward(minutes=minutes)
    house.names_after(vouched(letter("sau@dan.test", f"{text}{WHO}", message_id="<22@dan.test>")))
    assert len(house.house.questions) == 4


@pytest.mark.parametrize(
    "subject",
    [
        "Bắn pháo hoa Quốc khánh (2/9)",
        "Mất điện ngày (3/2)",
        "Hỏi về học phí học kỳ 2 năm học này",
        "Khu đô thị giai đoạn 2 bị chậm",
        "Thi công phần 2 của cầu",
    ],
)
def test_a_number_in_the_matter_makes_no_second_part(house: World, subject: str) -> None:
    house.ask(FIRST_PART, "sau@dan.test", subject="Vỉa hè", message_id="<21@dan.test>")
    house.house.clock.forward(minutes=4)
    text = f"Bao giờ Sở Xây dựng sửa đèn đường phố Cầu Đất cho dân đi lại?{WHO}"
    house.names_after(vouched(letter("sau@dan.test", text, subject=subject, message_id="<22@dan.test>")))
    assert len(house.house.questions) == 4


PRESS = [
    "Tôi là phóng viên báo Biển Đông. Xin được phỏng vấn lãnh đạo Ban Biên tập về kết quả đối thoại quý III, nếu "
    "được thì sáng thứ sáu tuần này. Mong sớm có lịch. Hà My, 0912 000 777",
    "Chào Ban Biên tập, em là Minh, phóng viên đài truyền hình. Ban cho em xin số liệu các câu hỏi bị quá hạn từ đầu "
    "năm, nơi nào chậm nhất? Em cần trước 16h chiều mai để lên bài.",
    "Toa soan bao Bien Dong kinh de nghi Ban Bien tap cung cap thong tin ve viec cham tra loi nguoi dan.",
    "Tôi là phóng viên Báo Đời Sống. Xin phỏng vấn lãnh đạo Ban về số câu hỏi quá hạn của Sở Xây dựng, và cho xin số "
    "liệu quý III. Trần Hạnh, 0912 333 444",
]


@pytest.mark.parametrize("text", PRESS)
def test_a_journalist_s_request_to_the_board_goes_to_its_officers(house: World, text: str) -> None:
    raw = vouched(letter("pv@bao.test", text, subject="Liên hệ công tác", message_id="<31@bao.test>"))
    assert sorted(house.names_after(raw)) == ["citizen_held", "officer_review"]
    assert len(house.house.questions) == 2
    review = said(house.last("officer_review", OFFICER))
    assert "Thư gửi chính Ban Biên tập: yêu cầu của báo chí" in review
    assert "ĐƠN VỊ DỰ ĐOÁN" not in review
    assert "“Không phải câu hỏi”" in review
    order(house, "Đăng ký")
    assert [row["status"] for row in house.house.questions] == ["forwarded", "forwarded", "needs_review"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            "Tôi là Hạnh, phóng viên Báo Đời Sống. Tôi nhận được đơn của 60 hộ dân về trạm trộn bê tông. Xin hỏi Sở "
            "Nông nghiệp và Môi trường đã xử lý thế nào? Mong được phản hồi trước 17h thứ Tư để kịp ra báo.",
            "",
        ),
        (
            "Tôi là Trần Hạnh, phóng viên. Chúng tôi đang thực hiện bài viết về trạm trộn bê tông Minh Phát. Đề nghị "
            "Sở Nông nghiệp và Môi trường cung cấp kết quả kiểm tra trước 17h ngày 07/10.",
            "07/10/2026",
        ),
    ],
)
def test_an_article_with_a_day_of_its_own_is_seen_by_an_officer_first(house: World, text: str, day: str) -> None:
    """It went by itself to the department, which had fifteen days for it."""
    raw = vouched(letter("pv@bao.test", text, subject="Trạm trộn bê tông", message_id="<32@bao.test>"))
    assert sorted(house.names_after(raw)) == ["citizen_held", "officer_review"]
    review = said(house.last("officer_review", OFFICER))
    assert "yêu cầu của báo chí, cần trả lời kịp ra bài" in review
    assert (f"thư nêu ngày {day}" in review) is bool(day)


def test_an_article_without_a_day_is_asked_about_like_anything(house: World) -> None:
    """The officers read that it named a day."""
    text = (
        "Tôi là Trần Hạnh, phóng viên. Tôi đang viết bài về trạm trộn bê tông Minh Phát. Xin hỏi Sở Nông nghiệp và "
        "Môi trường đã kiểm tra bụi của trạm chưa, kết quả thế nào?"
    )
    house.arrive(vouched(letter("pv@bao.test", text, subject="Trạm trộn bê tông", message_id="<32@bao.test>")))
    assert len(house.house.questions) == 3


BODIES = [
    (
        "Công văn số 45/ĐĐBQH-VP ngày 02/10/2026 của Đoàn đại biểu Quốc hội thành phố: chuyển đơn của cử tri "
        "Nguyễn Thị Mơ, số 3 đường Lạch Tray, phản ánh đường Lạch Tray ngập nước kéo dài. Đề nghị Ban xem xét, "
        "trả lời cử tri và báo cáo Đoàn trước ngày 20/10/2026.\nTrưởng đoàn Lê Văn Tám",
        "20/10/2026",
    ),
    (
        "Ủy ban Kiểm tra Thành ủy đề nghị Ban báo cáo về việc trả lời ý kiến người dân 9 tháng đầu năm 2026, gửi "
        "trước ngày 12/10/2026 (Công văn số 88-CV/UBKT).\nNơi nhận: như trên.",
        "12/10/2026",
    ),
    ("TOA AN NHAN DAN KHU VUC 1\nSo: 77/2026/CV-TA\nDe nghi quy Ban cung cap ban sao cau hoi ve ho so dat.", ""),
]


@pytest.mark.parametrize(("text", "day"), BODIES)
def test_another_authority_s_letter_to_the_board_waits_for_an_officer(house: World, text: str, day: str) -> None:
    raw = vouched(letter("vt@cq.test", f"Kính gửi Ban Biên tập,\n{text}", subject="V/v", message_id="<51@cq.test>"))
    assert sorted(house.names_after(raw)) == ["citizen_held", "officer_review"]
    assert len(house.house.questions) == 2
    review = said(house.last("officer_review", OFFICER))
    assert "Thư gửi chính Ban Biên tập: văn bản của cơ quan khác" in review
    assert (f"thư nêu ngày {day}" in review) is bool(day)


@pytest.mark.parametrize(
    "text",
    [
        "Theo Công văn số 12/UBND của Thành ủy, đường Trường Chinh được sửa, đề nghị Ban cung cấp ngày Sở sửa?",
        "Công văn số 9 của Mặt trận Tổ quốc nói đường hỏng; tôi đề nghị Ban báo cáo Sở Xây dựng sửa mặt đường.",
        "Nhà ở số 12/34 Trường Chinh, Mặt trận Tổ quốc phường đã báo cáo, đề nghị Ban nhắc Sở Xây dựng sửa đường.",
        "Công ty An Phát, số 7/CV-AP: đề nghị Ban cho biết bao giờ Sở Xây dựng sửa mặt đường trước cổng?",
        "Phóng viên đã phản ánh hố sụt trước chợ Cát Bi mà chưa ai sửa, xin thông tin bao giờ Sở Xây dựng sửa?",
        "Tôi là phóng viên Báo Đời Sống. Xin phỏng vấn lãnh đạo Sở Xây dựng: bao giờ sửa mặt đường Trường Chinh?",
        "Tôi là phóng viên, xin thông tin: đường Trường Chinh nhiều ổ gà, bao giờ Sở Xây dựng sửa mặt đường?",
        "Trang web của Sở Y tế đăng số điện thoại của tôi, bao giờ Sở Y tế xóa?",
        "Cán bộ xuống công ty gỗ ở số nhà 12 lập biên bản rồi mà khói trên công trường vẫn mù mịt, bao giờ xử lý?",
        "Xe bán hàng đỗ trên cổng trường che số nhà tôi, biển cấm đỗ bị gỡ, bao giờ Sở Xây dựng lắp lại biển báo?",
        "Tra cứu trên cổng thông tin đất đai thành phố thấy địa chỉ thửa đất của tôi bị ghi trùng, đề nghị xóa thửa "
        "trùng giúp.",
        "Trên cổng thông tin quy hoạch, số nhà 54 Lê Lợi bị đưa vào diện xóa bỏ, tôi muốn hỏi vì sao?",
        "Tên tôi trên cổng thông tin của trường ghi sai một chữ, muốn xóa đi viết lại thì hỏi ở đâu?",
        "Câu trả lời đăng trên mục đối thoại nói bãi rác ở địa chỉ 54 Lê Lợi sẽ xóa, sao nay vẫn còn?",
        "Trên trang đối thoại Sở Xây dựng hứa gỡ biển quảng cáo che số nhà tôi, bao giờ Sở gỡ?",
        "Kính gửi Ban Biên tập, trung tâm tiếng Anh cung cấp thông tin cá nhân của tôi cho người lạ, bao giờ xử lý?",
        "Kính gửi Ban Biên tập. Tôi khai thông tin cá nhân ở Sở Y tế, đề nghị Ban cho biết bao giờ Sở Y tế xóa?",
        "Đề nghị Ban cho biết Sở Y tế có quyền lưu thông tin cá nhân của tôi, cho ai xem không?",
        "Đề nghị Ban cho biết xin bản sao giấy khai sinh ở đâu, cần những thông tin cá nhân gì?",
        "Ai cho phép cung cấp thông tin cá nhân của tôi cho chủ nợ?",
        "Tôi muốn xem thông tin cá nhân của tôi trên VNeID thì làm thế nào?",
    ],
)
def test_what_a_unit_is_asked_is_a_question_whoever_is_cited(house: World, text: str) -> None:
    house.names_after(vouched(letter("la@dan.test", text, message_id="<31@bao.test>")))
    assert len(house.house.questions) == 3


DOWN = [
    "Tên và địa chỉ nhà tôi đang nằm trên trang web của Ban ở bài trả lời chuyện vỉa hè. Đề nghị gỡ ngay!",
    "Các anh đăng số điện thoại của em lên cổng đối thoại làm em bị gọi cả ngày, xóa giúp em với ạ.",
    "de nghi ban go ten toi khoi cong thong tin",
    "Bài trả lời của Sở Xây dựng trên trang đối thoại có cả số nhà tôi, nhờ các anh che đi.",
]


@pytest.mark.parametrize("text", DOWN)
def test_who_wants_his_data_off_the_portal_asks_no_unit(house: World, text: str) -> None:
    raw = vouched(letter("ngoai@dan.test", text, subject="Gỡ thông tin", message_id="<41@dan.test>"))
    assert sorted(house.names_after(raw)) == ["citizen_held", "officer_review"]
    assert len(house.house.questions) == 2
    review = said(house.last("officer_review", OFFICER))
    assert "yêu cầu gỡ thông tin cá nhân trên Cổng" in review
    assert "“HP-… gỡ đăng vì …”" in review
    assert "“Đăng ký”" in review
    assert CODE not in review, "a bystander's"
    order(house, "Không phải câu hỏi")
    assert house.house.mails[-2]["status"] == "done"


def test_an_asker_s_request_in_the_thread_opens_the_duty(house: World) -> None:
    led_to = asker_says(house, "Tôi thấy tên và số nhà của tôi ở bài trả lời trên trang của các anh, gỡ giúp tôi.")
    assert {name for name, _ in led_to} == {"citizen_data_request", "officer_alert"}


ABOUT_DATA = [
    (
        "Căn cứ Luật Bảo vệ dữ liệu cá nhân, tôi yêu cầu Ban Biên tập đưa bản sao dữ liệu cá nhân của tôi mà Ban "
        "đang lưu và cho biết đã chuyển cho những ai. Phạm Thị Mơ, 5 Tô Hiệu, 0912 000 777",
        "15/10/2026",
    ),
    ("Theo Luật Bảo vệ dữ liệu cá nhân, xin Ban cho tôi bản sao dữ liệu cá nhân của tôi mà Ban giữ.", "15/10/2026"),
    ("Kính gửi Ban Biên tập, năm ngoái tôi có thư. Nay đề nghị Ban xóa hết thông tin cá nhân của tôi.", "26/10/2026"),
    ("Ban đang lưu những thông tin cá nhân nào của em, đã đưa cho ai rồi ạ?", "15/10/2026"),
    ("Đề nghị Ban cho biết đang lưu dữ liệu cá nhân nào của tôi và xóa hết. Lạ Văn Lạ.", "15/10/2026"),
    ("Cho tôi xem dữ liệu cá nhân của tôi đang lưu.", "15/10/2026"),
    ("Đề nghị xóa dữ liệu cá nhân của tôi.", "26/10/2026"),
]


@pytest.mark.parametrize(("text", "due"), ABOUT_DATA)
def test_a_stranger_s_request_about_his_data_is_the_board_s_own(house: World, text: str, due: str) -> None:
    before = house.house.questions
    raw = vouched(letter("la@dan.test", text, subject="Yêu cầu dữ liệu cá nhân", message_id="<51@dan.test>"))
    assert sorted(house.names_after(raw)) == ["citizen_held", "officer_review"]
    assert house.house.questions == before
    review = said(house.last("officer_review", OFFICER))
    assert "Thư gửi chính Ban Biên tập: yêu cầu về dữ liệu cá nhân" in review
    assert f"tự trả lời người viết chậm nhất {due}" in review
    assert "ĐƠN VỊ DỰ ĐOÁN" not in review
    assert CODE not in review, "a bystander's"
    order(house, "Không phải câu hỏi")
    assert house.house.mails[-2]["status"] == "done"


@pytest.mark.parametrize(
    ("text", "who", "sure"),
    [
        ("Cho tôi xem dữ liệu cá nhân của tôi đang lưu.", CITIZEN, True),
        ("Tôi muốn nhận bản sao thông tin cá nhân của tôi mà hệ thống đang lưu.\n\nNguyễn Văn An", CITIZEN, True),
        ("Cho tôi xem dữ liệu cá nhân của tôi đang lưu.\n\nNguyễn Thị Mơ", CITIZEN, False),
        ("Cho tôi xem dữ liệu cá nhân của tôi đang lưu.", "la@dan.test", False),
    ],
)
def test_an_asker_s_new_letter_about_his_data_opens_the_duty(house: World, text: str, who: str, sure: bool) -> None:
    raw = vouched(letter(who, text, subject="Dữ liệu cá nhân", message_id="<51@dan.test>"))
    names = sorted(house.names_after(raw))
    assert names == (["citizen_data_request", "officer_alert"] if sure else ["citizen_held", "officer_review"])
    assert len(house.house.questions) == 2
    assert [row["question_id"] for row in house.rows(duty) if row["kind"] == "privacy"] == ([1] if sure else [])


OF_SESSION = [
    "Tôi xin đăng ký tham dự phiên đối thoại ngày 26/11 thì đến đâu ạ?",
    "Ad ơi phiên đối thoại 26/11 mấy giờ bắt đầu thế, xem ở đâu được?",
    "Cho gia đình tôi đăng ký dự buổi đối thoại về hạ tầng, nhà tôi đi hai người.",
    "Tôi muốn phát biểu trực tiếp tại phiên đối thoại tới có được không?",
    "cho em hoi buoi doi thoai to chuc o dau, may gio a",
]
SIGNED = "\n\nNguyễn Thị Mơ\nSố 9 đường Trường Chinh, phường Kiến An\nĐT: 0912 000 222\n"


@each_third("text", OF_SESSION)
def test_who_wants_to_attend_a_session_asks_no_unit_and_is_not_read_out(house: World, text: str) -> None:
    announced(house)
    raw = vouched(letter("du@dan.test", text + SIGNED, subject="Phiên đối thoại", message_id="<51@dan.test>"))
    assert sorted(house.names_after(raw)) == ["citizen_held", "officer_review"]
    assert len(house.house.questions) == 2
    review = said(house.last("officer_review", OFFICER))
    assert "đăng ký dự, hỏi giờ, nơi tổ chức phiên đối thoại" in review
    assert "phiên P-2026-01: 08:30 ngày 26/11/2026" in review
    assert "https://" in review
    assert "ĐƠN VỊ DỰ ĐOÁN" not in review
    kept = str(house.house.mails[-1]["reason"])
    assert "26/11/2026" not in kept, "each morning repeats it, and the session may have moved"
    assert "lịch phiên hiện nay: ghi “Tình trạng phiên”" in kept
    order(house, "Đăng ký")
    assert len(house.house.questions) == 3, "an officer may find a question in it"


def test_who_asks_before_a_session_is_announced_is_not_told_of_one(house: World) -> None:
    house.names_after(vouched(letter("du@dan.test", OF_SESSION[0] + SIGNED, message_id="<51@dan.test>")))
    assert "chưa có phiên nào đã đăng thông báo" in said(house.last("officer_review", OFFICER))


@pytest.mark.parametrize(
    "text",
    [
        "Tại phiên đối thoại ngày 26/11 tôi xin hỏi về mặt đường Trường Chinh hư hỏng, bao giờ Sở Xây dựng sửa?",
        "Tôi đăng ký câu hỏi cho phiên đối thoại: bao giờ Sở Xây dựng sửa mặt đường Trường Chinh?",
        "Phiên đối thoại lần trước hứa sửa mặt đường mà mấy giờ rồi vẫn nhiều ổ gà, bao giờ Sở Xây dựng sửa?",
        "Buổi đối thoại của phường về bồi thường mấy giờ, ở đâu, sao không báo dân chúng tôi biết?",
    ],
)
def test_what_is_asked_for_a_session_is_a_question(house: World, text: str) -> None:
    announced(house)
    house.names_after(vouched(letter("du@dan.test", text + SIGNED, message_id="<51@dan.test>")))
    assert len(house.house.questions) == 3


ATTENDS = "muốn dự, phát biểu tại phiên đối thoại"


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("Tôi xin đăng ký dự buổi đối thoại. Cho tôi hỏi đường Trường Chinh nhiều ổ gà bao giờ sửa?", True),
        ("Tôi cũng muốn hỏi mặt đường Trường Chinh bao giờ làm xong? Tôi muốn đến dự phiên đối thoại 26/11.", True),
        ("Đường Trường Chinh nhiều ổ gà, bao giờ sửa? Tôi xin đăng ký phát biểu tại buổi đối thoại sắp tới.", True),
        ("Tôi đã tham dự buổi đối thoại, nghe hứa sửa đường Trường Chinh, bao giờ Sở Xây dựng sửa?", False),
        ("Tôi đăng ký câu hỏi cho phiên đối thoại: bao giờ Sở Xây dựng sửa mặt đường Trường Chinh?", False),
        ("Tôi không muốn dự phiên đối thoại, chỉ hỏi mặt đường Trường Chinh bao giờ Sở Xây dựng sửa?", False),
    ],
)
def test_a_wish_to_attend_beside_a_question_is_told_to_an_officer(house: World, text: str, wishes: bool) -> None:
    names = house.names_after(vouched(letter("du@dan.test", text + SIGNED, message_id="<51@dan.test>")))
    assert len(house.house.questions) == 3, "the question is not lost"
    assert ("officer_alert" in names) == wishes
    assert ("muốn dự phiên đối thoại đã được báo" in said(house.last("citizen_received", "du@dan.test"))) == wishes
    if wishes:
        alert = said(house.last("officer_alert", OFFICER))
        assert ATTENDS in alert
        assert "chưa có phiên nào đã đăng thông báo" in alert
        order(house, "HP-2026-000003 ghi chú: đã trả lời người hỏi về việc dự phiên", "officer_alert")
        assert "về việc dự phiên" in str(house.house.questions[2]["notes"])


def test_an_asker_who_adds_to_his_question_and_wants_to_attend_is_heard_twice(house: World) -> None:
    led_to = asker_says(house, "Tôi xin đăng ký dự buổi đối thoại. Mặt đường nay nứt thêm trước số 7, xe ngã.")
    heard = {("citizen_held", CITIZEN), ("citizen_completed", CITIZEN)}
    assert set(led_to) == {*heard, ("officer_alert", OFFICER), ("unit_followup", SXD)}
    assert ATTENDS in said(house.last("officer_alert", OFFICER))


def test_a_wish_to_attend_that_comes_again_or_by_a_machine_is_told_once(house: World) -> None:
    text = "Tôi xin đăng ký dự buổi đối thoại. Mặt đường nay nứt thêm trước số 7, xe ngã."
    to = house.last("citizen_received", CITIZEN)
    raw = vouched(answer_to(to, CITIZEN, text))
    assert "officer_alert" in house.names_after(raw)
    assert house.names_after(raw) == []
    auto = vouched(answer_to(to, CITIZEN, text, message_id="<77@dan.test>"))
    assert house.names_after(b"Auto-Submitted: auto-replied\r\n" + auto) == []


def test_an_asker_who_wants_to_speak_there_is_heard_by_an_officer(house: World) -> None:
    content = house.house.questions[0]["content"]
    led_to = asker_says(house, "Tôi xin đăng ký phát biểu trực tiếp ở phiên đối thoại có được không ạ?")
    assert led_to == [("citizen_held", CITIZEN), ("officer_review", OFFICER)]
    assert "đăng ký dự, hỏi giờ" in said(house.last("officer_review", OFFICER))
    assert house.house.questions[0]["content"] == content


WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3000
HEAR = "\n\nNguyễn Văn Hải\nSố 3 phố Cát Cụt, phường Lê Chân, TP Hải Phòng\n0912 000 321"
UNREAD = [
    (
        "Đơn của tôi ở trong file, mong Ban xem giúp.",
        ("Don kien nghi.doc", "application/msword", WORD),
    ),
    ("Gửi ban đơn của tôi.", ("scan.pdf", "application/pdf", b"%PDF-1.4\n" + b"\0" * 3000)),
]


@pytest.mark.parametrize(("text", "file"), UNREAD)
def test_a_letter_in_an_unreadable_file_is_called_so(house: World, text: str, file: tuple[str, str, bytes]) -> None:
    raw = letter(
        "hai@dan.test", text + HEAR, subject="Đơn kiến nghị", message_id="<55@dan.test>", attachments=(file,)
    )
    assert sorted(house.names_after(vouched(raw))) == ["citizen_held", "officer_review"]
    review = said(house.last("officer_review", OFFICER))
    assert f"nội dung có thể nằm trong tệp hệ thống không đọc được ({file[0]}): xin mở tệp xem" in review
    assert "Trả lời thư này chậm nhất thứ Ba, ngày 06/10/2026, dòng đầu ghi" in review
    assert "Có dấu hiệu là đơn khiếu nại" not in review


@pytest.mark.parametrize(
    ("text", "files", "told"),
    [
        ("Tôi gửi kèm 2 ảnh.", (), "nói có gửi kèm tệp, ảnh nhưng không có tệp nào"),
        ("Xem ảnh đính kèm ạ.", (), "nói có gửi kèm tệp, ảnh nhưng không có tệp nào"),
        ("Tôi gửi kèm bản chụp.", (("rong.pdf", "application/pdf", b""),), "Có tệp gửi kèm không có nội dung"),
        ("Tôi gửi kèm ảnh.", (PHOTO,), ""),
        ("Làm đơn có phải gửi kèm ảnh không?", (), ""),
        ("Nhờ Ban xem giúp.", (("chan-thu.txt", "text/plain", b""),), ""),
    ],
)
def test_a_file_that_is_not_there_is_told_to_its_sender(
    house: World, text: str, files: tuple[tuple[str, str, bytes], ...], told: str
) -> None:
    matter = f"Vỉa hè trước số 3 phố Cát Cụt sụt một hố sâu, bao giờ Sở Xây dựng sửa? {text}{HEAR}"
    raw = letter("hai@dan.test", matter, subject="Vỉa hè", message_id="<55@dan.test>", attachments=files)
    led_to = house.names_after(vouched(raw))
    assert house.question["status"] == "forwarded"
    receipt = said(house.last("citizen_received", "hai@dan.test"))
    assert "officer_alert" not in led_to
    assert ("gửi lại" in receipt) == bool(told)
    if told:
        assert f"{told}: xin trả lời thư này và gửi lại" in receipt
        assert "rong.pdf" not in receipt


@pytest.mark.parametrize("sender", [SXD, "vanthu@soxaydung.thanhpho.test"])
def test_a_bodys_new_mailbox_is_told_to_officers_and_is_no_thanks(house: World, sender: str) -> None:
    text = (
        "Kính gửi Ban Biên tập, từ ngày 08/10 Sở Xây dựng chuyển sang hộp thư mới vanthu@soxaydung.thanhpho.test, "
        "hộp thư cũ ngừng sử dụng. Đề nghị Ban gửi lại các câu hỏi còn nợ vào hộp thư mới.\nVăn thư Sở"
    )
    told = house.names_after(vouched(letter(sender, text, subject="Thông báo thay đổi địa chỉ thư điện tử")))
    assert "officer_review" in told
    assert "unit_told" not in told, "it answers no question"
    assert "báo quản trị đổi địa chỉ" in said(house.last("officer_review", OFFICER))
    assert len(house.house.questions) == 2


@pytest.mark.parametrize(
    "asked",
    [
        "Sở Xây dựng đổi email mới thì tôi gửi hồ sơ cấp phép vào đâu?",
        "Hộp thư mới của Sở Xây dựng là gì? Xin cho biết để gửi đến.",
        "Xin cho biết địa chỉ thư điện tử mới của Sở Xây dựng để gửi về.",
        "Email cũ của Sở Xây dựng còn dùng hay đã ngừng?",
        "Đèn đường Trần Phú tắt cả tháng, đề nghị sửa, gửi kết quả vào email mới của tôi moi@dan.vn.",
        "Tôi gửi câu hỏi từ email cũ. Nay xin hỏi bao giờ Sở Xây dựng sửa đèn đường Trần Phú?",
    ],
)
def test_an_asker_of_mailboxes_is_an_asker(house: World, asked: str) -> None:
    house.arrive(vouched(letter("moi@dan.test", LETTER.replace(LETTER.split("\n\n")[0], asked))))
    assert len(house.house.questions) == 3


@pytest.mark.parametrize(
    ("sender", "text", "order_for"),
    [
        (CITIZEN, "Từ nay xin gửi câu trả lời vào email mới moi@dan.test giúp.", CODE),
        (CITIZEN, "Tôi không dùng email này nữa, câu hỏi của tôi xin trả lời vào moi@dan.test.", CODE),
        (CITIZEN, "Công ty TNHH An Phát đổi địa chỉ thư điện tử, đề nghị gửi vào moi@dan.test.", CODE),
        ("moi@dan.test", "Tôi đổi email mới, từ nay xin gửi câu trả lời vào đây.", "HP-…"),
        ("moi@dan.test", "Email cũ của tôi là cu@dan.test nay hỏng, từ nay xin gửi câu trả lời vào đây.", "HP-…"),
    ],
)
def test_who_tells_his_own_new_mailbox_has_it_corrected(house: World, sender: str, text: str, order_for: str) -> None:
    """Its writer heard nothing and officers had no order at hand, or a company's was put before them as a unit's."""
    led_to = house.names_after(vouched(letter(sender, text, subject="Hộp thư mới", message_id="<61@dan.test>")))
    assert sorted(led_to) == ["citizen_held", "officer_review"]
    review = said(house.last("officer_review", OFFICER))
    assert f"“{order_for} sửa thư điện tử: moi@dan.test”" in review
    assert ("xin gọi điện hỏi lại người hỏi" in review) is (sender != CITIZEN)
    mail = house.house.mails[-1]["id"]
    order(house, f"{CODE} sửa thư điện tử: moi@dan.test")
    assert house.house.questions[0]["asker_email"] == "moi@dan.test"
    assert len(house.house.questions) == 2
    held = next(row for row in house.house.mails if row["id"] == mail)
    assert (held["status"] == "done") is ("Công ty" not in text), "a body's may be a unit's too"
