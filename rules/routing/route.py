"""The unit that a question belongs to (clauses 8.2, 10.1.c, 10.1.g): a guess with its score and reasons.

Rules weigh the words (``rules.routing.unit_scores``), a small statistical vote trained on labelled mails adds its own
(``rules.text.statistical_vote``); together they give each unit a share. Above ``forward`` the question is forwarded
automatically, below it a person looks first: a wrong forward costs more than asking.

Several numbered questions in one mail are split (our default where the Decision is silent).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from rules.routing.routing_rules import JUDGED_CHARS, WARD, RoutingTable, load_routing
from rules.routing.unit_scores import LIKE, MOST_HELPERS, UNSAID, Judged, judge, rightful_other, supporting, why
from rules.routing.wards import Locate, Place
from rules.text import untype
from rules.values.model import Candidate, Decision, Item, Requester, Route

_MARK = re.compile(
    r"""(?:^|(?<=\n)|(?<=[.:;?!])|(?<=[.:;?!)]\s))[ \t]*(?:
        (?:câu(?:\ hỏi)?|cau(?:\ hoi)?|vấn\ đề|van\ de|ý|nội\ dung|noi\ dung)\s*
            (?:(?:thứ|thu|số|so)\s*)?(\d{1,2}|nhất|hai|ba|tư|bốn|năm)\s*[.):/–,-]
        |(?:thứ|thu)\s+(nhất|nhat|hai|ba|tư|tu|bốn|bon|năm|nam)\s*(?:,|:|là|la|thì)
        |(một|hai|ba|bốn|năm)\ là\b
        |(\d{1,2})\s*[.)/](?!\d)
        |\((\d{1,2})\)
        |(\d{1,2})\s*[–-]\s(?=\D)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ORDINALS = {
    "nhất": 1, "nhat": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "tu": 4, "bốn": 4, "bon": 4, "năm": 5, "nam": 5,
}  # fmt: skip
_FIRST_TWO = (("1", "nhất", "nhat", "một"), ("2", "hai"))
"""Ways to write the numbers of the first and the second question."""
MOST = 20
SAME = 30
"""The first question is found in the matter by its first so many characters."""
MOST_BEFORE = 12
"""Questions with at most so many words of matter before them have no story in common."""


def split_items(text: str) -> tuple[str, ...]:
    """The numbered questions of a text, in order; () when there are not at least two (numbered 1, 2, …)."""
    lowered = text.lower()
    if not all(any(sign in lowered for sign in signs) for signs in _FIRST_TWO):
        return ()  # most texts number nothing, and the pattern would examine every letter
    marks: list[tuple[int, int]] = []
    wanted = 1
    for match in _MARK.finditer(text):
        number = _number(next(group for group in match.groups() if group))
        if number == wanted and wanted <= MOST:
            marks.append((match.start(), match.end()))
            wanted += 1
    if len(marks) < 2:
        return ()
    ends = [start for start, _ in marks[1:]] + [_last_end(text, marks[-1][1])]
    pieces = tuple(text[begin:end].strip(" \n\t;,.-") for (_, begin), end in zip(marks, ends, strict=True))
    return pieces if all(len(piece.split()) >= 3 for piece in pieces) else ()


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _ORDINALS[word.lower()]


def _last_end(text: str, begin: int) -> int:
    """The last question ends at a blank line, if one follows."""
    blank = re.compile(r"\n\s*\n").search(text, begin)
    return blank.start() if blank and blank.start() > begin + 10 else len(text)


__all__ = ["RoutingTable", "load_routing", "route"]

ALONE = "Không cụm từ nào của quy tắc nói rõ, nhưng lời thư rất giống những câu mà đơn vị này thường trả lời."
"""The explanation when the vote alone decides."""
SHOWN = 5
"""How many candidates an officer is shown."""


def route(
    own_text: str, subject: str, asker: Requester, table: RoutingTable, on: date, whole_text: str = ""
) -> Route:
    """Where a question should go. ``on`` is the day it was received: the units of that day count.

    ``whole_text``: the letter with "1." and the like, which are otherwise removed as form; it is divided by them if
    each part asks something of the unit that it names.
    """
    own_text, subject = untype(own_text[:JUDGED_CHARS]), untype(subject)
    whole = judge(own_text, subject, table, on)
    # The place is only looked for when the matter is a ward's, which it is not in most mails.
    place = cache(lambda: find_place(own_text, asker, table, on))
    items = _items(_parts(own_text, table, on), place, table) or _unmarked(
        own_text, untype(whole_text[:JUDGED_CHARS]), place, table, on
    )
    other = "" if _one_is_enough(whole, table) else rightful_other(whole, place, table)
    decision, why = _decide(whole, place, other, table)
    if items:
        decision, why = _decide_items(items, decision, why)
    candidates = _with_items(_candidates(whole, place, table), items)
    helpers = supporting(whole, own_text, subject, place, table, on)
    if other and not items:
        helpers = tuple(dict.fromkeys((_resolve(other, whole, place, table), *helpers)))[:MOST_HELPERS]
    return Route(
        decision=decision,
        candidates=candidates,
        supporting=helpers,
        field=_field(whole, table),
        items=items,
        trace=(*_not_read(whole), *_trace(candidates), *why),
    )


def find_place(text: str, asker: Requester, table: RoutingTable, on: date) -> Place:
    """The place named in a text, else that of the requester's address; one without a unit gives the reason."""
    named = table.gazetteer.find(table.reader(text), text, on)
    if named is not None:
        return named
    home = table.gazetteer.of_address(untype(asker.address), on)
    if home is None:
        return Place(why="thư không nêu phường, xã")
    return Place(home.unit, f"theo địa chỉ người hỏi: {home.why}") if home.known else home


def _one_is_enough(whole: Judged, table: RoutingTable) -> bool:
    """True when the best unit is sure enough by itself; then no pair is looked for."""
    if not whole.shares:
        return False
    code, share = whole.shares[0]
    return _score(whole, code, share, table) >= least_share(code, whole.length, table)


def _score(whole: Judged, code: str, share: float, table: RoutingTable) -> float:
    """A share counts in full when the words give enough evidence, or when the vote alone is nearly certain.

    In a brief text the vote is not reliable.
    """
    return share if _vote_decides(whole, code, share, table) else share * _said_enough(whole, code, table)


def _vote_decides(whole: Judged, code: str, share: float, table: RoutingTable) -> bool:
    """True when the words give too little evidence but the vote is nearly certain of a text that is not brief.

    Words that say enough of another unit contradict the vote: then a person decides.
    """
    near = share >= table.scoring.threshold["alone"] and whole.length >= table.scoring.model["brief_words"]
    contradicted = any(_said_enough(whole, one, table) >= 1 for one in whole.said if one != code)
    return near and not contradicted and _said_enough(whole, code, table) < 1


def _said_enough(whole: Judged, code: str, table: RoutingTable) -> float:
    """The evidence from the words of the rules, relative to what is required; at most 1."""
    return min(1.0, (UNSAID + whole.said.get(code, 0.0)) / table.scoring.threshold["evidence"])


def _resolve(code: str, whole: Judged, place: Locate, table: RoutingTable) -> str:
    """A unit's code; for a ward's matter, the ward of the place or the department that oversees it."""
    if code != WARD:
        return code
    if place().known:
        return place().unit
    points = whole.evidence[WARD].points if WARD in whole.evidence else {}
    best = max(points, key=lambda number: points[number], default=-1)
    return table.fields[best].fallback if best >= 0 else ""


def _candidates(whole: Judged, place: Locate, table: RoutingTable) -> tuple[Candidate, ...]:
    """The likely units, best first; for an unknown ward those that may be meant, else the department over it."""
    found: dict[str, Candidate] = {}
    for code, share in whole.shares[: SHOWN + 2]:
        if share < 0.02 and found:
            continue
        units = (code == WARD and place().either) or (_resolve(code, whole, place, table),)
        score = _score(whole, code, share, table)
        reasons = why(whole.evidence.get(code), score, table)
        if code == WARD:
            reasons = (*reasons, f"việc của phường, xã; {place().why}")
        score = round(score / len(units), 3)
        found |= {unit: Candidate(unit, score, reasons) for unit in units if unit and unit not in found}
    return tuple(found.values())[:SHOWN]


def _with_items(candidates: tuple[Candidate, ...], items: tuple[Item, ...]) -> tuple[Candidate, ...]:
    """The likely units of the letter, behind them those of single items: an officer is offered these, too."""
    found = {one.unit: one for one in candidates}
    for one in items:
        if one.unit and one.unit not in found:
            found[one.unit] = Candidate(one.unit, LIKE, (f"câu {one.number} của thư",))
    return tuple(found.values())[:SHOWN]


def _decide(whole: Judged, place: Locate, other: str, table: RoutingTable) -> tuple[Decision, tuple[str, ...]]:
    """Forward only if sure of one unit, or of a pair; else the reason why a person should look."""
    if not whole.shares:
        return Decision.REVIEW, ("Chưa thấy từ ngữ nào cho biết đơn vị: cần người xem.",)
    code, share = whole.shares[0]
    if not whole.votes:
        return Decision.REVIEW, ("Phần lớn chữ trong thư chưa gặp bao giờ: cần người xem.",)
    score = _score(whole, code, share, table)
    limits = table.scoring.threshold
    if code == WARD and not place().known:
        return Decision.REVIEW, (f"Việc của phường, xã nhưng chưa rõ phường, xã nào ({place().why}): cần người xem.",)
    least = least_share(code, whole.length, table)
    if score >= least:
        line = f"Đủ chắc ({score:.0%}, ngưỡng {least:.0%}): tự chuyển."
        return Decision.FORWARD, (ALONE, line) if _vote_decides(whole, code, share, table) else (line,)
    if other:
        units = [_resolve(one, whole, place, table) for one in (code, other)]
        return Decision.FORWARD, ("Việc của cả {0} và {1}: chuyển {0}, {1} phối hợp.".format(*units),)
    if score >= limits["review"]:
        return Decision.REVIEW, (f"Chưa đủ chắc ({score:.0%}, ngưỡng {least:.0%}): cần người xem.",)
    return Decision.REVIEW, (f"Rất không chắc ({score:.0%}): cần người xem.",)


def least_share(code: str, length: int, table: RoutingTable) -> float:
    """The share from which a unit's question is forwarded automatically.

    It is higher for units that are often mistaken for others, and for all units if the text is brief.
    """
    limits = table.scoring.threshold
    brief = limits["brief"] if length < table.scoring.model["brief_words"] else 0.0
    return max(limits["forward"], brief, table.scoring.forward.get(code, 0.0))


def _parts(text: str, table: RoutingTable, on: date) -> list[tuple[str, Judged]]:
    """The numbered questions of a text, each judged alone."""
    return [(piece, judge(piece, "", table, on)) for piece in split_items(text)]


def _items(parts: Iterable[tuple[str, Judged]], place: Locate, table: RoutingTable) -> tuple[Item, ...]:
    return tuple(_item(number, piece, part, place, table) for number, (piece, part) in enumerate(parts, 1))


def _unmarked(own_text: str, whole_text: str, place: Locate, table: RoutingTable, on: date) -> tuple[Item, ...]:
    """The items of a letter whose numbers were set aside as form; () unless they are matters of their own.

    That is so where each asks the unit that it names, and not all the same; or where no matter that they have in
    common stands before them ("Tôi hỏi ba việc: 1. …"), and those that ask speak of several units' work.
    """
    parts = _parts(whole_text, table, on)
    items = _items(parts, place, table)
    pieces, said = [piece for piece, _ in parts], [part.evidence for _, part in parts]
    named = all(
        "?" in one.text and one.unit in of and of[one.unit].named > 0 for one, of in zip(items, said, strict=True)
    )
    if named:
        return items if len({one.unit for one in items}) > 1 else ()
    asking = [bool(table.asking_sentences(table.reader(piece))) for piece in pieces]
    units = {one.unit for one, of, asks in zip(items, said, asking, strict=True) if asks and (one.unit or of)}
    alone = bool(pieces) and len(own_text.partition(pieces[0][:SAME])[0].split()) <= MOST_BEFORE
    return items if alone and len(units) > 1 else ()


def _item(number: int, text: str, part: Judged, place: Locate, table: RoutingTable) -> Item:
    """One numbered question with its own unit; "" when unsure."""
    found = _candidates(part, place, table)
    ward = bool(part.shares) and part.shares[0][0] == WARD and not place().known
    sure = bool(found) and not ward and found[0].score >= table.scoring.threshold["item"]
    return Item(number, text, found[0].unit if sure else "")


def _decide_items(
    items: tuple[Item, ...], decision: Decision, why: tuple[str, ...]
) -> tuple[Decision, tuple[str, ...]]:
    """Several questions are forwarded automatically only if each has its unit."""
    lines = tuple(f"Câu {item.number}: {item.unit or 'chưa rõ đơn vị'}." for item in items)
    if all(item.unit for item in items):
        several = len({item.unit for item in items}) > 1
        return (Decision.FORWARD, lines) if several else (decision, (*lines, *why))
    return Decision.REVIEW, (*lines, "Có câu chưa rõ đơn vị: cần người xem.")


def _field(whole: Judged, table: RoutingTable) -> str:
    """The name of the strongest field of the best unit."""
    points = (
        whole.evidence[whole.shares[0][0]].points if whole.shares and whole.shares[0][0] in whole.evidence else {}
    )
    return table.fields[max(points, key=lambda number: points[number])].name if points else ""


def _not_read(whole: Judged) -> tuple[str, ...]:
    """What was not read when the unit was sought."""
    if not whole.talk:
        return ()
    shown = "; ".join(f"“{one}”" for one in whole.talk[:SHOWN])
    more = f" và {len(whole.talk) - SHOWN} câu khác" if len(whole.talk) > SHOWN else ""
    return (f"Không tính khi tìm đơn vị, vì không nói về việc: {shown}{more}.",)


def _trace(candidates: tuple[Candidate, ...]) -> tuple[str, ...]:
    return tuple(
        f"{place}. {one.unit} {one.score:.0%}: {'; '.join(one.reasons) or 'không có từ ngữ riêng'}"
        for place, one in enumerate(candidates[:3], 1)
    )
