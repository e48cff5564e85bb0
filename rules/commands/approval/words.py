"""The words of a leader's answer (``leaders.toml``), and their places in a sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeVar

from rules.message.quote_markers import DEFAULT
from rules.text import strip_marks
from rules.text.patterns import PhraseList, Words, one_of_words, plainly, spelt_out
from rules.values.data_file import SOURCES_KEPT, Source

_Section = TypeVar("_Section")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
PAIRS = "approval_pairs.tsv"
"""Each two words, without diacritics, that follow each other in the approvals from which the vote has learnt."""
MOST_STRANGE, STRANGE_SHARE = 6, 0.4
"""An answer with more pairs of words than this that stand in no approval, and with more than this share of its pairs,
is likely to be about another matter. Of 68 such mails of a writer whom the vote had not learnt ("Duyệt. Mớ giấy vụn
trong kho …") it stops 54, and 8 of his 129 approvals; of 3,387 approvals in tables left out in turn 165."""


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a part of a text; ``bare`` when it was typed without diacritics."""

    words: Words
    bare: bool

    def __len__(self) -> int:
        return len(self.words)

    def cut(self, begins: int, ends: int) -> Said:
        """The words between two places."""
        return Said(self.words[begins:ends], self.bare)


class Phrases:
    """A list of phrases by their first word; compared without diacritics in a text that has none, or if ``plain``."""

    def __init__(self, said: Sequence[str], *, plain: bool = False) -> None:
        self._plain = plain
        self._list = PhraseList(said)

    def at(self, statement: Said, place: int) -> int:
        """The length of the longest phrase that begins at a place; 0 for none."""
        words = _bare(statement.words) if self._plain else statement.words
        return self._list.longest(words, place, bare=statement.bare or self._plain)

    def whole(self, statement: Said) -> bool:
        """Whether a text is a phrase and nothing else."""
        return bool(len(statement)) and self.at(statement, 0) == len(statement)

    def find(self, statement: Said) -> str:
        """The first phrase in a text; "" for none."""
        return next(
            (" ".join(statement.words[at : at + n]) for at in range(len(statement)) if (n := self.at(statement, at))),
            "",
        )

    def ends(self, statement: Said) -> bool:
        """Whether a text ends with a phrase."""
        return any(self.at(statement, at) == len(statement) - at for at in range(len(statement)))


def _bare(said: Words) -> Words:
    return tuple(map(_stripped, said))


@lru_cache(maxsize=4096)
def _stripped(word: str) -> str:
    """A word without diacritics; the same few hundred stand in thousands of phrases."""
    return strip_marks(word)


@dataclass(frozen=True, slots=True)
class FormWords:
    """How an answer is divided."""

    greets: Phrases
    closes: Phrases
    titles: Phrases
    devices: Phrases
    no_name: Phrases
    no_person: Phrases
    named: Phrases
    calls: Phrases
    days: Phrases
    particles: Phrases


@dataclass(frozen=True, slots=True)
class ActWords:
    """Words of the part in which the leader approves."""

    verbs: Phrases
    signs: Phrases
    acts: Phrases
    assents: Phrases
    plain: Phrases
    """Whole answers."""
    own: Phrases
    people: Phrases
    before: Phrases
    behind: Phrases
    beside: Phrases
    reads: Phrases
    parts: Phrases
    wholes: Phrases
    papers: Phrases
    condition: Phrases
    another: Phrases
    holds: Phrases
    notes: Phrases
    changes: Phrases
    numbers: Phrases


@dataclass(frozen=True, slots=True)
class SessionWords:
    """How a leader names a session by its number, and what else a figure behind its name may be."""

    called: Phrases
    counts: Phrases
    year: Phrases
    alike: Phrases

    def is_one_of(self, sessions: Collection[Words], count: str, behind: Said) -> bool:
        """Whether a figure is the number of one of these sessions, known with their years; "phiên 2 giờ" counts
        something else, and in "phiên 2 ngày 15/12" the day follows."""
        counted, of_year = self.counts.at(behind, 0), self.year.at(behind, 0)
        if of_year:
            return (count, *behind.words[of_year : of_year + 1]) in sessions
        goes_on = "".join(behind.words[counted : counted + 1]).isdigit()
        return any(one[0] == count for one in sessions) and (not counted or goes_on)


@dataclass(frozen=True, slots=True)
class ReturnWords:
    """Words that return a paper."""

    taught: Phrases
    back: Phrases
    refuses: Phrases
    but: Phrases
    must: Phrases
    alters: Phrases
    open: Phrases


@dataclass(frozen=True, slots=True)
class LeaderWords:
    """All words of ``leaders.toml``."""

    slips: Mapping[Words, str]
    digits: Sequence[str]
    """The word for month, one to ten, and five and ten as they are said after tens."""
    codes: re.Pattern[str]
    """Numbers of sessions ("P-2026-01") and of this register's questions."""
    sessions: SessionWords
    form: FormWords
    act: ActWords
    returns: ReturnWords


@lru_cache(maxsize=SOURCES_KEPT)
def load_leader_words(source: Source = DEFAULT) -> LeaderWords:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("leaders.toml")
    return LeaderWords(
        slips={tuple(form.split()): meant for meant, forms in data["slips"].items() for form in forms},
        digits=tuple(data["digits"]["said"]),
        codes=re.compile(rf"\b(?:P|{re.escape(source.prefix)})-\d{{4}}-\d+", re.IGNORECASE),
        sessions=_section(SessionWords, data["session_number"]),
        form=_section(FormWords, data["form"]),
        act=_section(ActWords, data["act"]),
        returns=_section(ReturnWords, data["returns"]),
    )


def _section(kind: type[_Section], data: Mapping[str, Any]) -> _Section:
    return kind(**{name: Phrases(data[name], plain=name == "verbs") for name in kind.__annotations__})


def names_one(papers: Sequence[str], parts: Iterable[Said]) -> bool:
    """Whether a part is about one of these papers: "kịch bản sửa lại câu 2", "còn kịch bản thì …"."""
    named = Phrases(papers)
    return any(named.at(statement, at) for statement in parts for at in (0, 1))


def orders_change(statement: Said, at: int, words: LeaderWords) -> bool:
    """Whether a change is ordered right behind the "but", and neither asked nor denied."""
    at += words.returns.but.at(statement, at)
    while length := max(one.at(statement, at) for one in (words.returns.must, words.act.people, words.act.own)):
        at += length
    length = words.returns.alters.at(statement, at)
    return bool(length) and not words.returns.open.find(statement.cut(at + length, len(statement)))


def begins_refusing(statement: Said, words: LeaderWords) -> bool:
    """Whether a part begins with a word of refusing, behind who refuses."""
    at = 0
    while length := max(one.at(statement, at) for one in (words.act.own, words.act.people, words.act.before)):
        at += length
    return bool(words.returns.refuses.at(statement, at))


def names_nothing(statement: Said, words: LeaderWords) -> bool:
    """True for "Trả lại nhé em", which says nothing of what is wrong."""
    at = words.returns.back.at(statement, 0)
    while at and at < len(statement):
        length = max(one.at(statement, at) for one in (words.act.people, words.act.beside, words.act.own))
        at = at + length if length else 0
    return bool(at)


def grumble_ahead(text: str, source: Source = DEFAULT) -> tuple[str, str]:
    """ "Sao giờ mới trình? Lần này anh duyệt.": the question that asks nothing, and the rest without "lần này"."""
    asked, this_time = _grumbles(source)
    sentences = _SENTENCE.split(text.strip())
    at = next(
        (at for at, one in enumerate(sentences) if not (one.endswith("?") and asked.fullmatch(plainly(one)))), 0
    )
    kept = [this_time.sub("", one, count=1).lstrip(" ,") if at else one for one in sentences[at:]]
    return (" ".join(sentences[:at]), " ".join(one for one in kept if one)) if at else ("", text)


@lru_cache(maxsize=SOURCES_KEPT)
def _grumbles(source: Source) -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = source.toml("hints.toml")["grumbles"]
    said, idle = (
        one_of_words(plainly(form) for each in data[key] for form in spelt_out(each)) for key in ("said", "idle")
    )
    this_time = one_of_words(strip for each in data["this_time"] for strip in (each, strip_marks(each)))
    return re.compile(rf"{said}(?: {idle})*"), re.compile(rf"^\W*{this_time}(?!\w)", re.IGNORECASE)


def pairs_of(answer: Iterable[Said]) -> list[str]:
    """Each two words that follow each other in a part of an answer, without diacritics."""
    return [" ".join(pair) for one in answer for pair in pairwise(_bare(one.words))]


def is_strange(answer: Iterable[Said], source: Source = DEFAULT) -> bool:
    """Whether an answer is full of words that no approval has side by side: its writer is at another matter."""
    pairs = pairs_of(answer)
    strange = len({*pairs} - _approval_pairs(source))
    return strange > MOST_STRANGE and strange > STRANGE_SHARE * len(pairs)


@lru_cache(maxsize=SOURCES_KEPT)
def _approval_pairs(source: Source) -> frozenset[str]:
    return frozenset(row["pair"] for row in source.tsv(PAIRS, ("pair",)))
