"""A citizen's mail outside our threads: a question is registered, missing data complete the one question meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desk import ROAD, Desk, answer_to, desk, letter, vouched

NEWS = {"In-Reply-To": "<tin-40@cong.test>", "References": "<tin-40@cong.test>"}
QUOTE = "\nVào Th 6, 2 thg 10, 2026 vào lúc 13:30 Cổng thông tin <tin@cong.test> đã viết:\n> Bản tin tuần\n"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path / "house") as made:
        yield made


def test_a_question_in_answer_to_somebody_elses_mail_is_registered_and_forwarded(town: Desk) -> None:
    raw = letter("an@dan.test", ROAD + QUOTE, subject="Re: Bản tin tuần", headers=NEWS)
    row = town.arrive(vouched(raw, "dan.test"))
    assert (row["fate"], row["kind"]) == ("register", "question")
    (question,) = town.house.questions
    assert (question["status"], question["asker_name"]) == ("forwarded", "Nguyễn Văn An")


def test_a_complaint_there_is_held_and_thanks_are_nobodys_question(town: Desk) -> None:
    for text, kind in (
        ("Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của tôi, yêu cầu hủy quyết định.", "complaint"),
        ("Cảm ơn quý Ban.", "follow_up"),
    ):
        raw = letter("an@dan.test", text + QUOTE, subject="Re: Bản tin tuần", headers=NEWS)
        row = town.arrive(vouched(raw, "dan.test"))
        assert (row["status"], row["kind"]) == ("held", kind)
    assert town.house.questions == []


def test_in_our_own_thread_it_stays_with_the_question(town: Desk) -> None:
    town.ask()
    raw = answer_to(town.last("citizen_received"), "an@dan.test", "Xin bổ sung: hố sâu nửa mét, ngay cổng trường?")
    row = town.arrive(vouched(raw, "dan.test"))
    assert (row["fate"], row["kind"]) == ("attach", "follow_up")
    assert len(town.house.questions) == 1


def test_an_office_that_is_not_on_the_list_is_held(town: Desk) -> None:
    text = "UBND phường Kiến An trả lời: đường trước nhà số 5 đã được sửa, bao giờ cần xin liên hệ lại?"
    raw = letter("vp@kienan.test", text, name="UBND phường Kiến An", subject="Re: Trả lời", headers=NEWS)
    assert town.arrive(vouched(raw, "kienan.test"))["status"] == "held"
    assert town.house.questions == []


LACKING = ROAD.split("\n\n")[0]
ADDED = "Tôi xin bổ sung thông tin: Nguyễn Văn An, số 5 đường Trường Chinh, phường Kiến An, điện thoại 0912 000 111."


def _adds(town: Desk, sender: str = "an@dan.test", result: str = "pass") -> dict[str, Any]:
    return town.arrive(vouched(letter(sender, ADDED, subject="Bổ sung"), "dan.test", result=result))


def test_missing_data_in_a_new_mail_complete_the_senders_one_question(town: Desk) -> None:
    town.ask(LACKING)
    row = _adds(town)
    assert (row["fate"], row["kind"]) == ("attach", "follow_up")
    (question,) = town.house.questions
    assert (question["missing"], question["asker_name"]) == ("", "Nguyễn Văn An")
    assert town.last("citizen_completed", "an@dan.test")


def test_they_complete_nothing_of_somebody_elses_of_two_or_without_our_servers_word(town: Desk) -> None:
    town.ask(LACKING)
    _adds(town, "binh@dan.test")
    _adds(town, result="fail")
    assert town.house.questions[0]["missing"] == "name,address,phone"
    town.ask(f"Xin hỏi thêm: {LACKING}")
    _adds(town)
    assert town.house.questions[0]["missing"] == "name,address,phone"
