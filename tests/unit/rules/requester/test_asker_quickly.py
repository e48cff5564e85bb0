"""Quick looks of who asks, held against the plain ways that they stand for, over texts put together at random."""

from __future__ import annotations

import itertools
import random
import re
import sys

import pytest

from rules.requester.contact_data import _GAP, _START, sentence_ends
from rules.requester.names import anonymous, may_hide
from rules.requester.unlabelled import _SPLIT
from rules.requester.vocabulary import load_words, plain
from tests.dose import PART, WHOLE, dose

pytestmark = pytest.mark.wide

PLAIN_SPLIT = re.compile(
    r"[,;|•·/\s–—-](?:(?<=[,;|\t\n•·])\|*|(?<=[^\W\d]/)(?=\s)|(?<=\|/)(?=\s)"
    r"|(?<=\s)(?:[-–—/]\s|[-–—](?=\S)|\s{2,})|(?<=\S[-–—])\s)"
)
PLAIN_START = re.compile(r"(?<![\w/])\(?(?:(?:\+|00)\s?84\s?\)?" + _GAP + r"(?:\(0\)|0)?|0)" + _GAP + r"(?=\d)")
SHORT = re.compile(r"(?:^|[\s,(])(?:no|tp|p|q|h|x|tt|tx|f|sn|t|kp|ts|ths|bs|gs|pgs|kts|mr|mrs|ms|cty|tm)$")


def texts(pieces: list[str], count: int) -> list[str]:
    """So many texts of a few of the pieces."""
    draw = random.Random(11)
    return ["".join(draw.choices(pieces, k=draw.randint(1, 9))) for _ in range(count)]


def test_a_line_falls_into_the_same_parts() -> None:
    for text in texts([*",;|•·/ \t\n\u00a0–—-aĐ1.", "  ", " - ", "|/ ", "a/ "], dose(60_000)):
        assert [hit.span() for hit in _SPLIT.finditer(text)] == [hit.span() for hit in PLAIN_SPLIT.finditer(text)]


def test_numbers_begin_at_the_same_places() -> None:
    for text in texts([*"+()0 .-/a9\n\u00a0", "00", "84", "+84", "(0)"], dose(60_000)):
        assert [hit.span() for hit in _START.finditer(text)] == [hit.span() for hit in PLAIN_START.finditer(text)]


def test_sentences_end_at_the_same_places() -> None:
    def plainly(text: str) -> list[int]:
        ends = []
        for stop in re.finditer(r"[.!?…\n](?:(?<=\n)|(?=\s|$))", text):
            at = stop.start()
            before = plain(text[max(0, at - 12) : at]) if text[at] == "." else ""
            if not SHORT.search(before) and before.strip() not in {"o", "b"}:
                ends.append(stop.end())
        return ends

    pieces = [
        ". ",
        ".",
        "! ",
        "…",
        "\n",
        " ",
        "(",
        ",",
        "TP",
        "P",
        "ths",
        "pgs",
        "Ông",
        "ô",
        "b",
        "nhà",
        "hỏi",
        "̀",
        "1",
    ]
    for text in texts(pieces, dose(40_000)):
        assert list(sentence_ends(text)) == plainly(text)


def test_a_part_hides_a_name_only_where_the_whole_may() -> None:
    words = load_words().data["names"]["anonymous"]
    found = 0
    for part in texts([*words, "xx", "...", " ", "(", ")", "[", ".", ", ", "Lan", "khong"], dose(40_000)):
        if anonymous(part):
            found += 1
            assert may_hide(f"Chào {part}, hết")
            assert may_hide(part)
    assert found > dose(1000)


def test_small_letters_are_made_plain_as_their_capitals() -> None:
    """A first word in small letters is an address's where the plain text begins with one."""
    beyond = range(0x3000, sys.maxunicode + 1, 1 if WHOLE else PART)
    for code in itertools.chain(range(0x3000), beyond):
        small = chr(code).lower()
        if len(small) == 1 and not 0xD800 <= code < 0xE000:
            assert plain(small) == plain(chr(code)) or not plain(small).isascii()
