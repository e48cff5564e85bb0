"""How accurate the rules are on labelled mails: overall, by unit, by way of typing, and compared with an earlier run.

Also the share that could be forwarded automatically at a required precision; faults in rules, and the effects of a
change of rules; all for people who edit them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.routing.mail_kind import classify
from rules.routing.route import route
from rules.routing.routing_rules import TIERS, WARD, Field, RoutingTable, load_routing
from rules.text import clean, repair
from rules.text.tokens import is_vietnamese_shape, read, spelled_out, syllable_keys
from rules.understand.understand import matter_of
from rules.values.data_file import UNIT_KINDS, DataFileError
from rules.values.model import Decision, Kind, Mailbox, ParsedMail, Requester
from rules.values.states import GRAVE

COLUMNS = ("id", "text", "expected_unit", "expected_class")
ELSEWHERE = {"auto_reply", "bounce", "reply", "follow_up", "command"}
"""Kinds recognised before the words are read; such rows are left out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of the rules for a labelled mail. ``units`` are the right ones, () when none is expected."""

    id: str
    expected: str
    units: tuple[str, ...]
    note: str
    kind: str
    sure: bool
    lead: str
    score: float
    forwarded: bool
    words: int = 0
    shape: str = ""
    """How the letter is written, if the rows say so."""

    @property
    def right_unit(self) -> bool:
        """True when the top guess is one of the right units."""
        return self.lead in self.units


def judge_rows(rows: Iterable[Mapping[str, str]], table: RoutingTable, on: date) -> list[Outcome]:
    """Judge labelled rows with the columns :data:`COLUMNS`. Raises :class:`DataFileError` when one is missing."""
    outcomes = []
    for place, row in enumerate(rows, 1):
        if missing := [name for name in COLUMNS if name not in row]:
            raise DataFileError(f"row {place}: column {missing[0]} is missing")
        if row["expected_class"] not in ELSEWHERE:
            outcomes.append(_outcome(row, table, on))
    return outcomes


def _outcome(row: Mapping[str, str], table: RoutingTable, on: date) -> Outcome:
    text, subject = clean(repair(row["text"].replace("\\n", "\n"))), clean(repair(row.get("subject", "")))
    asker = Requester(name=row.get("sender_name", ""), address=clean(repair(row.get("address", ""))))
    matter = matter_of(subject, text, asker, table.source)
    classified = classify(ParsedMail("", 0, matter.subject, text, (Mailbox(asker.name, ""),)), matter.text, table)
    path = route(matter.text, matter.subject, asker, table, on)
    return Outcome(
        id=row["id"],
        expected=row["expected_class"],
        units=tuple(code for code in row["expected_unit"].split("|") if code),
        note=row.get("note", ""),
        kind=classified.kind.value,
        sure=classified.sure,
        lead=path.lead,
        score=path.candidates[0].score if path.candidates else 0.0,
        forwarded=classified.kind is Kind.QUESTION and classified.sure and path.decision is Decision.FORWARD,
        words=len(text.split()),
        shape=row.get("shape", ""),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The figures used by the goals; a share is None when there is nothing to divide by."""
    questions = [outcome for outcome in outcomes if outcome.expected == Kind.QUESTION and outcome.units]
    forwarded = [outcome for outcome in questions if outcome.forwarded]
    safe = [outcome for outcome in outcomes if outcome.expected in GRAVE]
    outside = [outcome for outcome in outcomes if outcome.expected == Kind.OUT_OF_SCOPE]
    return {
        "mails": len(outcomes),
        "questions": len(questions),
        "top_right": _share(sum(outcome.right_unit for outcome in questions), len(questions)),
        "forwarded": _share(len(forwarded), len(questions)),
        "forwarded_right": _share(sum(outcome.right_unit for outcome in forwarded), len(forwarded)),
        "forwarded_wrong": sum(not outcome.right_unit for outcome in forwarded),
        "safe": len(safe),
        "safe_caught": _share(sum(outcome.kind in GRAVE for outcome in safe), len(safe)),
        "safe_forwarded": sum(outcome.forwarded for outcome in safe),
        "out_of_scope": len(outside),
        "out_of_scope_forwarded": sum(outcome.forwarded for outcome in outside),
        "others_forwarded": sum(
            outcome.forwarded for outcome in outcomes if outcome.expected in {Kind.SPAM, Kind.NOT_A_QUESTION}
        ),
        "questions_discarded": sum(
            outcome.kind in {Kind.SPAM, Kind.NOT_A_QUESTION} and outcome.sure for outcome in questions
        ),
        "kind_right": _share(sum(outcome.kind == outcome.expected for outcome in outcomes), len(outcomes)),
    }


def by_group(outcomes: Sequence[Outcome], group: str) -> dict[str, dict[str, Any]]:
    """The figures of questions by "unit" (the first right one, wards together) or by "typing" (the note)."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.expected == Kind.QUESTION and outcome.units:
            groups.setdefault(unit_group(outcome) if group == "unit" else _typing_group(outcome), []).append(outcome)
    keys = ("questions", "top_right", "forwarded", "forwarded_right")
    return {name: {key: summary(found)[key] for key in keys} for name, found in sorted(groups.items())}


def unit_group(outcome: Outcome) -> str:
    """The first right unit, wards together."""
    return "UBND (phường, xã)" if outcome.units[0].startswith("UBND_") else outcome.units[0]


def _typing_group(outcome: Outcome) -> str:
    ways = ("no marks", "teencode", "Telex", "VNI", "TCVN3")
    return next((way for way in ways if way.lower() in outcome.note.lower()), "with marks")


def confusion(outcomes: Sequence[Outcome]) -> list[tuple[str, str, int]]:
    """Expected and actual result, the most frequent first, for kinds and units of questions that differ."""
    pairs: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        if outcome.kind != outcome.expected:
            pairs[outcome.expected, outcome.kind] += 1
        if outcome.expected == Kind.QUESTION and outcome.units and not outcome.right_unit:
            pairs["|".join(outcome.units), outcome.lead or "–"] += 1
    return [(expected, found, count) for (expected, found), count in pairs.most_common()]


def changes(before: Mapping[str, Mapping[str, Any]], outcomes: Sequence[Outcome]) -> list[str]:
    """How another run judged the same mails: one line each, in words; ``before`` is its :func:`saved` result."""
    lines = []
    for outcome in outcomes:
        old = before.get(outcome.id)
        now = saved([outcome])[outcome.id]
        if old is not None and dict(old) != now:
            better = (bool(old["right"]), now["right"])
            word = {(False, True): "better", (True, False): "WORSE"}.get(better, "other")
            lines.append(f"{outcome.id}: {word}: {_words(old)} -> {_words(now)}")
    return lines


def saved(outcomes: Iterable[Outcome]) -> dict[str, dict[str, Any]]:
    """The stored result of a run, by the mail's id."""
    return {
        outcome.id: {
            "kind": outcome.kind,
            "lead": outcome.lead,
            "forwarded": outcome.forwarded,
            "right": outcome.kind == outcome.expected
            and (outcome.right_unit or not outcome.units or outcome.expected != Kind.QUESTION),
        }
        for outcome in outcomes
    }


def _words(run: Mapping[str, Any]) -> str:
    return f"{run['kind']} {run['lead'] or '–'} {'forwarded' if run['forwarded'] else 'held'}"


MARKED = "ừ ừ ừ"
"""A sentence with this many words with diacritics counts as typed with them."""


def check_rules(table: RoutingTable, on: date) -> tuple[str, ...]:
    """Faults, one per line: unreachable or contradictory phrases, units that no longer exist or are left out."""
    found = [*_contradictions(table), *_unreachable(table), *_units(table, on), *_units_left_out(table, on)]
    limits = table.scoring.threshold
    if not 0 < limits["review"] < limits["forward"] <= 1:
        found.append("routing/scoring.toml: review must lie below forward, both between 0 and 1")
    return tuple(found)


def _key(phrase: str) -> tuple[str, ...]:
    """A phrase in the form used for matching."""
    return tuple("…" if word == "…" else syllable_keys(word)[0] for word in phrase.replace("…", " … ").split())


def _contradictions(table: RoutingTable) -> Iterator[str]:
    """A phrase that is decisive for two units, twice in one field, or both for and against a field."""
    decisive: dict[tuple[str, ...], Field] = {}
    for field in table.fields:
        seen: dict[tuple[str, ...], str] = {}
        for tier in TIERS:
            for phrase in field.phrases[tier]:
                key = _key(phrase)
                if key in seen:
                    yield f"{field.file}: {field.name}: “{phrase}” stands twice ({seen[key]}, {tier})"
                seen[key] = tier
                other = decisive.setdefault(key, field) if tier == "decisive" else field
                if other.unit != field.unit:
                    yield f"{field.file}: {field.name}: “{phrase}” is decisive for {other.unit} ({other.name}) too"
        for phrase in field.unless:
            if _key(phrase) in seen:
                yield f"{field.file}: {field.name}: “{phrase}” speaks for the field and silences it"


def _unreachable(table: RoutingTable) -> Iterator[str]:
    """Phrases that do not match their own words, contain no word, or are too common to decide."""
    matcher = table.lexicon[0]
    for field in table.fields:
        for tier in TIERS:
            for phrase in field.phrases[tier]:
                full = spelled_out(phrase, table.shorthand)
                reading = read(f"{MARKED} {full.replace('…', ' ')}")
                if not _key(phrase):
                    yield f"{field.file}: {field.name}: “{phrase}” holds no word"
                elif all(matcher.phrases[hit.phrase] != full for hit in matcher.find(reading)):
                    yield f"{field.file}: {field.name}: “{phrase}” is never found, a longer phrase hides it"
                elif tier == "decisive" and _too_short(phrase):
                    yield f"{field.file}: {field.name}: “{phrase}” is one common syllable, too weak to decide"
        if not any(field.phrases[tier] for tier in TIERS):
            yield f"{field.file}: {field.name}: no phrase, cannot be reached"


def without_marks(table: RoutingTable, files: Collection[str]) -> Iterator[str]:
    """The phrases of these files that are typed without diacritics: by a syllable that no shipped phrase has so."""
    shipped = {word for field in load_routing().fields for phrase in _phrases(field) for word in phrase.split()}
    for field in table.fields:
        for phrase in _phrases(field) if field.file in files else ():
            strange = (one for one in phrase.split() if is_vietnamese_shape(one) and one not in shipped)
            if phrase.replace("…", "").isascii() and any(strange):
                yield (
                    f"{field.file}: {field.name}: “{phrase}” has no diacritics and is not found in letters that have"
                    " them; write it with them"
                )


def _phrases(field: Field) -> tuple[str, ...]:
    return tuple(phrase for phrases in (*field.phrases.values(), field.unless) for phrase in phrases)


def _too_short(phrase: str) -> bool:
    words = phrase.split()
    return len(words) == 1 and len(words[0]) < 4 and is_vietnamese_shape(syllable_keys(words[0])[1])


def _units(table: RoutingTable, on: date) -> Iterator[str]:
    """Rules whose unit has neither existed nor had a successor on a day; ward rules without a fallback."""
    for field in table.fields:
        if not field.unit_on(table.units, on):
            yield f"{field.file}: {field.name}: nobody answers for {field.unit} on {on.isoformat()}"
        if field.unit == WARD and not field.fallback:
            yield f"{field.file}: {field.name}: a ward's matter needs fallback, the department that oversees it"


def _units_left_out(table: RoutingTable, on: date) -> Iterator[str]:
    """Departments to which no field leads on a day, and units of an unknown kind."""
    led_to = {field.unit_on(table.units, on) for field in table.fields}
    for unit in table.units.values():
        if unit.kind not in UNIT_KINDS:
            yield f"units.tsv: {unit.code}: unknown kind {unit.kind!r}; kinds are {', '.join(sorted(UNIT_KINDS))}"
        if unit.kind == "department" and unit.valid_on(on) and unit.code not in led_to:
            yield f"units.tsv: {unit.code}: no field in routing/ leads to this department"


WANTED = (0.98, 0.99)
LENGTHS = ((30, "under 30 words"), (60, "30 to 59 words"), (100, "60 to 99 words"), (10**6, "100 words and more"))


def coverage(outcomes: Iterable[Outcome], wanted: float) -> tuple[float, float]:
    """The largest share of questions whose best guesses reach this precision, and the score at which it begins.

    (0, 1) when no threshold reaches it.
    """
    asked = sorted((one for one in outcomes if is_asked(one)), key=lambda one: -one.score)
    best, right = (0.0, 1.0), 0
    for count, outcome in enumerate(asked, 1):
        right += outcome.right_unit
        last_of_its_score = count == len(asked) or asked[count].score < outcome.score
        if last_of_its_score and right >= wanted * count:
            best = (count / len(asked), outcome.score)
    return best


def is_asked(outcome: Outcome) -> bool:
    """True for a question with a right unit that was classified as a sure question."""
    return outcome.expected == Kind.QUESTION and bool(outcome.units)


def coverages(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Coverage at each required precision: overall, by unit (wards together), by length, and by shape if known."""
    return {
        "all": _figures(outcomes),
        "by_unit": _grouped(outcomes, unit_group),
        "by_length": _grouped(outcomes, _length),
        "by_shape": _grouped(
            [outcome for outcome in outcomes if outcome.shape], lambda outcome: f"shape {outcome.shape}"
        ),
    }


def _grouped(outcomes: Sequence[Outcome], group: Callable[[Outcome], str]) -> dict[str, Any]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if is_asked(outcome):
            groups.setdefault(group(outcome), []).append(outcome)
    return {name: _figures(members) for name, members in sorted(groups.items())}


def _figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    figures: dict[str, Any] = {"questions": sum(map(is_asked, outcomes))}
    for wanted in WANTED:
        share, score = coverage(outcomes, wanted)
        figures[f"coverage_{wanted:.0%}"] = round(share, 4)
        figures[f"from_{wanted:.0%}"] = round(score, 3)
    return figures


def _length(outcome: Outcome) -> str:
    return next(name for most, name in LENGTHS if outcome.words < most)
