"""The quick ways through a text say what the plain ones say, word by word and weight by weight."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from rules.routing.mail_kind import _LINK, _PERSON
from rules.routing.statistical_vote import FIRST, LEAST, RARITY_STEP, RULE_VALUE, STEP, ZERO, Model, Votes
from rules.text.phrase_matcher import Hit, Matcher, _joined, _longest
from rules.text.tokens import BARE_SHARE, MIN_JUDGED, Reader, Reading, read, syllable_keys

SHORTHAND = {"ntn": "như thế nào", "tp": "thành phố"}
PHRASES = ("điện", "điện thoại", "điện … nhà", "nhà đất", "thành phố", "như thế nào", "dien", "thoại")
PIECES = st.sampled_from(
    (
        *(
            "điện",
            "ở",
            "thoại",
            "dien",
            "thoai",
            "nhà",
            "nha",
            "đất",
            "ntn",
            "TP",
            "12",
            "2.5",
            "a_b",
            "ð",
            "P.",
            "TP. ",
        ),
        *(" ", "\n", "\n \n", "\n-", "\n\n\n", ".", "?", "!?", "…", ":", "(", ")", ";", "hoa\u0300", "x.y", "TP. "),
    )
)
MANY = st.lists(PIECES, max_size=40)
TEXTS = MANY.map("".join) | MANY.map(" ".join) | st.text(max_size=60)
_PIECES = re.compile(r"[^\W_]+|\n[ \t]*\n|[.!?;…:()\n]")
_SHORT = re.compile(r"\b(?:P|X|Q|H|TP|Tp|tp|TX|TT|TS|ThS|BS|KCN|p|q|x)$")


def _plain_pieces(text: str) -> Iterator[str]:
    for match in _PIECES.finditer(text):
        piece, behind = match.group(), text[match.end() : match.end() + 1]
        if piece[0].isalnum():
            yield from SHORTHAND.get(piece.lower(), piece).split()
        elif piece == "." and (_SHORT.search(text[: match.start()]) or behind.isalnum()):
            continue
        elif len(piece) > 1 or (piece == "\n" and behind in {"-", "+", "*", "•"}):
            yield "."
        elif piece in ".!?;…":
            yield piece


def plainly_read(text: str) -> Reading:
    """Piece by piece, as the reader once did."""
    words: list[str] = []
    sentence: list[int] = []
    asked, number = set(), 0
    for piece in _plain_pieces(unicodedata.normalize("NFC", text)):
        if piece[0].isalnum():
            words.append(piece)
            sentence.append(number)
        elif words and words[-1] != ".":
            asked |= {number} if piece == "?" else set()
            words.append(".")
            sentence.append(number)
            number += 1
    keys = [syllable_keys(word) for word in words]
    spoken, marked = [0] * (number + 1), [0] * (number + 1)
    for word, key, place in zip(words, keys, sentence, strict=True):
        if word != "." and not word[0].isdigit():
            spoken[place] += 1
            marked[place] += key[0] != key[1]
    whole = sum(marked) < BARE_SHARE * max(1, sum(spoken))
    return Reading(
        tuple(words),
        tuple(key[0] for key in keys),
        tuple(key[1] for key in keys),
        tuple(sentence),
        tuple(
            marked[n] < BARE_SHARE * spoken[n] if spoken[n] >= MIN_JUDGED else whole and not marked[n]
            for n in range(number + 1)
        ),
        tuple(n in asked for n in range(number + 1)),
    )


@given(TEXTS)
def test_a_text_is_cut_as_piece_by_piece(text: str) -> None:
    assert read(text, SHORTHAND) == plainly_read(text)


@given(TEXTS)
def test_phrases_are_found_as_by_trying_each_at_each_syllable(text: str) -> None:
    reading, phrases = read(text), [phrase for phrase in PHRASES if "…" not in phrase]
    hits = []
    for start in range(len(reading.words)):
        bare = reading.is_bare[reading.sentence[start]]
        keys = reading.bare if bare else reading.marked
        for number, phrase in enumerate(phrases):
            wanted = tuple(syllable_keys(word)[bare] for word in phrase.split())
            if keys[start : start + len(wanted)] == wanted and not (bare and len(wanted) == 1):
                hits.append(Hit(start, start + len(wanted), number))
    found = Matcher(phrases).find(reading)
    assert found == sorted(_longest(sorted(hits)), key=lambda hit: (hit.start, -hit.end))


GAPPED = ("điện … nhà", "nhà … điện … đất", "nhà … nhà", "thành phố … điện thoại", "dien … nha", "ở … thoại đất")


@given(TEXTS)
def test_phrases_with_gaps_are_found_as_by_looking_for_all_their_parts_everywhere(text: str) -> None:
    reading = read(text)
    hits: list[Hit] = []
    for number, phrase in enumerate(GAPPED):
        parts = phrase.split(" … ")
        pieces: list[tuple[int, int, int]] = []
        for start in range(len(reading.words)):
            bare = reading.is_bare[reading.sentence[start]]
            keys = reading.bare if bare else reading.marked
            for place, part in enumerate(parts):
                wanted = tuple(syllable_keys(word)[bare] for word in part.split())
                if keys[start : start + len(wanted)] == wanted:
                    pieces.append((start, start + len(wanted), place))
        hits += _joined(number, pieces, reading.sentence, len(parts))
    assert sorted(Matcher(GAPPED).find(reading)) == sorted(hits)


@given(MANY.map(" ".join).filter(lambda subject: "\n" not in subject), TEXTS)
def test_what_stands_behind_the_first_paragraph_is_read_as_alone_where_the_reading_says_so(
    subject: str, text: str
) -> None:
    whole, alone = read(f"{subject}\n\n{text}"), read(text)
    head = read(subject).words
    assert whole.words[: whole.first] in {head, (*head, ".")}
    assert whole.words[whole.first :] == alone.words
    begun = len(whole.is_bare) - len(alone.is_bare)
    if whole.apart:
        assert whole.is_bare[begun:] == alone.is_bare
        assert [number - begun for number in whole.sentence[whole.first :]] == list(alone.sentence)


LETTERS = st.integers(33, 126)
LINES = st.builds(
    lambda rarity, weights: bytes([rarity, *(letter for pair in weights.items() for letter in pair)]),
    st.integers(34, 126),
    st.dictionaries(st.integers(FIRST, FIRST + 6), LETTERS, max_size=7),
)
SYLLABLES = st.text("ab", min_size=1, max_size=3)


@given(
    st.dictionaries(SYLLABLES | st.tuples(SYLLABLES, SYLLABLES), st.tuples(LINES, st.integers(1, 5))), st.booleans()
)
def test_the_vote_is_the_sum_of_its_weights(
    said: dict[str | tuple[str, str], tuple[bytes, int]], with_marks: bool
) -> None:
    said |= {"x": (b'"', 1)}
    named = {f"b{key if isinstance(key, str) else ' '.join(key)}": one for key, one in said.items()}
    named |= {"mx": (b"(C*", 2)} if with_marks else {}
    lines = {name.encode(): b"\t" + line for name, (line, _) in named.items()}
    lines |= {b"r1 field": b"\t!A~", b"bz": b"!A~"}
    models = {name: Model(tuple("ABCDEFG"), (0.5,) * 7, 2.5) for name in ("other", "this")}
    raw = {name: (1 + math.log(count)) * (line[0] - LEAST) * RARITY_STEP for name, (line, count) in named.items()}
    length = math.sqrt(sum(value * value for value in raw.values()))
    sums = [0.5] * 7
    for name, (line, _) in (named | {"r1 field": (b"!A~", 1)}).items():
        for place, letter in zip(line[1::2], line[2::2], strict=True):
            sums[place - FIRST] += STEP * (letter - ZERO) * (raw[name] / length if name in raw else RULE_VALUE)
    total = sum(math.exp(2.5 * one) for one in sums)
    singles = {key: count for key, (_, count) in said.items() if isinstance(key, str)} | {".": 2, "12": 1}
    pairs = {key: count for key, (_, count) in said.items() if not isinstance(key, str)} | {("never", "met"): 2}
    votes = Votes(models, lines)
    shares = votes._shares("this", votes._look_up(singles, pairs, {"x": 2} if with_marks else {}), ["1 field"])
    assert all(
        math.isclose(share, 2.5 * one - math.log(total), abs_tol=1e-9)
        for share, one in zip(shares.values(), sums, strict=True)
    )


@given(TEXTS)
def test_heads_with_tails_are_found_as_if_written_out(text: str) -> None:
    heads, tails = ("điện", "nhà đất", "dien thoai", "ở"), ("thoại", "nhà", "TP 12", "dien")
    written = Matcher((*PHRASES, *(f"{head} {tail}" for head in heads for tail in tails)))
    packed, reading = Matcher(PHRASES, [(heads, tails)]), read(text)
    found = [(hit.start, hit.end, min(hit.phrase, len(PHRASES))) for hit in packed.find(reading)]
    assert sorted(found) == sorted(
        (hit.start, hit.end, min(hit.phrase, len(PHRASES))) for hit in written.find(reading)
    )


_NAME = re.compile(r"https?://|www\.|(?<![\w-])[\w-]+\.(?:com|net|info|xyz|top|club|shop|vip)\b", re.IGNORECASE)


@given(
    st.lists(st.sampled_from(["http", "S://", "://", "www", ".", ".COM", ".vip", "shop", "a-", "b_", "ſ", "đ", " "]))
)
def test_links_are_seen_as_by_a_pattern_of_their_whole_name(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert (_LINK.search(text) is None) == (_NAME.search(text) is None)


_PEOPLE = re.compile(r"\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Oo]ng|[Bb]a)\s+(\w+)\s+(\w+)")
_TITLES = ("ông", "Ông", "ong", "Bà", "ba", "anh", "Anh", "Chị", "chi", " ", "\n", "Lan", "x", "_", "1", "-")


@given(st.lists(st.sampled_from(_TITLES), max_size=12).map("".join))
def test_people_are_seen_as_by_a_pattern_that_is_tried_at_every_letter(text: str) -> None:
    quick, plain = ([(hit.span(), hit.groups()) for hit in one.finditer(text)] for one in (_PERSON, _PEOPLE))
    assert quick == plain


@given(
    st.lists(st.sampled_from(["\n", "\n\n", " \n", "- ", "đường", "duong", "P.", ".", "?", " ", "12"]), max_size=24)
)
def test_a_text_read_by_paragraphs_is_read_as_in_one_go(pieces: list[str]) -> None:
    text, reader = "".join(pieces), Reader()
    whole, reading = reader._paragraph(text, closed=False), reader(text)
    assert tuple(zip(reading.words, reading.marked, reading.bare, strict=True)) == tuple(
        row[:3] for row in whole.rows
    )
    numbers = [number for number, length in enumerate(whole.lengths) for _ in range(length)]
    assert (reading.sentence, reading.asks) == (tuple(numbers), whole.asks)
    assert all(one is None or one == bare for one, bare in zip(whole.bare, reading.is_bare, strict=True))
