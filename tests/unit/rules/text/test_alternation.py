"""Words as one pattern find what a plain alternation, the longest first, finds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text.patterns import one_of_words

pytestmark = pytest.mark.wide

WORDS = st.lists(st.text("ab. ", min_size=1, max_size=5), min_size=1, max_size=12)


@given(WORDS, st.text("ab. ", max_size=24))
def test_a_tree_of_words_finds_what_the_words_in_a_row_find(words: list[str], text: str) -> None:
    ordered = sorted(set(words), key=len, reverse=True)
    plainly = "(?:" + "|".join(re.escape(word) for word in ordered) + ")"
    for around in ("{}", "{}$", r"\b{}(?!\w)", "^[a ]*{}"):
        wanted = [found.span() for found in re.finditer(around.format(plainly), text)]
        assert [found.span() for found in re.finditer(around.format(one_of_words(words)), text)] == wanted
