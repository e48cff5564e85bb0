"""Faults that rules can have, and what a change of rules changes; both for people who edit them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rules.model import Asker, Route
from rules.reading import is_vietnamese_shape, read, spelled_out, syllable_keys
from rules.routing import route
from rules.rulebook import TIERS, WARD, Field, RoutingTable

MARKED = "ừ ừ ừ"
"""Words that make a sentence one with marks."""


def check_rules(table: RoutingTable, on: date) -> tuple[str, ...]:
    """Faults in words, one a line: unreachable, contradicting, or naming a unit that is no more."""
    found = [*_contradictions(table), *_unreachable(table), *_units(table, on)]
    limits = table.scoring.threshold
    if not 0 < limits["review"] < limits["forward"] <= 1:
        found.append("routing/scoring.toml: review must lie below forward, both between 0 and 1")
    return tuple(found)


def _key(phrase: str) -> tuple[str, ...]:
    """A phrase as it is matched."""
    return tuple("…" if word == "…" else syllable_keys(word)[0] for word in phrase.replace("…", " … ").split())


def _contradictions(table: RoutingTable) -> Iterator[str]:
    """One phrase decisive for two units, twice in one field, or both for and against a field."""
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
    """Phrases that are not even found in their own words, hold no word, or are too common to decide."""
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


def _too_short(phrase: str) -> bool:
    words = phrase.split()
    return len(words) == 1 and len(words[0]) < 4 and is_vietnamese_shape(syllable_keys(words[0])[1])


def _units(table: RoutingTable, on: date) -> Iterator[str]:
    """Rules whose unit nobody answers for on a day."""
    for field in table.fields:
        if not field.unit_on(table.units, on):
            yield f"{field.file}: {field.name}: nobody answers for {field.unit} on {on.isoformat()}"
        if field.unit == WARD and not field.fallback:
            yield f"{field.file}: {field.name}: a ward's matter needs fallback, the department that oversees it"


@dataclass(frozen=True, slots=True)
class RouteChange:
    """A text that other rules send elsewhere, or decide on otherwise."""

    key: str
    old: Route
    new: Route

    @property
    def words(self) -> str:
        """In one line: from where to where."""
        before, after = (f"{one.lead or '–'} ({one.decision.value})" for one in (self.old, self.new))
        return f"{self.key}: {before} -> {after}"


def diff_routes(
    old: RoutingTable, new: RoutingTable, texts: Iterable[tuple[str, str, Asker, date]]
) -> tuple[RouteChange, ...]:
    """What changes for stored mails. ``texts``: key (register number), own text, asker, day of receipt of each."""
    changed = []
    for key, text, asker, day in texts:
        before, after = route(text, "", asker, old, day), route(text, "", asker, new, day)
        if (before.lead, before.decision, before.supporting) != (after.lead, after.decision, after.supporting):
            changed.append(RouteChange(key, before, after))
    return tuple(changed)
