"""The required form of a data file: its keys and the kinds of its values, taken from examples.

The examples are tables like the file, usually the shipped one. A key in every example is required; one in no example
is not read by anything. Keys of tables that are lists themselves (:data:`FREE`) are data: any may be missing or new,
and their values must be like the other values in the table.

Also the data files that an operator may replace: each is read by its own reader; faults take one line each. Such a
file replaces the shipped one of its name completely; a table must have its columns.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rules.commands.approval.words import load_leader_words
from rules.commands.likely_orders import ACTS, load_hints
from rules.commands.session_form import form_words
from rules.commands.vocabulary import load_command_words
from rules.law.legal_dates import load_retention
from rules.law.working_days import load_amended, load_calendar
from rules.message.attachment_policy import load_file_rules
from rules.message.quote_markers import load_automatic_words, load_markers
from rules.reply.answer_lines import load_shown
from rules.reply.details import load_titles
from rules.reply.unit_names import unit_names
from rules.reply.verbs import VerbPhrases, load_verb_phrases, phrase_keys, phrase_names
from rules.requester.contact_data import load_numbering
from rules.requester.redaction import load_blanking
from rules.requester.secrecy import load_secrecy
from rules.requester.vocabulary import load_words
from rules.routing.kind_signs import FILES as KIND_FILES
from rules.routing.routing_rules import TIERS, WARD, load_routing, unit_files
from rules.routing.similar import load_similar_words
from rules.routing.wards import load_gazetteer
from rules.text.patterns import phrase_fault
from rules.text.statistical_vote import load_vote, model_faults
from rules.understand.citizen_requests import load_citizen_requests, load_numbered_words
from rules.values.data_file import DataFileError, Source, load_units

FREE = frozenset(
    {
        *("asker_phones.toml: lengths.", "asker_phones.toml: mobile_2018.", "attachments.toml: expected."),
        *("automatic.toml: headers.automatic.", "automatic.toml: headers.marked.", "automatic.toml: headers.bulk."),
        "classify: lists.",
        *("classify/plain.toml: file_names.", "commands.toml: clauses.", "commands.toml: clauses_by_reason."),
        *("commands.toml: fields.", "commands.toml: papers.", "commands.toml: paper_signs.", "commands.toml: units."),
        *("retention.toml: ", "routing/places.toml: aliases."),
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
    "classify/vote.toml: spam.signs": (0, 10),
    "holidays_amended.toml: holiday.asked_before_days": (1, 365),
    "holidays_amended.toml: holiday.day": (1, 31),
    "holidays_amended.toml: holiday.month": (1, 12),
    "retention.toml: *.days": (1, 36525),
    "routing/scoring.toml: threshold.alone": (0, 1),
    "routing/scoring.toml: threshold.forward": (0, 1),
    "routing/scoring.toml: threshold.item": (0, 1),
    "routing/scoring.toml: threshold.review": (0, 1),
    "routing/scoring.toml: threshold.support": (0, 1),
    "routing/scoring.toml: threshold.support_part": (0, 1),
    "routing/scoring.toml: threshold.talk": (0, 1),
    "wishes.toml: by_number.data.said.apart": (0, 100),
    "wishes.toml: by_number.state.said.apart": (0, 100),
}
"""The smallest and the largest allowed value of a number."""
CHOICES = frozenset({"commands.toml: command.takes", "classify: kind", "wishes.toml: by_number.data.rule"})
"""Texts with a fixed meaning in the program: only those of the examples are allowed."""
_KINDS = {
    list: "a list",
    dict: "a table",
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
}
SHOWN = 40
"""At most this many characters of a wrong value are shown."""


class Place(NamedTuple):
    """The position of a value: as shown to people, and as a pattern without item numbers and free keys."""

    shown: str
    pattern: str

    def key(self, name: str) -> Place:
        """The position of a key in the table at this position."""
        return Place(f"{self.shown}{name}", f"{self.pattern}{'*' if self.pattern in FREE else name}")

    def table(self) -> Place:
        """The position for the keys of the table at this position."""
        return Place(f"{self.shown}.", f"{self.pattern}.")


def unlike(name: str, family: str, examples: Sequence[Mapping[str, Any]], own: Mapping[str, Any]) -> Iterator[str]:
    """The faults of a file, one per line, beginning with its name. ``family``: its name in the tables above."""
    yield from _table(Place(f"{name}: ", f"{family}: "), examples, own)


def _table(at: Place, examples: Sequence[Mapping[str, Any]], own: Mapping[str, Any]) -> Iterator[str]:
    """Keys that are missing or not read by anything, and values of another kind."""
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
    """Of thousands of texts one of each kind, of lists one with all their items, to compare new items with."""
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
    """An empty word, which would match every text."""
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
    """The value, shortened."""
    if isinstance(value, list | dict):
        return _kind(value) if value else f"an empty {'list' if isinstance(value, list) else 'table'}"
    text = " ".join(str(value).split())
    text = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return f"the text “{text}”" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else text


def check_verb_phrases(source: Source) -> VerbPhrases:
    """The phrases, each checked separately. Raises ``DataFileError`` for the first wrong one."""
    data = source.toml("verbs.toml")
    for section, key in phrase_keys(data):
        for phrase in data[section][key]:
            if fault := phrase_fault(phrase, phrase_names(data)):
                raise DataFileError(f"verbs.toml: {section}.{key}: {fault}")
    if gapped := next((phrase for phrase in data["veto"]["not_these"] if "…" in phrase), ""):
        raise DataFileError(f"verbs.toml: veto.not_these: “{gapped}” would hide whatever stands in its gap")
    return load_verb_phrases(source)


ANY = ("labelled/", "profiles/")
"""Folders in which a file may have any name and is still read."""
_READERS: Mapping[str, Callable[[Source], object]] = {
    "asker.toml": load_words,
    "asker_phones.toml": load_numbering,
    "attachments.toml": load_file_rules,
    "automatic.toml": load_automatic_words,
    "blanking.toml": load_blanking,
    "calendar.tsv": load_calendar,
    "commands.toml": load_command_words,
    "hints.toml": load_hints,
    "holidays_amended.toml": load_amended,
    "leaders.toml": load_leader_words,
    "like.toml": load_similar_words,
    "reply_markers.toml": load_markers,
    "retention.toml": load_retention,
    "session_form.toml": form_words,
    "shown.toml": load_shown,
    "units.tsv": load_units,
    "verbs.toml": lambda source: (check_verb_phrases(source), load_titles(source), unit_names({}, source)),
    "wards.tsv": load_units,
    "wards_before.tsv": load_gazetteer,
    "wishes.toml": lambda source: (load_citizen_requests(source), load_numbered_words(source), load_secrecy(source)),
}
_FIELD = dict.fromkeys(("name", "unit", "before", "fallback"), "SXD") | {
    key: ["…"] for key in ("unless", "support", "over", *TIERS)
}
_FIELDS = [_FIELD, {"name": "…"}]
"""A field of routing: everything but its name is optional."""


def own_files(source: Source) -> tuple[str, ...]:
    """The operator's files that replace shipped ones or, for routing, are read in addition."""
    return tuple(name for name in source.own if source.ships(name) or _is_new_units(name))


def _is_new_units(name: str) -> bool:
    """True for a routing file that is not shipped: for a unit that the operator has added."""
    return name.startswith("routing/") and name.endswith(".toml") and not Source.ships(name)


def strange_files(source: Source) -> tuple[str, ...]:
    """A line for each rule file that nothing reads, because its name or its folder is wrong."""
    read = own_files(source)
    unread = (one for one in source.own if one.endswith(".toml") and one not in read and not one.startswith(ANY))
    return tuple(f"{name}: nothing reads a file of this name; compare the names in rules/data" for name in unread)


def file_faults(source: Source) -> tuple[str, ...]:
    """The faults of the operator's data files, one per line; () when all can be used.

    Readers run only if all files have the right form: they read several files, and would blame the wrong one.
    """
    names = [name for name in own_files(source) if not name.startswith(ANY)]
    unlike = [fault for name in names for fault in _unlike_shipped(name, source)]
    return tuple(dict.fromkeys(unlike or [fault for name in names for fault in _unread(name, source)]))


def checked(source: Source) -> Source:
    """The source, if all its own files can be used. Raises :class:`DataFileError` with the first fault."""
    for fault in file_faults(source):
        raise DataFileError(fault)
    return source


def _unread(name: str, source: Source) -> Iterator[str]:
    """The faults that a file's reader finds."""
    try:
        _READERS.get(name, _by_folder(name))(source)
    except DataFileError as error:
        yield str(error)
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, re.error) as error:
        yield f"{name}: cannot be used: {type(error).__name__}: {error}"


def _by_folder(name: str) -> Callable[[Source], object]:
    """The reader for a file of routing, classify or model."""
    folder, _, file = name.rpartition("/")
    if folder == "model":
        return lambda source: load_vote(file.removesuffix(".tsv"), source)
    return lambda source: (load_routing(source).kinds, load_routing(source).gazetteer)


def _unlike_shipped(name: str, source: Source) -> Iterator[str]:
    """Faults visible before a file's reader runs: keys, columns and kinds of values."""
    try:
        if not (source.over and (source.over / name).is_file()):
            yield f"{name}: no file that can be read"
        elif name.startswith("model/"):
            yield from model_faults(name, source, _classes_of)
        elif name.endswith(".tsv"):
            source.tsv(name, Source().columns(name))
        else:
            own = source.toml(name)
            faults = tuple(unlike(name, *_examples(name), own))
            if not own and not faults:
                yield f"{name}: is empty"
            yield from faults or _unlike_verbs(name, own)
    except DataFileError as error:
        yield str(error)


def _classes_of(name: str, source: Source) -> set[str]:
    """The classes that a statistical vote may have: the shipped one's, of acts any verb; those of units are data."""
    if name == "model/units.tsv":
        return {WARD, *load_units(source)}
    shipped = load_vote(name.removeprefix("model/").removesuffix(".tsv"), Source())
    classes = set(shipped.classes) if shipped else set()
    if name == f"model/{ACTS}.tsv":
        classes |= {act for act, _, _ in load_hints(source).acts}
        classes |= {phrase.verb for phrase in load_command_words(source).phrases}
    return classes


def _examples(name: str) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """The name of a file's family for :func:`rules.tuning.check_files.unlike`, and correct files as examples."""
    folder, _, file = name.removesuffix(".toml").rpartition("/")
    if folder == "routing" and (file in unit_files() or _is_new_units(name)):
        return "routing", ({"unit": "SXD"}, {"field": _FIELDS})
    shipped = Source().toml(name)
    if folder == "classify" and file in KIND_FILES:
        signs = [sign for each in KIND_FILES for sign in Source().toml(f"classify/{each}.toml")["sign"]]
        example = {key: value for key, value in shipped.items() if key != "lists"} | {"sign": signs}
        return "classify", (example, {**example, "lists": {"…": ["…"]}})
    if name == "classify/plain.toml":
        return name, (shipped, {**shipped, "passing": shipped["neutral"]})
    return name, (shipped,)


def _unlike_verbs(name: str, own: Mapping[str, Any]) -> Iterator[str]:
    """A verb that nothing carries out, or one that our own mails offer but no phrase means any more."""
    if name != "commands.toml":
        return
    known, said = ({one["verb"] for one in data["command"] if one["phrases"]} for data in (Source().toml(name), own))
    yield from (f"{name}: command: nothing is done for the verb {verb!r}" for verb in sorted(said - known))
    yield from (f"{name}: command: no phrase says {verb!r} any more" for verb in sorted(known - said))
