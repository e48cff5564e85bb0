"""The quick ways through a text say what the plain ones say."""

from hypothesis import given
from hypothesis import strategies as st

from rules.text.phrase_matcher import Hit, Matcher, _joined, _longest
from rules.text.tokens import read, syllable_keys

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
    assert found == sorted(_longest(sorted(hits)), key=lambda hit: (hit[0], -hit[1]))


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


@given(TEXTS)
def test_heads_with_tails_are_found_as_if_written_out(text: str) -> None:
    heads, tails = ("điện", "nhà đất", "dien thoai", "ở"), ("thoại", "nhà", "TP 12", "dien")
    written = Matcher((*PHRASES, *(f"{head} {tail}" for head in heads for tail in tails)))
    packed, reading = Matcher(PHRASES, [(heads, tails)]), read(text)
    found = [(hit.start, hit.end, min(hit.phrase, len(PHRASES))) for hit in packed.find(reading)]
    assert sorted(found) == sorted(
        (hit.start, hit.end, min(hit.phrase, len(PHRASES))) for hit in written.find(reading)
    )
