"""Splits a reply into sentences, normalised for the phrases of ``verbs.toml``, with the units they name replaced.

A reply to several people is first split at the names it gives: "Trả lời ông An: … Trả lời bà Bình: …".
Statistical votes (``rules.text.statistical_vote``) judge the sentences; this module makes their features.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise

from rules.reply.patterns import LinePatterns, load_line_patterns
from rules.reply.unit_names import UnitNames
from rules.text import has_marks, squash, strip_marks
from rules.text.dates import dates_in
from rules.text.patterns import one_of_list, words_of
from rules.text.statistical_vote import by_name, features
from rules.text.tokens import Tokenizer
from rules.values.data_file import SOURCES_KEPT, Source

NO_SHORT_FORMS: Mapping[str, str] = {}
MOST_CHARS = 12_000
"""Only the first pages of a reply are analysed, so that a text of any size costs no more."""
LAST_CHARS = 2_000
"""What forbids to send a text may also stand in so many characters at its end."""
_PIECE = re.compile(r"[^.!?:\n]+[.!?]*")
UNMARKED_WORDS = 6
"""A sentence with so many words and no diacritics was typed without, whatever its writer's signature has."""
WITH_FILE = "mfile"
"""What is said beside a document counts once more by itself: "kính gửi Quý Ban" is then a note to an answer."""
HEAD_LINES = 14
"""The head of an official document has at most so many lines, blank ones counted."""
CLOSING_LINES, NAME_WORDS = 5, 8
"""A mail closes within its last lines; a line below that only tells who writes has at most so many words."""
LONG_LINE = 50
"""A line this long without a full stop was wrapped and goes on in the next (RFC 3676 §4.2 speaks of 78)."""
_LETTERS = re.compile(r"[^\W\d_]+")
_WORDS = re.compile(r"[^\W_]+")
_ENDS = re.compile(r"(?<=[.!?;…])\s+(?=[^\W\d_]*[A-ZĐÀ-Ỹ\d\"“(+-])|(?<=[!?;])\s+")
_QUOTATION = re.compile(r'[“"][^“”"\n]{12,400}[”"]')
_BULLET = re.compile(r"^\s*(?:[-+*•–]|\d{1,2}[.)/]|[a-zđ]\))\s+")
_KINDS_OF_WORD = tuple(
    (re.compile(pattern), f" {name} ")
    for pattern, name in (
        (r"⟦\d+⟧", "nameofunit"),
        (r"\b(?!p-)[a-zđ]{1,8}-20\d\d-\d+", "numberofquestion"),
        (r"\b\d[\d.,]*\s?(?:đồng|dong|đ|vnđ|triệu|trieu|tỷ|ty|tr|k|nghìn|nghin)\b", "amount"),
        (r"\b\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?(?:20)?\d\d)?\b", "dayofyear"),
        (r"\b\d+/(?:\d{4}/)?[a-zđ][\w-]*", "numberofpaper"),
        (r"\d[\d.,]*", "figure"),
        (r"\?", "asked"),
    )
)
"""Expressions replaced by one word for their kind, in this order."""
_MONTH = re.compile(r"(?<![\d/])\d{1,2}/20\d\d(?!\d)|\b[qQ]u[ýy]\s+(?:[IVX]+|\d)\s*/\s*20\d\d")
"""A month or quarter with its year."""
_tokens = Tokenizer()


@dataclass(frozen=True, slots=True)
class Sentence:
    """``words`` is normalised; a unit's name is replaced by ``⟦n⟧``, and ``units[n]`` are its codes."""

    raw: str
    words: str
    units: tuple[tuple[str, ...], ...]
    bare: bool

    @property
    def count(self) -> int:
        """The number of words."""
        return len(self.words.split())


def sentences_of(
    text: str,
    names: UnitNames,
    lines: LinePatterns,
    bare: bool | None = None,
    short: Mapping[str, str] = NO_SHORT_FORMS,
) -> tuple[Sentence, ...]:
    """The sentences of a text's first part, in order. ``bare`` (typed without diacritics) is judged on that part.

    ``short`` maps short forms typed in haste ("ko") to the words they stand for.
    """
    text = text[:MOST_CHARS]
    plain = is_bare(text) if bare is None else bare
    return tuple(
        _sentence(raw, names, plain or (bare is None and _is_unmarked(raw)), short) for raw in _cut(text, lines)
    )


def both_ends(text: str) -> tuple[str, ...]:
    """The first pages of a text, and its last lines if they stand further below."""
    return (text[:MOST_CHARS], text[max(MOST_CHARS, len(text) - LAST_CHARS) :]) if len(text) > MOST_CHARS else (text,)


def unmarked(sentence: Sentence) -> Sentence | None:
    """A sentence without any diacritics, to be compared without; None if it has some, or is compared so already."""
    return (
        None
        if sentence.bare or has_marks(sentence.raw)
        else replace(sentence, words=strip_marks(sentence.words), bare=True)
    )


def without_repeated(text: str, other: str) -> str:
    """The first pages of a text without the sentences that only repeat words of the other text."""
    known = squash(other[:MOST_CHARS])
    return _PIECE.sub(lambda piece: "" if squash(piece[0]).strip(".?! ") in known else piece[0], text[:MOST_CHARS])


def without_quotations(text: str) -> str:
    """The text without quotations, which are other people's words, unless nearly all of it is quoted."""
    kept = _QUOTATION.sub(" … ", text)
    return kept if 2 * len(kept) >= len(text) else text


def matter_of(text: str, lines: LinePatterns) -> str:
    """What a reply says, without a document's head and foot (Decree 30/2020/NĐ-CP), greeting and closing.

    Agency, number, "V/v trả lời …", date, copies and signature are alike whatever the document says; "Hỏi: …" above
    "Trả lời: …" is the requester's.
    """
    rows = lines.repeated.sub("", text).split("\n")
    begins = next((place for place, row in enumerate(rows[:HEAD_LINES]) if lines.paper_to.match(row)), 0)
    start = begins if any(map(lines.paper_number.match, rows[:begins])) else 0
    end = next((place for place, row in enumerate(rows) if place > start and lines.paper_foot.match(row)), len(rows))
    said = _before_closing([row for row in rows[start:end] if row.strip()], lines)
    matter = said[1:] if len(said) > 1 and lines.to_board.match(said[0]) else said
    return "\n".join(matter) or text


def _before_closing(said: list[str], lines: LinePatterns) -> list[str]:
    """The lines above "Trân trọng cảm ơn", where what stands below is but a name, a post or a number."""
    for place in range(max(1, len(said) - CLOSING_LINES), len(said)):
        below = said[place + 1 :]
        if lines.closing.match(said[place]) and not any("?" in row or len(row.split()) > NAME_WORDS for row in below):
            return said[:place]
    return said


def is_bare(text: str) -> bool:
    """True when hardly any word has diacritics; it is then compared without them."""
    if text.isascii():
        return True
    words = _LETTERS.findall(text)
    marked = filter(has_marks, words)  # read until a tenth of the words has some
    return next(islice(marked, len(words) // 10, None), None) is None


def _is_unmarked(raw: str) -> bool:
    """True for a sentence of several words without any diacritics in a text that has some."""
    words = _LETTERS.findall(raw)
    return len(words) >= UNMARKED_WORDS and not any(has_marks(word) for word in words)


def _sentence(raw: str, names: UnitNames, bare: bool, short: Mapping[str, str]) -> Sentence:
    squashed = strip_marks(squash(raw)) if bare else squash(raw)
    mentions = names.find(squashed, bare=bare)
    pieces, last = [], 0
    for number, mention in enumerate(mentions):
        pieces += [squashed[last : mention.start], f" ⟦{number}⟧ "]
        last = mention.end
    words = words_of("".join(pieces) + squashed[last:])
    if short:
        words = " ".join(short.get(word, word) for word in words.split(" "))
        words = strip_marks(words) if bare else words
    return Sentence(raw, words, tuple(mention.codes for mention in mentions), bare)


def _cut(text: str, lines: LinePatterns) -> Iterator[str]:
    for paragraph in _unwrapped(text, lines):
        held, hello = "", lines.hello.match(paragraph)
        if hello:
            yield hello.group().strip()
        for piece in _ENDS.split(paragraph[hello.end() :] if hello else paragraph):
            held = f"{held} {piece}".strip()
            if not lines.abbreviated.search(held):
                if held:
                    yield held
                held = ""
        if held:
            yield held


def _unwrapped(text: str, lines: LinePatterns) -> Iterator[str]:
    """Joins lines that a mail program had wrapped."""
    held = ""
    for line in text.split("\n"):
        bare = line.strip()
        joins = held and bare and not _BULLET.match(bare) and not re.search(r"[.!?:;]$", held)
        joins = joins and not lines.greeting.match(held)
        if joins and (len(held.rsplit("\n", 1)[-1]) >= LONG_LINE or bare[0].islower() or held[-1] == ","):
            held = f"{held} {bare}"
            continue
        if held:
            yield held
        held = bare
    if held:
        yield held


@lru_cache(maxsize=SOURCES_KEPT)
def amounts(source: Source) -> re.Pattern[str]:
    """A figure with its measure, in lower-case text."""
    units = sorted(source.toml("verbs.toml")["evidence"]["measures"].split(), key=len, reverse=True)
    forms = "|".join(dict.fromkeys(re.escape(form) for unit in units for form in (unit, strip_marks(unit))))
    return re.compile(rf"(?<![\d/])\d[\d.,]*\s?(?:{forms})(?![\w])")


@lru_cache(maxsize=SOURCES_KEPT)
def _common(source: Source) -> frozenset[str]:
    return frozenset(strip_marks(source.toml("verbs.toml")["evidence"]["common"]).split())


def syllables_of(text: str) -> list[str]:
    """The words of letters in a text, without marks."""
    return _LETTERS.findall(strip_marks(squash(text)))


def spaced(text: str, *, bare: bool = True) -> str:
    """The words of a text between single blanks, so that whole words are found in it; ``bare``: without marks."""
    said = squash(text)
    return f" {' '.join(_WORDS.findall(strip_marks(said) if bare else said))} "


def content_of(asked: str, source: Source) -> frozenset[str]:
    """The syllables of the question that carry its meaning, and its pairs of syllables."""
    words = syllables_of(asked)
    single = {word for word in words if word not in _common(source)}
    pairs = {f"{one} {other}" for one, other in pairwise(words) if one in single or other in single}
    return frozenset(single | pairs)


def shares_words(sentence: Sentence, known: frozenset[str]) -> bool:
    """Whether a sentence repeats a word of weight, or a pair of words, of the question."""
    words = syllables_of(re.sub(r"⟦\d+⟧", " ", sentence.words))
    return not known.isdisjoint({*words, *(f"{left} {right}" for left, right in pairwise(words))})


def tells_a_day(raw: str) -> bool:
    """Whether a day stands in a sentence, or a month or quarter with its year."""
    return bool(dates_in(raw, None) or _MONTH.search(raw))


def of_several_people(text: str, lines: LinePatterns) -> bool:
    """Whether two numbers of identity, or three mobile telephones, stand in it: they are of several people. Two desks
    that an answer names may have a mobile telephone each, and a signature is no matter."""
    said = "\n".join(both_ends(matter_of(text, lines)))
    most = ((lines.identity, 1), (lines.mobile, 2))
    return any(len({re.sub(r"\D", "", match[0]) for match in each.finditer(said)}) > few for each, few in most)


def identities(text: str, source: Source) -> set[str]:
    """The figures of the numbers of identity in a text, among which an account of as many figures is none."""
    matches, account = load_line_patterns(source).identity.finditer(text), _account(source)
    persons = (match[0] for match in matches if not account.search(text, max(0, match.start() - 80), match.start()))
    return {re.sub(r"\D", "", one) for one in persons}


@lru_cache(maxsize=SOURCES_KEPT)
def _account(source: Source) -> re.Pattern[str]:
    """All that stands before the number of a bank account."""
    of = {key: one_of_list(source.toml("verbs.toml")["lines"][key]) for key in ("accounts", "account_words")}
    words = rf"(?:\W{{1,3}}{of['account_words']}(?!\w)){{0,5}}"
    return re.compile(rf"(?<!\w){of['accounts']}{words}\W{{1,3}}$", re.IGNORECASE)


def plain_lines(text: str) -> str:
    """The lines of a text squashed, without marks."""
    return "\n".join(strip_marks(squash(line)) for line in text.split("\n"))


_LINE_ENDS = re.compile(r"(?<=[.;!])[ \t]+(?=\S)")
"""A head may also begin a sentence within a line."""


@dataclass(frozen=True, slots=True)
class NamedPart:
    """The text addressed to one person, without the words that name them."""

    name: str
    text: str


def named_parts(text: str, lines: LinePatterns) -> tuple[str, tuple[NamedPart, ...]]:
    """The text before the first head, and the parts; () when fewer than two people are named."""
    lined = _LINE_ENDS.sub("\n", text)
    heads = list(lines.head.finditer(lined))
    if len({squash(match[1]) for match in heads}) < 2:
        return text, ()
    ends = [*(match.start() for match in heads[1:]), len(lined)]
    parts = tuple(
        NamedPart(match[1], lined[match.end() : end].strip()) for match, end in zip(heads, ends, strict=True)
    )
    return lined[: heads[0].start()].strip(), parts


def is_named(asker: str, name: str) -> bool:
    """Whether "An", "Văn An" or "Nguyễn Văn An" means that requester: the last words of the full name."""
    own, said = strip_marks(squash(asker)).split(), strip_marks(squash(name)).split()
    marked = squash(name) != strip_marks(squash(name))
    if marked:
        own, said = squash(asker).split(), squash(name).split()
    return bool(said) and own[-len(said) :] == said


def features_of(sentences: Sequence[Sentence]) -> Mapping[str, float]:
    """The features of a text that a vote uses: syllables and their pairs, and how sentences begin and end, which
    tells an order from a plan or a question ("Để em …", "… à").

    Numbers, days, amounts and names of units each count as one word.
    """
    text = " . \n\n".join(f"ofbegin {_classed(sentence)} ofend" for sentence in sentences)
    return by_name(features(_tokens(text)))


def counted(sentences: Sequence[Sentence], files: int) -> Mapping[str, float]:
    """The features of a text beside so many documents."""
    counts = features_of(sentences)
    beside = {f"{WITH_FILE} {one}": count for one, count in counts.items()} if files else {}
    return {**counts, **beside}


def _classed(sentence: Sentence) -> str:
    words = f"{sentence.words} ?" if "?" in sentence.raw and "?" not in sentence.words else sentence.words
    for pattern, name in _KINDS_OF_WORD:
        words = pattern.sub(name, words)
    return words


def corrects_part(text: str, whole: str, source: Source) -> bool:
    """True for words that put a place of a text right and cannot stand in its stead: "ngày 13 chứ không phải 12"."""
    said, before, plain = len(text.split()), len(whole.split()), squash(text.lower())
    return 2 * said < before or (said < before and any(one in plain for one in _contrasts(source)))


@lru_cache(maxsize=SOURCES_KEPT)
def _contrasts(source: Source) -> tuple[str, ...]:
    return tuple(source.toml("verbs.toml")["acts"]["contrasts"])
