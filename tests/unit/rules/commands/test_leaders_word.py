"""What a leader writes of a paper: his own act, or only its words; each sentence with its marks and without."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from rules.commands.approval.opinion import approval_in, sent_back
from rules.commands.approval.own_act import returns_the_paper
from rules.commands.commands import read_commands
from rules.text import strip_marks
from rules.values.data_file import load_units

TABLE = Path(__file__).parents[3] / "data" / "leaders_words.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]


MOST_WITHOUT_MARKS = 4
"""Without marks "dự thảo" and "đúng tiến độ" may be other words: a few approvals are asked back."""


def said(text: str) -> str:
    if approval_in(text) is not None:
        return "approve"
    ordered = any(one.verb == "return" for one in read_commands(text, load_units())) or sent_back(text)
    return "return" if ordered and returns_the_paper(text) else "unclear"


def of_kind(expected: str) -> list[str]:
    return [text.replace("\\n", "\n") for text, kind in ROWS if kind == expected]


def test_the_words_alone_are_no_act() -> None:
    """A promise: nothing is approved or sent back that the leader did not approve or send back himself."""
    assert [(text, found) for text in of_kind("unclear") if (found := said(text)) != "unclear"] == []


@pytest.mark.wide
def test_the_words_alone_are_no_act_without_marks_either() -> None:
    texts = [strip_marks(text) for text in of_kind("unclear")]
    assert [(text, found) for text in texts if (found := said(text)) != "unclear"] == []


def test_an_approval_with_what_belongs_to_it() -> None:
    texts = of_kind("approve")
    assert [(text, found) for text in texts if (found := said(text)) != "approve"] == []
    assert [text for text in texts if said(strip_marks(text)) not in {"approve", "unclear"}] == []


def test_the_table_is_whole_and_most_approvals_without_marks_count() -> None:
    counted = Counter(kind for _, kind in ROWS)
    assert counted["unclear"] >= 370
    assert counted["approve"] >= 34
    assert counted["return"] >= 20
    unclear = [text for text in of_kind("approve") if said(strip_marks(text)) != "approve"]
    assert len(unclear) <= MOST_WITHOUT_MARKS, unclear


def test_a_paper_sent_back_with_its_reason() -> None:
    texts = [form for text in of_kind("return") for form in (text, strip_marks(text))]
    assert [(text, found) for text in texts if (found := said(text)) != "return"] == []


def test_what_was_taught_sends_back_whatever_the_reason_is() -> None:
    assert returns_the_paper("Trả lại: mạng yếu, anh đang họp, mai anh xem")


@pytest.mark.parametrize(
    "below", ["Sent from my iPhone", "Gửi từ iPhone của tôi", "Trưởng ban", "TRƯỞNG BAN BIÊN TẬP"]
)
def test_what_stands_below_a_leaders_word_takes_nothing_from_it(below: str) -> None:
    """A title, or the line that a telephone adds."""
    assert approval_in(f"Duyệt\n{below}") is not None
    assert approval_in(f"Chưa duyệt\n{below}") is None
