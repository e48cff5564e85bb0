"""What an officer probably means with a line that is no command: by its words, never an act that ends something."""

from __future__ import annotations

import pytest

from rules.commands.hints import for_the_asker, likely, load_hints
from rules.message.quote_markers import DEFAULT
from rules.reply.unit_names import unit_names
from rules.values.data_file import load_units

NAMES = unit_names(load_units(), DEFAULT, ordered=True)


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        ("Câu này thuộc Sở Xây dựng", "forward"),
        ("Sở Xây dựng", "forward"),
        ("Bảo ông ấy ghi rõ địa chỉ", "ask"),
        ("OK cho thêm thời gian đi", "extend"),
        ("vừa gọi điện cho dân xong", "note"),
        ("câu này trùng câu trước rồi", "link"),
    ],
)
def test_hint_by_meaning(line: str, verb: str) -> None:
    assert likely(line, NAMES)[0] == verb


def test_nothing_that_ends_or_undoes_something_is_hinted_at() -> None:
    offered = {verb for verb, _, _ in load_hints().acts}
    assert not offered & {"close", "reject", "withdraw", "let_go", "recall"}


def test_nothing_for_a_line_that_says_nothing() -> None:
    assert likely("zzz", NAMES) == likely("", NAMES) == ()


def test_the_officers_words_become_a_request_to_the_citizen() -> None:
    assert for_the_asker("Bảo ông ấy ghi rõ địa chỉ") == "xin Ông/Bà ghi rõ địa chỉ"
    assert for_the_asker("Nhờ hỏi lại dân") == ""
