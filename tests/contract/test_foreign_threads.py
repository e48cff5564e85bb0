"""A citizen's question in a thread that is none of ours is registered; one in our thread belongs to its question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
