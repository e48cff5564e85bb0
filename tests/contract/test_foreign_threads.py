"""A citizen's mail outside our threads: a question is registered, missing data complete the one question meant."""

from typing import Any

from tests.installation import letter
from tests.world import LETTER, World, vouched

NEWS = {"In-Reply-To": "<tin-40@cong.test>", "References": "<tin-40@cong.test>"}
QUOTE = "\nVào Th 6, 2 thg 10, 2026 vào lúc 13:30 Cổng thông tin <tin@cong.test> đã viết:\n> Bản tin tuần\n"


def test_a_question_in_answer_to_somebody_elses_mail_is_registered_and_forwarded(house: World) -> None:
    raw = letter("an@dan.test", LETTER + QUOTE, subject="Re: Bản tin tuần", headers=NEWS)
    row = house.arrive(vouched(raw))
    assert (row["fate"], row["kind"]) == ("register", "question")
    (question,) = house.house.questions
    assert (question["status"], question["asker_name"]) == ("forwarded", "Nguyễn Văn An")


def test_a_complaint_there_is_held_and_thanks_are_nobodys_question(house: World) -> None:
    for text, kind in (
        ("Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của tôi, yêu cầu hủy quyết định.", "complaint"),
        ("Cảm ơn quý Ban.", "follow_up"),
    ):
        raw = letter("an@dan.test", text + QUOTE, subject="Re: Bản tin tuần", headers=NEWS)
        row = house.arrive(vouched(raw))
        assert (row["status"], row["kind"]) == ("held", kind)
    assert house.house.questions == []


def test_in_our_own_thread_it_stays_with_the_question(house: World) -> None:
    house.ask()
    row = house.answers("citizen_received", "an@dan.test", "Xin bổ sung: hố sâu nửa mét, ngay cổng trường?")
    assert (row["fate"], row["kind"]) == ("attach", "follow_up")
    assert len(house.house.questions) == 1


def test_an_office_that_is_not_on_the_list_is_held(house: World) -> None:
    text = "UBND phường Kiến An trả lời: đường trước nhà số 5 đã được sửa, bao giờ cần xin liên hệ lại?"
    raw = letter("vp@kienan.test", text, name="UBND phường Kiến An", subject="Re: Trả lời", headers=NEWS)
    assert house.arrive(vouched(raw))["status"] == "held"
    assert house.house.questions == []


LACKING = LETTER.split("\n\n")[0]
ADDED = "Tôi xin bổ sung thông tin: Nguyễn Văn An, số 5 đường Trường Chinh, phường Kiến An, điện thoại 0912 000 111."


def _adds(house: World, sender: str = "an@dan.test", result: str = "pass") -> dict[str, Any]:
    return house.arrive(vouched(letter(sender, ADDED, subject="Bổ sung"), "dan.test", result=result))


def test_missing_data_in_a_new_mail_complete_the_senders_one_question(house: World) -> None:
    house.ask(LACKING)
    row = _adds(house)
    assert (row["fate"], row["kind"]) == ("attach", "follow_up")
    (question,) = house.house.questions
    assert (question["missing"], question["asker_name"]) == ("", "Nguyễn Văn An")
    assert house.last("citizen_completed", "an@dan.test")


def test_they_complete_nothing_of_somebody_elses_of_two_or_without_our_servers_word(house: World) -> None:
    house.ask(LACKING)
    _adds(house, "binh@dan.test")
    _adds(house, result="fail")
    assert house.house.questions[0]["missing"] == "name,address,phone"
    house.ask(f"Xin hỏi thêm: {LACKING}")
    _adds(house)
    assert house.house.questions[0]["missing"] == "name,address,phone"
