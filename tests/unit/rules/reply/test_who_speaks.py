"""In "không thuộc thẩm quyền" the unit right behind is the one that speaks, unless it is passed on to another."""

import re

import pytest

from rules.reply.verbs import _is_speaker


@pytest.mark.parametrize(
    ("words", "speaks"),
    [
        ("không thuộc thẩm quyền của ⟦0⟧", True),
        ("không thuộc thẩm quyền, chuyển ⟦0⟧", False),
        ("không thuộc thẩm quyền theo các quy định hiện hành về việc đã nêu của ⟦0⟧", False),
        ("⟦0⟧ nêu rõ không thuộc thẩm quyền", True),
        ("việc của ⟦0⟧ không thuộc thẩm quyền", False),
    ],
)
def test_the_unit_of_a_claim(words: str, speaks: bool) -> None:
    claim, mark = re.search("không thuộc thẩm quyền", words), re.search(r"⟦(\d+)⟧", words)
    assert claim is not None
    assert mark is not None
    before = words[: mark.start()].split()
    assert _is_speaker(words, claim, mark, before[-1] if before else "") is speaks
