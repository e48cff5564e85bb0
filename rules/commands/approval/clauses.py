"""Divides a leader's answer into parts, each of which may approve, remark or doubt.

Greeting, closing and signature are left out. Words typed in haste are read as they are meant; a number or day becomes
``OWN`` when it stands in the paper and ``OTHER`` when it does not, a name behind a title or a particle ``NAME``,
the number of a document ``ISSUE`` and that of a question ``QUESTION``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rules.commands.approval.words import LeaderWords, Phrases, Said, load_leader_words
from rules.commands.plain.words import written_out
from rules.message.quote_markers import DEFAULT
from rules.text import has_marks, squash, strip_marks
from rules.text.patterns import Words
from rules.values.data_file import Source

OWN, OTHER, NAME, ISSUE, QUESTION = "sonay", "sokhac", "tenrieng", "sohieu", "sohoi"
_SENTENCE = re.compile(r"(?<=[.!?;…])\s+|(?<=[^\W\dA-Z_]{2}[.!;])(?=[^\W\da-z_])|\n+")
_PART = re.compile(r",\s+|,$|:\s+|:$|\s[-–+]\s|…|\.\.+|[()]")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d[\d:hg/.-]*\d|\d+h?")
_ISSUE = re.compile(r"\b\d{1,5}/[^\W\d_][\w-]*")
_NUMBERED = re.compile(r"([^\W\d_]+[ \t]+[^\W\d_]+)[ \t]+số[ \t]+\d", re.IGNORECASE)
_PIECES = re.compile(r"[/.:hg-]")
_CALLED = re.compile(r"^\W*([^\W\d_]+)\s+([^\W\d_]+)\b[\s,]*")
_GREETED = re.compile(r"[,:!]\s*|\s[-–]\s")
_BELOW = re.compile(r"^\s*(?:--|__)")
_PIECE = re.compile(r"\s[-–]\s|,")
_CONTACT = re.compile(r"^\S+@\S+$|^[\dxX .()+/-]{8,}$")
NAME_WORDS = range(1, 7)
UNMARKED_WORDS = 5
"""A sentence of at least so many words without diacritics counts as typed without them, whatever the mail has."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence, as written and as read."""

    raw: str
    said: Said


@dataclass(frozen=True, slots=True)
class Paper:
    """The numbers and days of the paper, also day and hour by themselves, and its words without diacritics."""

    numbers: frozenset[tuple[str, ...]]
    days: frozenset[str]
    spelt: tuple[str, ...]
    codes: frozenset[str]
    """Numbers of sessions and questions ("P-2026-01")."""
    pairs: frozenset[tuple[str, ...]]
    """Two words that follow each other in it; with diacritics and without."""
    numbered: frozenset[str]
    """The last two words before "số" and a number ("Phòng họp số 2")."""

    @property
    def of_years(self) -> frozenset[tuple[str, ...]]:
        """The counts of its sessions with their year: "1" and "2026" of P-2026-01."""
        found = (code.split("-") for code in self.codes if code.startswith("P-"))
        return frozenset((count.lstrip("0"), year) for _, year, count in found)

    def names(self, statement: Said, at: int) -> bool:
        """Whether a word stands in the paper next to the same word, before or after it."""
        return statement.words[max(at - 1, 0) : at + 1] in self.pairs or statement.words[at : at + 2] in self.pairs

    def states(self, statement: Said) -> bool:
        """Whether the words stand in the paper in this order, one after the other."""
        return len(statement) > 1 and all(pair in self.pairs for pair in pairwise(statement.words))


def paper_of(text: str, words: LeaderWords) -> Paper:
    """What an answer may name of a paper."""
    found = [_pieces(one) for one in _NUMBER.findall(text)]
    numbers = {one[:end] for one in found for end in range(min(2, len(one)), len(one) + 1)}
    days = {one[0] for one in found if len(one) > 1}
    spelt = sorted(
        {form for one in found if len(one) > 1 for form in _spelt(one, words.digits)}, key=len, reverse=True
    )
    said = _WORD.findall(squash(text))
    pairs = frozenset(pairwise(said)) | frozenset(pairwise(map(strip_marks, said)))
    codes = frozenset(one.upper() for one in words.codes.findall(text))
    ahead = [word for one in _NUMBERED.findall(text) for word in squash(one).split()]
    numbered = frozenset((*ahead, *map(strip_marks, ahead)))
    return Paper(frozenset(numbers), frozenset(days), tuple(spelt), codes, pairs, numbered)


def _pieces(number: str) -> tuple[str, ...]:
    return tuple(part.lstrip("0") or "0" for part in _PIECES.split(number) if part)


def _spelt(day: tuple[str, ...], digits: Sequence[str]) -> Iterator[str]:
    """A day as it is dictated: "hai mươi sáu tháng mười một", "hai sáu tháng mười một", "hai mươi sáu"."""
    if all(one.isdigit() and 0 < int(one) < 32 for one in day[:2]):
        for text in _number_words(int(day[0]), digits):
            yield from (f"{text} {digits[0]} {month}" for month in _number_words(int(day[1]), digits))
            if int(day[0]) > 20:
                yield text


def _number_words(number: int, digits: Sequence[str]) -> tuple[str, ...]:
    """A number up to 31 in words; ``digits`` holds "tháng", one to ten, "lăm" and "mươi"."""
    tens, ones = divmod(number, 10)
    if number <= 10:
        return (digits[number],)
    one = digits[11] if ones == 5 else digits[ones] if ones else ""
    if tens == 1:
        return (f"{digits[10]} {one}",)
    return (f"{digits[tens]} {digits[12]} {one}".strip(), f"{digits[tens]} {one}".strip())


def parts_of(text: str, paper: Paper, words: LeaderWords) -> list[Part]:
    """The parts of an answer, in order."""
    body = body_of(text, words)
    typed_bare = not has_marks(body)
    parts: list[Part] = []
    for sentence in _SENTENCE.split(body):
        bare = typed_bare or (not has_marks(sentence) and len(_WORD.findall(sentence)) >= UNMARKED_WORDS)
        told = _behind_call(sentence, words)
        pieces = (one.strip() for one in _PART.split(told) if one and _WORD.search(one))
        parts += [Part(one, read(one, paper, words, bare=bare)) for one in pieces]
    return parts


def _behind_call(sentence: str, words: LeaderWords) -> str:
    """The sentence without "Mai ơi," before it."""
    match = _CALLED.match(sentence)
    called = match and match[1][0].isupper() and words.form.calls.at(Said((squash(match[2]),), bare=False), 0)
    return sentence[match.end() :] if match and called else sentence


def read(raw: str, paper: Paper, words: LeaderWords, *, bare: bool) -> Said:
    """The words of a part, as they are meant."""
    text = _ISSUE.sub(f" {ISSUE} ", raw)
    text = words.codes.sub(lambda match: f" {_code(match[0].upper(), paper)} ", text)
    text = _NUMBER.sub(lambda match: f" {_number(match, text, paper, words)} ", text)
    said = _names_read(_WORD.findall(text), words, bare=bare)
    meant: list[str] = []
    at = 0
    while at < len(said):
        length = next((n for n in (2, 1) if tuple(said[at : at + n]) in words.slips), 0)
        form = words.slips[tuple(said[at : at + length])].split() if length else [said[at]]
        meant += [strip_marks(one) if bare else one for one in form]
        at += length or 1
    joined = f" {' '.join(meant)} "
    for one in paper.spelt:
        joined = joined.replace(f" {strip_marks(one) if bare else one} ", f" {OWN} ")
    return Said(tuple(joined.split()), bare)


def _code(code: str, paper: Paper) -> str:
    """A question that the paper does not name may be spoken of beside it; another session is another paper."""
    return OWN if code in paper.codes else OTHER if code.startswith("P-") else QUESTION


def _names_read(typed: Sequence[str], words: LeaderWords, *, bare: bool) -> list[str]:
    """The words in small letters; capitals between a title or particle and a particle or the end, as a name."""
    said = [squash(one) for one in typed]
    form, at = words.form, 1
    while at < len(typed):
        ends = next((end for end in range(at, len(typed)) if not typed[end][0].isupper()), len(typed))
        first, behind = Said((said[at - 1], said[at]), bare), Said(tuple(said[ends : ends + 1]), bare)
        stands = form.named.at(first, 0) and not form.no_person.at(first, 1)
        if ends > at and stands and (ends == len(typed) or form.particles.at(behind, 0)):
            said[at:ends] = [NAME, *[""] * (ends - at - 1)]
        at = max(ends, at + 1)
    return [one for one in said if one]


LONGEST_AHEAD = 60
"""The word before a number stands within so many characters."""


def _number(match: re.Match[str], text: str, paper: Paper, words: LeaderWords) -> str:
    """Whether a number is the paper's: a day or an hour in full, or a number behind the same word."""
    before = _said(text[max(match.start() - LONGEST_AHEAD, 0) : match.start()])
    ahead, called, pieces = before.words[-1:], _unnumbered(before), _pieces(match[0])
    of_session = words.sessions.called.ends(called)
    if len(pieces) > 1:
        return OWN if pieces in paper.numbers or (of_session and pieces in paper.of_years) else OTHER
    behind = Said(_said(text[match.end() : match.end() + LONGEST_AHEAD]).words, bare=not has_marks(text))
    own = match[0].isdigit() and words.sessions.is_one_of(paper.of_years, pieces[0], behind)
    if of_session and (own or called != before):
        return OWN if own else OTHER
    of_day = pieces[0] in paper.days and (
        match[0].endswith("h") or words.form.days.ends(Said(tuple(ahead), bare=not has_marks(text)))
    )
    return OWN if of_day or (*ahead, pieces[0]) in paper.pairs else OTHER


_DATELINE = re.compile(
    r"(?:[^\d,]{2,25},)?\s*(?:ngày|ngay)\s+0?(\d{1,2})(?:[/.-]|\s+(?:tháng|thang)\s+)0?(\d{1,2})"
    r"(?:[/.-]|\s+(?:năm|nam)\s+)(\d{4})\W*",
    re.IGNORECASE,
)


def without_dateline(text: str, on: date) -> str:
    """The text without a line below the first that only gives place and day of writing (Decree 30/2020/NĐ-CP)."""
    own = (str(on.day), str(on.month), str(on.year))
    lines = ((one, _DATELINE.fullmatch(one.strip())) for one in text.split("\n"))
    return "\n".join(one for at, (one, dated) in enumerate(lines) if not (at and dated and dated.groups() == own))


LONGEST_DEVICE = 5
"""The most words of a line that a telephone adds ("Gửi từ iPhone của tôi")."""


def body_of(text: str, words: LeaderWords) -> str:
    """The lines behind the greeting, without closing and signature."""
    kept: list[str] = []
    for line in written_out(text).strip().splitlines():
        if _BELOW.match(line):
            break
        statement = _said(line)
        if kept and words.form.closes.whole(statement):
            continue
        told = _behind_greeting(line) if words.form.greets.at(statement, 0) else line
        kept += [told] if _WORD.search(told) else []
    while len(kept) > 1 and _signs(kept[-1], words):
        kept.pop()
    return "\n".join([*kept[:-1], *(_without_device(one, words) for one in kept[-1:])])


def _without_device(line: str, words: LeaderWords) -> str:
    """ "Nhat tri. Gui tu dien thoai": a telephone's line that somebody's program put behind the sentence."""
    ahead, stop, last = line.rpartition(". ")
    statement = _said(last)
    short = len(statement) <= LONGEST_DEVICE  # "Gửi từ sáng mai cho các sở nhé" is a wish
    return f"{ahead}." if stop and short and words.form.devices.at(statement, 0) else line


def _behind_greeting(line: str) -> str:
    return "".join(_GREETED.split(line, maxsplit=1)[1:])


def _said(text: str) -> Said:
    return Said(tuple(squash(one) for one in _WORD.findall(text)), bare=not has_marks(text))


def _signs(line: str, words: LeaderWords) -> bool:
    """True for titles, a name, a number, or what a device adds below a mail, and nothing else."""
    return all(_is_name(one.strip(), words) for one in _PIECE.split(line) if one.strip())


def _is_name(piece: str, words: LeaderWords) -> bool:
    statement, at = _said(piece), 0
    if words.form.devices.at(statement, 0):
        return True
    while length := words.form.titles.at(statement, at):
        at += length
    rest = piece.split()[at:]
    named = len(rest) in NAME_WORDS and all(one[0].isupper() for one in rest) and not _says(statement, words)
    return bool(at and not rest) or named or bool(_CONTACT.search(" ".join(rest).lstrip(": ")))


def _says(statement: Said, words: LeaderWords) -> bool:
    """True for "DUYỆT" or "Đi Sầm Sơn", which are written like a name and are none."""
    return bool(words.act.verbs.find(statement) or words.form.no_name.at(statement, 0))


_GIVEN = re.compile(
    r"\b(?:số|so)(?:\s+(?:văn bản|van ban|hiệu|hieu))?\s+0*([1-9]\d{0,4})(?:/([^\W\d_][\w-]*))?(?![\w/.-]*\d)",
    re.IGNORECASE,
)
LONGEST_GIVEN = 600
"""The most characters of a part that gives the paper its number, since all that stands beside each number is read."""
_RECORDED = re.compile(r"\bsố:?\s*0*([1-9][0-9]{0,4})\b(?!/\d)", re.IGNORECASE)
_COLON = re.compile(r"\b(số|so)\s*:\s*(?=\d)", re.IGNORECASE)


def number_given(text: str, title: str, source: Source = DEFAULT) -> int | None:
    """The number that a leader gives the paper of this title ("Duyệt, số 05/KH-BBT"); None for no number, or several.

    It stands alone or after a word of approving or giving; other numbers are those of questions, rooms, other
    documents.
    """
    words = load_leader_words(source)
    parts = parts_of(_COLON.sub(r"\1 ", text), paper_of("", words), words)
    found = {number for one in parts for number in _numbers_given(one.raw, _said(title).words[:2], words)}
    return found.pop() if len(found) == 1 else None


def _numbers_given(raw: str, kind: Words, words: LeaderWords) -> Iterator[int]:
    """``kind``: the two words that name the kind of paper; a number with letters behind it has their first ones."""
    for match in _GIVEN.finditer(raw) if len(raw) <= LONGEST_GIVEN else ():
        ahead, behind = _said(raw[: match.start()]), _said(raw[match.end() :])
        series = strip_marks("".join(one[0] for one in kind))
        if match[2] and not squash(match[2]).startswith(series):
            continue
        if match[2] and ahead.words[-2:] == kind:
            ahead = ahead.cut(0, len(ahead) - 2)
        act, polite = words.act, (words.act.own, words.act.people, words.act.before, words.form.particles)
        meant = _has_only(ahead, (*polite, act.verbs, act.signs, act.acts, act.assents)) or act.numbers.ends(ahead)
        if meant and (_has_only(behind, (*polite, act.beside)) or words.form.days.at(behind, 0)):
            yield int(match[1])


def is_of_another(statement: Said, paper: Paper, words: LeaderWords, *, approves: bool) -> bool:
    """ "Không phải bản này", "không ban hành", "phòng họp số 3" for another number: the paper is not approved as it
    is. A mere remark such as "làm như phiên số 1" adds a wish instead."""
    act = words.act
    polite = (act.own, act.people, words.form.particles)
    found = [at + max(act.another.at(statement, at), act.holds.at(statement, at)) for at in range(len(statement))]
    if any(ends > at and _has_only(statement.cut(ends, len(statement)), polite) for at, ends in enumerate(found)):
        return True
    places = (at for at, word in enumerate(statement.words) if word == OTHER)
    ahead = (statement.cut(0, at) for at in places)
    return any(_is_numbered(one, paper, words) for one in ahead if approves or not words.sessions.alike.find(one))


def _is_numbered(ahead: Said, paper: Paper, words: LeaderWords) -> bool:
    """Whether the words before a number have another number in the paper, or are a session's, whose own it is not; a
    paper itself may get its own."""
    ahead = _unnumbered(ahead)
    other = not words.act.wholes.ends(ahead) and not paper.numbered.isdisjoint(ahead.words[-1:])
    return other or words.sessions.called.ends(ahead)


def _unnumbered(statement: Said) -> Said:
    """The words without a last "số"."""
    return statement.cut(0, len(statement) - 1) if statement.words[-1:] in {("số",), ("so",)} else statement


def _has_only(statement: Said, lists: Sequence[Phrases]) -> bool:
    """Whether words are phrases of these lists and nothing else; so with none at all."""
    at = 0
    while length := max(one.at(statement, at) for one in lists):
        at += length
    return at == len(statement)


def number_recorded(order: str) -> int | None:
    """The number in an order that tells what was issued ("Đã ban hành báo cáo số 12/BC-BBT")."""
    match = _RECORDED.search(order)
    return int(match[1]) if match else None
