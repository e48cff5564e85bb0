"""The units that help the one that answers: a question's further matters, each on evidence of its own.

By words alone two of three units that were written to in support had nothing to do with the letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import repeat

from rules.routing.routing_rules import WARD, RoutingTable
from rules.routing.unit_scores import Judged, judge, read_with_subject
from rules.routing.wards import Locate

MOST_HELPERS = 3
"""How many units support the lead at most."""
LEADS_SHARE = 0.2
"""The words of a part may speak for the lead at most so much of what they do for its own unit."""
MOST_PARTS = 20
"""So many parts of a letter are looked at: each costs some tenths of a millisecond, and nobody asks more."""


def rightful_other(whole: Judged, place: Locate, table: RoutingTable) -> str:
    """The second unit of a pair that shares such matters, when both together are nearly certain; else "".

    Words of the rules must support both units, and one of them most: the vote alone makes no pair.
    """
    if len(whole.shares) < 2 or not whole.votes:
        return ""
    limits = table.scoring.threshold
    (first, share), (second, rest) = whole.shares[:2]
    said = [whole.said.get(code, 0.0) for code in (first, second)]
    sure = share >= limits["pair_lead"] and share + rest >= limits["pair"] and min(said) >= limits["pair_evidence"]
    most = max(said) >= max(whole.said.values(), default=0.0)
    if not (sure and most and frozenset((first, second)) in table.scoring.pairs):
        return ""
    return second if WARD not in (first, second) or place().known else ""


def supporting(
    whole: Judged, text: str, subject: str, place: Locate, table: RoutingTable, on: date
) -> tuple[str, ...]:
    """The units in support, at most ``MOST_HELPERS``.

    One is likely for the whole letter, or nearly certain for a part of it that asks something of its own; the words
    of the rules must speak for it. A rule of the lead's field may name one too.
    """
    if not whole.shares:
        return ()
    lead = whole.shares[0][0]
    codes = dict.fromkeys(
        (*_likely(whole, table), *_asked_apart(whole, text, subject, table, on), *_named(whole, lead, table))
    )
    units = [place().unit if code == WARD else code for code in codes if code != lead]
    return tuple(unit for unit in units if unit)[:MOST_HELPERS]


def _likely(whole: Judged, table: RoutingTable) -> Iterator[str]:
    limits = table.scoring.threshold
    for code, share in whole.shares[1:]:
        if share >= limits["support"] and whole.said.get(code, 0.0) >= limits["support_evidence"]:
            yield code


def _asked_apart(whole: Judged, text: str, subject: str, table: RoutingTable, on: date) -> Iterator[str]:
    """The units of the parts that ask; a part is judged only where its words hardly speak for the lead."""
    limits, lead = table.scoring.threshold, whole.shares[0][0]
    least = limits["support_part_evidence"]
    if not any(points >= least for code, points in whole.said.items() if code != lead):
        return
    for part, sentences in _parts_that_ask(text, subject, table)[:MOST_PARTS]:
        words = {code: sum(map(one.heard.get, sentences, repeat(0.0))) for code, one in whole.evidence.items()}
        most = max(words, key=lambda code: words[code], default=lead)
        if most == lead or words[most] < least or words.get(lead, 0.0) > LEADS_SHARE * words[most]:
            continue
        shares = judge(part, "", table, on).shares
        if shares and shares[0][0] == most and shares[0][1] >= limits["support_part"]:
            yield most


def _parts_that_ask(text: str, subject: str, table: RoutingTable) -> list[tuple[str, range]]:
    """A sentence that asks, with what leads to it: all from the question before on, as text and as sentence numbers.

    [] where only one asks.
    """
    reading, start = read_with_subject(text, subject, table)
    ends = {sentence: number + 1 for number, sentence in enumerate(reading.sentence) if number >= start}
    asks = [sentence for sentence in sorted(table.asking_sentences(reading)) if sentence in ends]
    if len(asks) < 2:
        return []
    parts, begin, first = [], start, reading.sentence[start]
    for sentence in asks:
        if ends[sentence] - begin >= table.scoring.threshold["support_words"]:
            parts.append((reading.quote(begin, ends[sentence]), range(first, sentence + 1)))
        begin, first = ends[sentence], sentence + 1
    return parts


def _named(whole: Judged, lead: str, table: RoutingTable) -> Iterator[str]:
    points = whole.evidence[lead].points if lead in whole.evidence else {}
    for number in points:
        yield from table.fields[number].support
