"""What askers write in the thread of their question: thanks stay, new matter reaches whom it concerns."""

from __future__ import annotations

import pytest

from tests.contract.test_desk import REVIEWED
from tests.installation import OFFICER, subject_of, text_of, unit_address
from tests.world import World, asker_says

CITIZEN, UNIT = "an@dan.test", unit_address("SXD")
ANSWER = "Sở Xây dựng trả lời: mặt đường được sửa trong quý I năm 2027.\n\nPhó Giám đốc\nNguyễn Văn A"
ELDERS = "mẹ tôi 82 tuổi, không có lương hưu, thì được hưởng trợ cấp xã hội bao nhiêu một tháng?"
PHOTO = (("anh.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(64)),)


@pytest.fixture
def house(house: World) -> World:
    """Question 1 lies with the unit; question 2 is a bystander's."""
    house.ask(message_id="<1@dan.test>")
    house.ask(REVIEWED, "ba@dan.test", message_id="<2@dan.test>")
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


@pytest.mark.parametrize(
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
    ],
)
def test_who_asks_about_the_matter_itself_reaches_the_unit(house: World, text: str) -> None:
    assert ("unit_followup", UNIT) in asker_says(house, text)


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
    "text", ["Cảm ơn Ban. Nước ngập vào cả nhà số 12 rồi.", "Cảm ơn, hố sâu thêm hai mươi phân rồi nhé."]
)
def test_new_matter_beside_thanks_reaches_the_unit(house: World, text: str) -> None:
    assert asker_says(house, text) == [("unit_followup", UNIT)]
    assert text in text_of(house.last("unit_followup", UNIT))


def test_that_the_matter_is_over_is_told_to_whoever_owes_an_answer(house: World) -> None:
    assert asker_says(house, "Được rồi, coi như việc này xong nhé") == [("unit_followup", UNIT)]


def test_a_name_below_thanks_that_was_missing_is_kept(house: World) -> None:
    asked = "Bao giờ đoạn đường Trường Chinh trước cổng chợ được sửa? Đề nghị Sở Xây dựng trả lời."
    number = len(house.house.questions)
    house.ask(asked, "cu@dan.test", message_id="<3@dan.test>")
    assert "name" in house.house.questions[number]["missing"]
    house.answers("citizen_received", "cu@dan.test", "Cảm ơn Ban.\nNguyễn Văn Cừ")
    assert house.house.questions[number]["asker_name"] == "Nguyễn Văn Cừ"


def test_a_picture_beside_thanks_reaches_the_unit(house: World) -> None:
    assert asker_says(house, "Cảm ơn Ban", files=PHOTO) == [("unit_followup", UNIT)]


def test_thanks_with_a_but_are_read_by_a_person(house: World) -> None:
    answered(house)
    assert ("officer_review", OFFICER) in asker_says(
        house, "Cảm ơn, nhưng trả lời thế này thì ai hiểu.", "citizen_answered"
    )


def test_who_asks_how_it_stands_and_adds_something_gets_both(house: World) -> None:
    text = "Hôm qua xe tải lại sa hố trước số 12, gãy trục. Câu hỏi của tôi đến đâu rồi?"
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
    assert asker_says(house, text) == [("unit_followup", UNIT)]
    assert len(house.house.questions) == 2


@pytest.mark.parametrize(
    "begin", ["Cảm ơn Ban, tôi chờ.", "Nhân tiện cho tôi hỏi một việc khác.", "Trả lời thư của Ban:"]
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
