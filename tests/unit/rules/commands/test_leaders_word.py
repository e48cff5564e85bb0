"""What a leader writes of a paper: his own act, or only its words; each sentence with its marks and without."""

import pytest

from rules.commands.approval.opinion import approval_in, returned_in
from rules.text import strip_marks
from tests.dose import STEPS
from tests.unit.rules.commands.test_leaders_answers import of_kind

TABLE = "leaders_words.tsv"


def said(text: str) -> str:
    if approval_in(text) is not None:
        return "approve"
    return "unclear" if returned_in(text) is None else "return"


@pytest.mark.parametrize("step", STEPS)
def test_the_words_alone_are_no_act(step: int) -> None:
    """A promise: nothing is approved or sent back that the leader did not approve or send back himself."""
    assert [(text, found) for text in of_kind(TABLE, "unclear")[::step] if (found := said(text)) != "unclear"] == []


@pytest.mark.wide
def test_the_words_alone_are_no_act_without_marks_either() -> None:
    texts = [strip_marks(text) for text in of_kind(TABLE, "unclear")]
    assert [(text, found) for text in texts if (found := said(text)) != "unclear"] == []


def test_what_was_taught_sends_back_whatever_the_reason_is() -> None:
    found = returned_in("Trả lại: mạng yếu, anh đang họp, mai anh xem")
    assert found is not None
    assert (found.reason, found.refused) == ("mạng yếu, anh đang họp, mai anh xem", True)


@pytest.mark.parametrize("text", ["Duyệt nhưng sửa địa điểm", "Từ chối phê duyệt.", "Không duyệt", "Chưa được em ơi"])
def test_a_refusal_of_few_words_sends_back(text: str) -> None:
    assert said(text) == "return"


@pytest.mark.parametrize("below", ["Sent from my iPhone", "Gửi từ iPhone của tôi", "Trưởng ban", "TRƯỞNG BAN"])
def test_what_stands_below_a_leaders_word_takes_nothing_from_it(below: str) -> None:
    """A title, or the line that a telephone adds."""
    assert said(f"Duyệt\n{below}") == "approve"
    assert said(f"Chưa duyệt\n{below}") == "return"
