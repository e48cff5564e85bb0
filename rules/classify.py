"""What kind of mail a citizen's letter is (clauses 1.2, 4, 10.1.h, 21.2).

Each kind has signs with points in ``rules/data/classify``. Complaints and denunciations fail safe: from
``doubt`` on a person looks first, and nothing is forwarded. Asking *how* to complain is a question: the
longer phrase ("thủ tục khiếu nại") swallows the word inside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rules.kindbook import KindBook, KindRule
from rules.matching import Reading, read
from rules.model import Classification, Kind, ParsedMail
from rules.rulebook import RoutingTable
from rules.text import untype

SHORT = 60
"""Fewer syllables than this is a short letter."""
MORE = 0.2
"""What each further phrase of the same sign adds, as a share of its points."""
_PERSON = re.compile(r"\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Oo]ng|[Bb]a)\s+(\w+)\s+(\w+)")
_LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|net|info|xyz|top|club|shop|vip)\b", re.IGNORECASE)
_SAFE = (Kind.DENUNCIATION, Kind.COMPLAINT)
_NAMES = {
    Kind.DENUNCIATION: "tố cáo",
    Kind.COMPLAINT: "khiếu nại",
    Kind.OUT_OF_SCOPE: "ngoài lĩnh vực của thành phố",
    Kind.SPAM: "thư rác, quảng cáo",
    Kind.NOT_A_QUESTION: "không phải câu hỏi",
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """Points of one kind, with the words that gave them."""

    rule: KindRule
    points: float
    seen: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """True when the points reach the threshold."""
        return self.points >= self.rule.threshold

    @property
    def doubtful(self) -> bool:
        """True when a person should look."""
        return self.points >= self.rule.doubt

    def said(self) -> str:
        """In words for an officer."""
        return (
            f"Dấu hiệu {_NAMES[self.rule.kind]} ({self.points:.1f} điểm, mức {self.rule.threshold:.1f}): "
            + "; ".join(self.seen)
        )


def classify(mail: ParsedMail, own_text: str, table: RoutingTable) -> Classification:
    """The kind of a mail that starts something new; replies, bounces and automatic mail are told before."""
    text = _text(mail, own_text)
    if not text.strip():
        return Classification(Kind.NOT_A_QUESTION, sure=False, trace=("Thư không có chữ nào: cần người xem.",))
    weighed = weigh_kinds(text, table)
    safe = _fail_safe(weighed)
    if safe is not None:
        return safe
    for kind in (Kind.SPAM, Kind.OUT_OF_SCOPE, Kind.NOT_A_QUESTION):
        found = weighed[kind]
        if found.holds:
            return Classification(kind, found.points >= found.rule.certain, found.rule.clause, (found.said(),))
    doubts = tuple(found.said() for found in weighed.values() if found.doubtful)
    if doubts:
        return Classification(Kind.QUESTION, sure=False, trace=(*doubts, "Coi là câu hỏi, nhưng cần người xem."))
    return Classification(Kind.QUESTION, trace=("Là câu hỏi: không thấy dấu hiệu khiếu nại, tố cáo, thư rác.",))


def _text(mail: ParsedMail, own_text: str) -> str:
    """What is judged: subject, own text, names of attachments (a letter may be only "đơn tố cáo.pdf")."""
    names = " . ".join(re.sub(r"[_\-.]+", " ", one.name) for one in mail.attachments if not one.inline)
    return "\n\n".join(part for part in (mail.subject, own_text, names) if part.strip())


def _fail_safe(weighed: Mapping[Kind, Weighed]) -> Classification | None:
    """Complaint or denunciation, the stronger of the two; a denunciation wins a draw (identity is secret)."""
    best = max((weighed[kind] for kind in _SAFE), key=lambda one: one.points - one.rule.threshold)
    if not best.holds:
        return None
    trace = (*(weighed[kind].said() for kind in _SAFE if weighed[kind].doubtful),)
    return Classification(best.rule.kind, best.points >= best.rule.certain, best.rule.clause, trace)


def weigh_kinds(text: str, table: RoutingTable) -> dict[Kind, Weighed]:
    """Points of every kind for a text."""
    book = table.kinds
    reading = read(untype(text), table.shorthand)
    words: dict[tuple[int, int], list[str]] = {}
    marks: set[str] = set()
    for hit in book.matcher.find(reading):
        for meaning in book.meanings[hit.phrase]:
            if isinstance(meaning, str):
                marks.add(meaning)
            else:
                words.setdefault(meaning, []).append(reading.quote(hit.start, hit.end))
    signals = _signals(text, reading, marks)
    return {rule.kind: _weigh(number, book, words, signals) for number, rule in enumerate(book.rules)}


def _signals(text: str, reading: Reading, marks: set[str]) -> set[str]:
    """What is read off the text besides phrases."""
    asks = "asking" in marks or any(reading.asks)
    facts = {
        "person": any(found[1][0].isupper() and found[2][0].isupper() for found in _PERSON.finditer(text)),
        "link": _LINK.search(text) is not None,
        "asks": asks,
        "no_asking": not asks,
        "short": len(reading.words) < SHORT,
        "other_province": "province" in marks,
        "only_other_province": "province" in marks and "local" not in marks,
    }
    return {name for name, holds in facts.items() if holds}


def _weigh(number: int, book: KindBook, words: Mapping[tuple[int, int], list[str]], signals: set[str]) -> Weighed:
    """One kind's points: each sign counts once, further phrases of it a little more."""
    rule = book.rules[number]
    points, seen = 0.0, []
    for place, sign in enumerate(rule.signs):
        found = list(dict.fromkeys(words.get((number, place), ())))
        if sign.signal in signals:
            found.append(sign.name)
        if found:
            points += sign.points * (1 + MORE * min(3, len(found) - 1) if sign.points > 0 else 1)
            seen.append(f"{sign.name} ({', '.join(found[:4])})" if not sign.signal else sign.name)
    return Weighed(rule, round(points, 2), tuple(seen))
