"""What a data file of words must look like: its keys and the kinds of its values, told by examples of it.

The examples are tables like the file, mostly the shipped one. A key that stands in every example must be there, one
that stands in none is read by nothing. Keys of tables that are lists themselves (:data:`FREE`) are data: any may be
missing, any may be new, and what stands there is like what stands elsewhere in the table.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

FREE = frozenset(
    {
        *("asker_phones.toml: lengths.", "asker_phones.toml: mobile_2018.", "attachments.toml: expected."),
        *("automatic.toml: headers.automatic.", "automatic.toml: headers.bulk.", "classify: lists."),
        *("classify/plain.toml: file_names.", "commands.toml: clauses.", "commands.toml: clauses_by_reason."),
        *("commands.toml: fields.", "commands.toml: units.", "retention.toml: ", "routing/places.toml: aliases."),
        *("routing/places.toml: districts.", "routing/shorthand.toml: shorthand.", "session_form.toml: faults."),
        "verbs.toml: units.",
    }
)
"""Tables whose keys are data."""
RANGES: Mapping[str, tuple[float, float]] = {
    "asker_phones.toml: lengths.*": (1, 15),
    "asker_phones.toml: area_2017.digits": (1, 15),
    "blanking.toml: address.longest_name": (1, 100),
    "blanking.toml: paper.shortest": (1, 100),
    "classify/vote.toml: doubt.not_a_question": (0, 1),
    "classify/vote.toml: doubt.spam": (0, 1),
    "classify/vote.toml: kind.not_a_question": (0, 1),
    "classify/vote.toml: kind.spam": (0, 1),
    "retention.toml: *.days": (1, 36525),
    "routing/scoring.toml: threshold.forward": (0, 1),
    "routing/scoring.toml: threshold.item": (0, 1),
    "routing/scoring.toml: threshold.review": (0, 1),
    "routing/scoring.toml: threshold.support": (0, 1),
}
"""The least and the most of a number, both allowed."""
CHOICES = frozenset({"commands.toml: command.takes", "classify: kind"})
"""Texts that the program knows: only those of the examples mean something."""
_KINDS = {
    list: "a list",
    dict: "a table",
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
}
SHOWN = 40
"""Letters of a wrong value that are shown."""


class Place(NamedTuple):
    """Where a value stands: as it is shown to people, and as a pattern without numbers of items and free keys."""

    shown: str
    pattern: str

    def key(self, name: str) -> Place:
        """Of a key in the table that stands here."""
        return Place(f"{self.shown}{name}", f"{self.pattern}{'*' if self.pattern in FREE else name}")

    def table(self) -> Place:
        """Of the keys of the table that stands here."""
        return Place(f"{self.shown}.", f"{self.pattern}.")


def unlike(name: str, family: str, examples: Sequence[Mapping[str, Any]], own: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a file, a line each, beginning with its name. ``family``: its name in the tables above."""
    yield from _table(Place(f"{name}: ", f"{family}: "), examples, own)


def _table(at: Place, examples: Sequence[Mapping[str, Any]], own: Mapping[str, Any]) -> Iterator[str]:
    """Keys that are missing or that nothing reads, and values of another kind."""
    free = at.pattern in FREE
    known = {key: [one[key] for one in examples if key in one] for each in examples for key in each}
    if free:
        known = dict.fromkeys(own, _few(value for one in examples for value in one.values()))
    for key, values in known.items():
        if key in own:
            yield from _value(at.key(key), values, own[key])
        elif len(values) == len(examples):
            yield f"{at.shown}{key} is missing"
    for key in own:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            yield f"{at.shown}{key}: nothing reads this key{f'; did you mean {near[0]}?' if near else ''}"


def _value(at: Place, examples: Sequence[Any], value: Any) -> Iterator[str]:
    wanted = {_kind(one) for one in examples}
    if wanted and _kind(value) not in wanted and not ("a number" in wanted and _kind(value) == "a whole number"):
        yield f"{at.shown} must be {' or '.join(sorted(wanted))}, is {_found(value)}"
    elif isinstance(value, dict):
        yield from _table(at.table(), [one for one in examples if isinstance(one, dict)], value)
    elif isinstance(value, list):
        yield from _items(at, _few(item for one in examples if isinstance(one, list) for item in one), value)
    elif isinstance(value, str):
        yield from _text(at, examples, value)
    elif isinstance(value, int | float):
        least, most = RANGES.get(at.pattern, (-math.inf, math.inf))
        if not (least <= value <= most and math.isfinite(value)):
            wanted_range = f"from {least} to {most}" if at.pattern in RANGES else "finite"
            yield f"{at.shown} must be {wanted_range}, is {value}"


def _few(examples: Iterable[Any]) -> list[Any]:
    """Of thousands of texts one of each sort, of lists one with what stands in all: items are held against them."""
    seen: dict[object, Any] = {}
    tables: list[Any] = []
    items: list[Any] = []
    is_list = False
    for one in examples:
        if isinstance(one, dict):
            tables.append(one)
        elif isinstance(one, list):
            items, is_list = items + one, True
        else:
            seen.setdefault((type(one), isinstance(one, str) and bool(one.strip())), one)
    return [*seen.values(), *tables, *([_few(items)] if is_list else [])]


def _items(at: Place, examples: Sequence[Any], own: Sequence[Any]) -> Iterator[str]:
    for place, one in enumerate(own, 1):
        item = Place(f"{at.shown}: item {place}", at.pattern)
        if isinstance(one, dict) and any(isinstance(each, dict) for each in examples):
            tables = [each for each in examples if isinstance(each, dict)]
            yield from _table(Place(f"{item.shown}: ", f"{item.pattern}."), tables, one)
        else:
            yield from _value(item, examples, one)


def _text(at: Place, examples: Sequence[Any], value: str) -> Iterator[str]:
    """An empty word would be found in every text."""
    if at.pattern in CHOICES and value not in examples:
        known = ", ".join(repr(one) for one in sorted(set(filter(_is_text, examples))))
        yield f"{at.shown} must be one of {known}, is {_found(value)}"
    elif not value.strip() and all(one.strip() for one in examples if _is_text(one)):
        yield f"{at.shown} must not be empty"


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a date or time")


def _found(value: object) -> str:
    """The value in a few words."""
    if isinstance(value, list | dict):
        return _kind(value) if value else f"an empty {'list' if isinstance(value, list) else 'table'}"
    text = " ".join(str(value).split())
    text = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return f"the text “{text}”" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else text
