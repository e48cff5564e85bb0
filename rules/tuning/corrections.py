"""People's decisions on questions, as labelled data and as proposals for rules (docs/rules.md, section 4).

If an officer sent a question to another unit, or a unit refused it and another took it over, that decision corrects
the program's guess. Each becomes a labelled row, as ``rules test`` reads them; phrases that are frequent in what was
corrected to one unit, and rare elsewhere, are proposed. The requester's data are removed; denunciations are never
included. Counted by month, the corrections show whether it is time to train the votes anew. Last, the effect of a
change of rules on earlier mails: two results for each mail compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.requester.contact_data import find_phones
from rules.routing.routing_rules import TIERS, RoutingTable
from rules.routing.similar import load_similar_words
from rules.text import untype
from rules.text.tokens import read, syllable_keys
from rules.understand.understand import Understanding, without_requester
from rules.values.model import Requester
from rules.values.states import GRAVE, Decision, Kind

COLUMNS = ("id", "text", "sender_name", "address", "phone", "expected_unit", "expected_class", "note")
SHORTEST, LONGEST = 2, 4
"""A proposed phrase has this many syllables."""
LEAST = 2
"""At least this many corrected questions must contain a phrase."""
PURE = 0.8
"""Of all questions that contain it, at least this share must belong to the unit."""
STRONG = 3
"""With this many corrected questions, and none elsewhere, a phrase is proposed as strong."""
MOST = 8
"""At most this many proposals for one unit."""
SHOWN = 5
"""A proposal names at most this many register numbers."""
PLACES = {"ward", "district"}
"""Kinds of units whose questions are recognised by the place, not by phrases."""
HIDDEN = "…"
_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
ASKED = frozenset({Kind.QUESTION, Kind.OUT_OF_SCOPE})
STARTING = frozenset({*GRAVE, *ASKED, Kind.SPAM, Kind.NOT_A_QUESTION, Kind.UNREADABLE})
"""Kinds that depend on the words alone; the others depend on the register as it was that day."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """One question, or one item of it, with the program's guess and people's decision.

    ``guessed`` and ``unit`` are unit codes ("" when there is none); ``first_kind`` is the program's.
    """

    id: str
    text: str
    unit: str
    guessed: str
    kind: Kind = Kind.QUESTION
    first_kind: Kind = Kind.QUESTION
    by: str = "officer"
    """Who decided: "officer", "unit" (refused, taken over by another), or "rules" when nobody did."""
    month: str = ""
    """The month of receipt, as 2026-11."""

    @property
    def corrected(self) -> bool:
        """True when a person decided differently from the program."""
        return self.by != "rules" and (self.kind is not self.first_kind or self.unit != self.guessed)

    @property
    def note(self) -> str:
        """The last column: what was corrected, and by whom."""
        if not self.corrected:
            return f"confirmed by {self.by}"
        kinds = f"{self.first_kind.value} -> {self.kind.value}, " if self.kind is not self.first_kind else ""
        units = f"{self.guessed or '–'} -> {self.unit or '–'}, " if self.guessed != self.unit else ""
        return f"corrected: {kinds}{units}by {self.by}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A phrase for a unit: the numbers of the corrected questions with it, and how many questions of other units."""

    phrase: str
    unit: str
    numbers: tuple[str, ...]
    elsewhere: int
    others: int

    @property
    def tier(self) -> str:
        """The heaviest tier that the phrase may have."""
        return "strong" if len(self.numbers) >= STRONG and not self.elsewhere else "clear"


def without_person(text: str, asker: Requester) -> str:
    """The text on one line without the requester's lines, name, phone numbers and mail addresses."""
    text = without_requester(text, asker)
    for part in (asker.name, *asker.formerly, asker.address, asker.phone):
        text = text.replace(part, HIDDEN) if len(part) > 3 else text
    text = _EMAIL.sub(HIDDEN, text)
    for phone in reversed(find_phones(text)):
        text = text[: phone.start] + HIDDEN + text[phone.end :]
    return " ".join(text.split())


def labelled_row(ruling: Ruling) -> dict[str, str]:
    """A row in the columns of the labelled files."""
    row = dict.fromkeys(COLUMNS, "") | {"id": ruling.id, "text": ruling.text, "note": ruling.note}
    unit = ruling.unit if ruling.kind is Kind.QUESTION else ""
    return row | {"expected_unit": unit, "expected_class": ruling.kind.value}


def propose(
    rulings: Sequence[Ruling], background: Iterable[tuple[str, str]], table: RoutingTable
) -> tuple[Proposal, ...]:
    """Phrases for the units to which questions were corrected, by unit, the best first."""
    corrected = {one.unit for one in rulings if one.corrected and one.unit and one.kind is Kind.QUESTION}
    units = sorted(code for code in corrected if code in table.units and table.units[code].kind not in PLACES)
    if not units:
        return ()
    common = load_similar_words(table.source).common
    wanted = {phrase for unit in units for phrase in _counted(rulings, unit, table, common)}
    texts = [(one.unit, one.text) for one in rulings if one.unit]
    known = [(unit, wanted & _phrases(text, table, common).keys()) for unit, text in (*texts, *background)]
    return tuple(proposal for unit in units for proposal in _of_unit(unit, rulings, known, table, common))


def _of_unit(
    unit: str,
    rulings: Sequence[Ruling],
    known: Sequence[tuple[str, Collection[str]]],
    table: RoutingTable,
    common: frozenset[str],
) -> list[Proposal]:
    counted = {key: found for key, found in _counted(rulings, unit, table, common).items() if len(found[1]) >= LEAST}
    own: dict[str, int] = dict.fromkeys(counted, 0)
    elsewhere: dict[str, int] = dict.fromkeys(counted, 0)
    others = 0
    for whose, phrases in known:
        mine = unit in whose.split("|")
        others += not mine
        for key in counted.keys() & set(phrases):
            (own if mine else elsewhere)[key] += 1
    there = _ruled(unit, table)
    good = [
        Proposal(words, unit, tuple(numbers), elsewhere[key], others)
        for key, (words, numbers) in counted.items()
        if key not in there and own[key] >= PURE * (own[key] + elsewhere[key])
    ]
    return _longest(
        sorted(good, key=lambda one: (-len(one.numbers), one.elsewhere, -len(one.phrase.split()), one.phrase))
    )


def _counted(
    rulings: Sequence[Ruling], unit: str, table: RoutingTable, common: frozenset[str]
) -> dict[str, tuple[str, list[str]]]:
    """Phrases of the questions corrected to a unit: as written, with the numbers of those questions."""
    found: dict[str, tuple[str, list[str]]] = {}
    for one in rulings:
        if one.corrected and one.unit == unit and one.kind is Kind.QUESTION:
            for key, words in _phrases(one.text, table, common).items():
                found.setdefault(key, (words, []))[1].append(one.id)
    return found


def _longest(proposals: Iterable[Proposal]) -> list[Proposal]:
    """The phrases without those contained in a longer, equally frequent one, and those overlapping a better one."""
    kept: list[Proposal] = []
    for proposal in proposals:
        rivals = [other for other in kept if set(proposal.numbers) <= set(other.numbers)]
        if not any(f" {proposal.phrase} " in f" {other.phrase} " or _overlap(proposal, other) for other in rivals):
            kept.append(proposal)
    return kept[:MOST]


def _overlap(proposal: Proposal, other: Proposal) -> bool:
    """True when the two share most of their syllables."""
    mine, others = set(proposal.phrase.split()), set(other.phrase.split())
    return 2 * len(mine & others) > min(len(mine), len(others))


def _ruled(unit: str, table: RoutingTable) -> set[str]:
    """The unit's phrases in the form used for matching."""
    fields = (one.phrases for one in table.fields if one.unit == unit)
    phrases = (phrase for own in fields for tier in TIERS for phrase in own[tier])
    return {" ".join(syllable_keys(word)[0] for word in phrase.split()) for phrase in phrases}


def _phrases(text: str, table: RoutingTable, common: frozenset[str]) -> dict[str, str]:
    """Runs of syllables with diacritics within one sentence that neither begin nor end with an empty word."""
    reading = read(untype(text), table.shorthand)
    found: dict[str, str] = {}
    for start in range(len(reading.words)):
        for end in range(start + SHORTEST, min(start + LONGEST, len(reading.words)) + 1):
            words = reading.words[start:end]
            if reading.is_bare[reading.sentence[start]] or not (words[0][0].isalpha() and words[-1][0].isalpha()):
                break
            if reading.bare[start] in common or reading.bare[end - 1] in common:
                continue
            found.setdefault(" ".join(reading.marked[start:end]), " ".join(words).lower())
    return found


def as_toml(proposals: Iterable[Proposal], counts: Mapping[str, int]) -> Iterator[str]:
    """Lines that an officer can paste; ``counts``: corrected questions by unit."""
    by_unit: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        by_unit.setdefault(proposal.unit, []).append(proposal)
    for unit, found in by_unit.items():
        yield f"# {unit}: từ {counts[unit]} câu hỏi mà cán bộ hoặc đơn vị đã sửa. Xem lại từng cụm trước khi dùng."
        yield f"# Thêm vào bản chép của routing/{unit.lower()}.toml trong thư mục quy tắc của mình."
        yield "[[field]]"
        yield f'unit = "{unit}"'
        yield 'name = "Đề xuất từ các lần sửa"'
        for tier in ("strong", "clear"):
            if chosen := [one for one in found if one.tier == tier]:
                yield f"{tier} = ["
                yield from (f"  {_line(one, counts[unit])}" for one in chosen)
                yield "]"
        yield ""


def _line(proposal: Proposal, corrected: int) -> str:
    numbers = ", ".join(proposal.numbers[:SHOWN]) + (", …" if len(proposal.numbers) > SHOWN else "")
    return (
        f'"{proposal.phrase}",  # {len(proposal.numbers)}/{corrected} câu đã sửa ({numbers});'
        f" ở đơn vị khác: {proposal.elsewhere}/{proposal.others}"
    )


def drift(rulings: Iterable[Ruling]) -> Mapping[str, Mapping[str, Any]]:
    """By month of receipt: how many were decided, how many corrected, and from which unit to which most often."""
    months: dict[str, list[Ruling]] = {}
    for one in rulings:
        months.setdefault(one.month, []).append(one)
    return {month: _by_month(found) for month, found in sorted(months.items())}


def _by_month(found: Sequence[Ruling]) -> Mapping[str, Any]:
    corrected = [one for one in found if one.corrected]
    moved = Counter((one.guessed or "–", one.unit or one.kind.value) for one in corrected)
    return {
        "ruled": len(found),
        "corrected": len(corrected),
        "share": round(len(corrected) / len(found), 4),
        "moved": [[before, after, count] for (before, after), count in moved.most_common(5)],
    }


@dataclass(frozen=True, slots=True)
class Judgement:
    """The actual or possible result for a mail. ``score`` is None when none is on record."""

    kind: Kind
    units: tuple[str, ...] = ()
    score: float | None = None
    forwarded: bool = False
    by: str = ""
    """Who decided on the units, if that is on record: "rules", "officer" or "unit"."""

    def differs(self, other: Judgement) -> bool:
        """True when kind, units or forward/review differ."""
        mine, others = ((judgement.kind, judgement.units, judgement.forwarded) for judgement in (self, other))
        return mine != others

    def in_words(self) -> str:
        """For example ``question SXD 71% review``, without any word of the mail."""
        if self.kind not in ASKED:
            return self.kind.value
        units = "+".join(self.units) or "–"
        score = f" {self.score:.0%}" if self.score is not None else ""
        return f"{self.kind.value} {units}{score} {'forward' if self.forwarded else 'review'}"

    def as_mapping(self) -> dict[str, Any]:
        """For ``--json``."""
        score = None if self.score is None else round(self.score, 4)
        return {
            "kind": self.kind.value,
            "units": list(self.units),
            "score": score,
            "decision": "forward" if self.forwarded else "review" if self.kind in ASKED else "none",
        }


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stored mail with the record, the result of the active rules, and that of the candidate rules."""

    mail: int
    question: str
    decided: Judgement
    active: Judgement
    candidate: Judgement

    def changed(self, recorded: bool) -> bool:
        """True when the candidate's result differs from the active rules', or from the record (``recorded``)."""
        if not recorded:
            return self.candidate.differs(self.active)
        return {self.decided.kind, self.candidate.kind} <= STARTING and self.candidate.differs(self.decided)


def judgement_of(read: Understanding, reachable: Collection[str], whole: bool) -> Judgement:
    """An understanding as a judgement; ``reachable``: units with an address; ``whole`` is False for a broken mail."""
    path = read.route
    units = tuple(dict.fromkeys(one.unit or path.lead for one in path.items)) if path.items else (path.lead,)
    units = tuple(unit for unit in units if unit)
    sends = read.decision is Decision.FORWARD and whole and bool(units) and set(units) <= set(reachable)
    score = path.candidates[0].score if path.candidates else None
    asked = read.kind in ASKED
    return Judgement(read.kind, units if asked else (), score if asked else None, sends and asked)


def loses_safety(before: Kind, after: Judgement) -> bool:
    """True when a complaint or denunciation would no longer be one, or would even be forwarded."""
    return before in GRAVE and after.kind not in GRAVE


def totals(mails: Sequence[Replayed], which: str) -> dict[str, Any]:
    """Figures of one side ("decided", "active", "candidate"): kinds, forwarded, how often the unit is the final one.

    The final unit is the one that has the question now, or that answered it.
    """
    side: list[tuple[Judgement, Judgement]] = [(getattr(one, which), one.decided) for one in mails]
    known = [(mine, final) for mine, final in side if final.units and final.kind in ASKED]
    agreeing = [mine for mine, final in known if mine.units and set(mine.units) <= set(final.units)]
    return {
        "kinds": dict(sorted(Counter(mine.kind.value for mine, _ in side).items())),
        "forward": sum(mine.forwarded for mine, _ in side),
        "review": sum(mine.kind in ASKED and not mine.forwarded for mine, _ in side),
        "final_unit_known": len(known),
        "final_unit_named": len(agreeing),
        "forward_to_another": sum(
            mine.forwarded and not set(mine.units) <= set(final.units) for mine, final in known
        ),
    }


def moves(mails: Iterable[Replayed], recorded: bool) -> list[tuple[str, str, int]]:
    """How many changed from what to what (kind, units, forward or review), the most frequent first."""
    pairs = Counter((_short(one.decided if recorded else one.active), _short(one.candidate)) for one in mails)
    return [(before, after, count) for (before, after), count in pairs.most_common()]


def _short(judgement: Judgement) -> str:
    return Judgement(judgement.kind, judgement.units, None, judgement.forwarded).in_words()
