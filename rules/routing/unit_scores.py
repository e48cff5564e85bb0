"""The weight of each unit's words in a text, with reasons in words, and with the vote each unit's share of it.

Nothing is decided here. The module also finds the units that support the one that answers, for a question's further
matters, each by evidence of its own: by words alone, two of three had nothing to do with the letter.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat

from rules.routing.routing_rules import TIERS, WARD, Meaning, RoutingTable, unit_on
from rules.routing.wards import Locate
from rules.text.phrase_matcher import Hit, without
from rules.text.statistical_vote import features, load_vote, log_shares
from rules.text.tokens import Tokens
from rules.values.data_file import current_unit

MOST_HELPERS = 3
"""How many units support the lead at most."""
LEADS_SHARE = 0.2
"""In a part of a letter the lead unit may have at most this share of the points of the part's own unit."""
MOST_PARTS = 20
"""So many parts of a letter are looked at: each costs some tenths of a millisecond, and no letter needs more."""


@dataclass(slots=True)
class Evidence:
    """The evidence for one unit. ``points`` and ``words`` by field number; ``notes``: further explanations.

    ``heard``: the points by the number of the sentence in which the words stand.
    """

    points: dict[int, float] = field(default_factory=dict)
    named: float = 0.0
    words: dict[int, list[str]] = field(default_factory=dict)
    heard: dict[int, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    spread: float = 0.4
    behind: str = ""
    share: float = 1.0

    @property
    def total(self) -> float:
        """The total: the strongest field counts fully, the others in part."""
        if not self.points:
            return self.named
        ordered = sorted(self.points.values(), reverse=True)
        return self.share * (ordered[0] + self.spread * sum(ordered[1:])) + self.named


LIKE = 0.3
"""From this score on a unit may be competent; a letter below it, without a word of a rule, is unlike its letters."""


def why(evidence: Evidence | None, score: float, table: RoutingTable) -> tuple[str, ...]:
    """Why this unit, in words that a clerk accepts: what the letter says, whose work that is; () for no reason."""
    if evidence is None or not (evidence.points or evidence.notes):
        return ("lời thư giống những câu mà đơn vị này thường trả lời",) if score >= LIKE else ()
    best = sorted(evidence.points, key=lambda number: -evidence.points[number])[:SHOWN_FIELDS]
    told = [
        f"thư nói đến {', '.join(f'“{one}”' for one in evidence.words[number][:SHOWN_WORDS])}: "
        f"việc “{table.fields[number].name}”"
        for number in best
    ]
    return (*told, *evidence.notes)


SHOWN_FIELDS, SHOWN_WORDS = 2, 3
"""A reason names at most this many fields, and words of each."""


def weigh(
    reading: Tokens, hits: Sequence[Hit], table: RoutingTable, on: date, subject_end: int = 0
) -> dict[str, Evidence]:
    """Evidence by unit code (or WARD) in the phrases of a text; what stands before ``subject_end`` is its subject."""
    matcher, meanings = table.lexicon
    asking, silent = _asking_and_silent(hits, reading, meanings)
    found: dict[str, Evidence] = {}
    said: list[tuple[int, str, float, list[Hit]]] = []
    for phrase, places in _by_phrase(hits).items():
        factor = max(_factor(hit, reading, asking, table, subject_end) for hit in places)
        factor *= 1 + table.scoring.weight["again"] * min(2, len(places) - 1)
        if "…" in matcher.phrases[phrase]:
            factor *= table.scoring.weight["gapped"]
        for meaning in meanings[phrase]:
            if meaning.what in TIERS:
                heard = [hit for hit in places if (meaning.field, reading.sentence[hit.start]) not in silent]
                if heard:
                    said.append((meaning.field, meaning.what, factor, heard))
            elif meaning.what == "named":
                _name(found, meaning.unit, places, reading, table, on)
    apart = list(_apart(said))
    for number, tier, factor, hit in apart:
        _add(found, number, factor * table.scoring.weight[tier], hit, reading, table, on)
    _yield(found, {number for number, tier, _, _ in apart if tier == "decisive"}, table, on)
    return found


def _yield(found: dict[str, Evidence], decided: set[int], table: RoutingTable, on: date) -> None:
    """Units that give precedence to a decided field count only in part."""
    for number in sorted(decided):
        field = table.fields[number]
        lead = field.unit_on(table.units, on)
        for code in {WARD if one == WARD else unit_on(one, table.units, on) for one in field.over} - {lead, ""}:
            if code in found and not found[code].behind:
                found[code].behind = field.name
                found[code].share = table.scoring.weight["behind"]
                found[code].notes.append(f"xếp sau vì có việc “{field.name}”")


def _apart(said: list[tuple[int, str, float, list[Hit]]]) -> Iterator[tuple[int, str, float, Hit]]:
    """What counts for each field: the heaviest phrase first; a phrase within words already counted adds nothing."""
    taken: dict[int, dict[int, int]] = {}  # per field: the counted syllables, and how far each phrase reaches
    for number, tier, factor, places in sorted(said, key=lambda one: (TIERS.index(one[1]), one[3][0].start)):
        used = taken.setdefault(number, {})
        fresh = [hit for hit in places if not _inside(hit, used)] if used else places
        if fresh:
            for start, end, _ in fresh:
                used.update((at, max(end, used.get(at, end))) for at in range(start, end))
            yield number, tier, factor, fresh[0]


def _inside(hit: Hit, used: Mapping[int, int]) -> bool:
    return hit.end <= used.get(hit.start, -1)


def _by_phrase(hits: Sequence[Hit]) -> dict[int, list[Hit]]:
    grouped: dict[int, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.phrase, []).append(hit)
    return grouped


def _asking_and_silent(
    hits: Sequence[Hit], reading: Tokens, meanings: Sequence[Sequence[Meaning]]
) -> tuple[set[int], set[tuple[int, int]]]:
    """The sentences that ask, by question mark or words; and the fields that a phrase excludes in a sentence."""
    asking = {number for number, asks in enumerate(reading.asks) if asks}
    silent: set[tuple[int, int]] = set()
    for hit in hits:
        for meaning in meanings[hit.phrase]:
            if meaning.what == "asking":
                asking.add(reading.sentence[hit.start])
            elif meaning.what == "unless":
                silent.add((meaning.field, reading.sentence[hit.start]))
    return asking, silent


def _factor(hit: Hit, reading: Tokens, asking: set[int], table: RoutingTable, subject_end: int) -> float:
    if hit.start < subject_end:
        return table.scoring.weight["subject"]
    return table.scoring.weight["asking"] if reading.sentence[hit.start] in asking else 1.0


def _add(
    found: dict[str, Evidence], number: int, points: float, hit: Hit, reading: Tokens, table: RoutingTable, on: date
) -> None:
    code = table.fields[number].unit_on(table.units, on)
    if not code:
        return
    evidence, sentence = found.setdefault(code, Evidence()), reading.sentence[hit.start]
    evidence.points[number] = evidence.points.get(number, 0.0) + points
    evidence.heard[sentence] = evidence.heard.get(sentence, 0.0) + points
    evidence.words.setdefault(number, []).append(reading.quote(hit.start, hit.end))


def _name(
    found: dict[str, Evidence], unit: str, places: Sequence[Hit], reading: Tokens, table: RoutingTable, on: date
) -> None:
    """The unit itself is named, perhaps in the salutation ("Kính gửi Sở …"), which has points of its own."""
    now = current_unit(table.units, unit, on)
    for code in (now.code,) if now else ():
        evidence = found.setdefault(code, Evidence())
        salutation = [one for one in places if "gui" in reading.bare[max(0, one.start - 3) : one.start]]
        addressed, hit = bool(salutation), (salutation or places)[0]
        points = table.scoring.weight["addressed" if addressed else "named"]
        if points > evidence.named:
            evidence.named = points
            evidence.notes.append(f"thư {'gửi' if addressed else 'nhắc đến'} “{reading.quote(hit.start, hit.end)}”")


UNSAID = 0.2
"""The evidence assumed for the vote when no rule has a matching word."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged text: shares by unit (WARD not yet resolved), best first, and the evidence for each."""

    shares: tuple[tuple[str, float], ...]
    evidence: Mapping[str, Evidence]
    votes: Mapping[str, float]
    said: Mapping[str, float]
    """The total evidence for each unit."""
    length: int = 0
    """The number of syllables that are not talk."""
    talk: tuple[str, ...] = ()
    """The sentences that the vote did not read, as they say nothing of the matter."""


def judge(text: str, subject: str, table: RoutingTable, on: date) -> Judged:
    """Each unit's share of a text, by rules and vote together; shares add up to 1."""
    reading, start = read_with_subject(text, subject, table)
    hits = table.lexicon[0].find(reading)
    evidence = weigh(reading, hits, table, on, start)
    talk = talk_in(reading, evidence, table)
    matter = without(reading, talk)
    if talk:  # a hint among it speaks for nobody; the other hits stay, as no phrase goes on in the next sentence
        evidence = weigh(matter, [hit for hit in hits if matter.words[hit.start] != "."], table, on, start)
    totals = {code: found.total for code, found in evidence.items()}
    votes = _votes(matter, table, on)
    raw = _together(totals, votes, table.scoring.model)
    if not raw:
        return Judged((), {}, {}, {})
    shares = sorted([(-math.exp(share), code) for code, share in log_shares(raw).items()])
    return Judged(
        tuple([(code, -share) for share, code in shares]),
        evidence,
        votes,
        totals,
        len(reading.words) - sum(end - start for start, end, _ in talk),
        tuple([reading.quote(start, end) for start, end, _ in talk]),
    )


def talk_in(reading: Tokens, evidence: Mapping[str, Evidence], table: RoutingTable) -> list[Hit]:
    """Where the sentences stand that say nothing of the matter; ``evidence`` tells in which ones words were heard."""
    return table.find_talk(reading, {code: found.heard for code, found in evidence.items()})


def _together(
    said: Mapping[str, float], votes: Mapping[str, float], numbers: Mapping[str, float]
) -> dict[str, float]:
    """Each unit's evidence and vote combined; a unit without any matching word loses points.

    The vote was trained on the shipped units: for one that the operator has added, it says nothing.
    """
    rules, model, most, silent = (numbers[name] for name in ("rules", "vote", "most", "silent"))
    unknown = max(votes.values(), default=-8.0)
    raw = {
        code: rules * min(most, points) + model * votes.get(code, unknown) - (silent if points < UNSAID else 0.0)
        for code, points in said.items()
    }
    return raw | {code: model * vote - silent for code, vote in votes.items() if code not in raw}


def read_with_subject(text: str, subject: str, table: RoutingTable) -> tuple[Tokens, int]:
    """The tokens of subject and text together, as for the kind of mail, and the number of the subject's syllables."""
    if not subject.strip():
        return table.reader(text), 0
    return table.reader(f"{subject}\n\n{text}"), len(table.reader(f"{subject}\n\n").words)


def _votes(reading: Tokens, table: RoutingTable, on: date) -> dict[str, float]:
    """The statistical vote per unit of that day, as logarithms of shares; {} without a model."""
    vote = load_vote("units", table.source)
    tokens = table.gazetteer.apart(reading)
    shares = vote.shares(features(tokens, table.asking_sentences(tokens))) if vote else {}
    found: dict[str, float] = {}
    units = table.day(on)
    for code, share in shares.items():
        for unit in units[code]:
            found[unit] = max(share, found.get(unit, -99.0))
    return found


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

    Such a unit is likely for the whole letter, or nearly certain for a part of it with a question of its own; words
    of the rules must support it. A rule of the lead's field may name one too.
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
