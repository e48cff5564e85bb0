"""What the full-text index holds of a text: the same as by the plain definition."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from db.register import search
from rules.text import squash, strip_marks

LETTERS = "aAđĐơỢ\n\t_-.? İΣσςß1²Ⅷ漢\u0301\u0323\u0307\u00a0\u2028\x1c\x85\ufeff\u200b"


def plainly(said: str) -> str:
    forms: dict[str, None] = {}
    for word in re.findall(r"[^\W_]+", unicodedata.normalize("NFC", said).lower()):
        marked = squash(word)
        bare = strip_marks(marked).encode("ascii", "ignore").decode()
        forms |= dict.fromkeys((word,) if word.isascii() else [one for one in (bare, marked) if one])
    return " ".join(forms)


@given(
    st.lists(st.one_of(st.text(LETTERS, max_size=8), st.sampled_from(["Hải Phòng", "hỏi?Tôi", "x" * 30])), max_size=9)
)
def test_words_are_those_of_the_definition(pieces: list[str]) -> None:
    said = "".join(pieces)
    assert search._indexed(said) == plainly(said)
