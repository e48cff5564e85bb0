"""The data files that an operator may replace: each read by its own reader, faults said in one line.

A file in ``rules.folder`` takes the place of the shipped one of its name, whole. A file of words must have the keys
of the shipped one, with values of the same kind; keys of tables that are lists themselves (:data:`FREE`) are its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rules.asker_words import load_words
from rules.attachments import load_file_rules
from rules.automatic_data import load_automatic_words
from rules.blanking import load_blanking
from rules.calendar import load_calendar
from rules.command_words import load_command_words
from rules.documents import load_titles
from rules.like import load_like_words
from rules.loader import DataFileError, Source, load_units
from rules.markers import load_markers
from rules.model_vote import load_votes
from rules.phones import load_numbering
from rules.retention import load_retention
from rules.rulebook import load_routing
from rules.unit_names import unit_names
from rules.verbs import load_verb_phrases

FREE = frozenset(
    {
        *("asker_phones.toml: lengths.", "asker_phones.toml: mobile_2018.", "attachments.toml: expected."),
        *("automatic.toml: headers.automatic.", "automatic.toml: headers.bulk.", "commands.toml: clauses."),
        *("commands.toml: clauses_by_reason.", "commands.toml: fields.", "commands.toml: units.", "retention.toml: "),
        *("session_form.toml: faults.", "verbs.toml: units."),
    }
)
"""Tables whose keys are data: any may be missing, any may be new."""
ANY = ("labelled/", "profiles/")
"""Folders in which a file may have any name; they are read by it."""
_READERS: Mapping[str, Callable[[Source], object]] = {
    "asker.toml": load_words,
    "asker_phones.toml": load_numbering,
    "attachments.toml": load_file_rules,
    "automatic.toml": load_automatic_words,
    "blanking.toml": load_blanking,
    "calendar.tsv": load_calendar,
    "commands.toml": load_command_words,
    "like.toml": load_like_words,
    "reply_markers.toml": load_markers,
    "retention.toml": load_retention,
    "session_form.toml": lambda source: source.toml("session_form.toml"),
    "units.tsv": load_units,
    "verbs.toml": lambda source: (load_verb_phrases(source), load_titles(source), unit_names({}, source)),
    "wards.tsv": load_units,
}
_KINDS = {list: "a list", dict: "a table", str: "a text", bool: "true or false", int: "a number", float: "a number"}


def own_files(source: Source) -> tuple[str, ...]:
    """The operator's files that are read in place of shipped ones."""
    return tuple(name for name in source.own if source.ships(name))


def strange_files(source: Source) -> tuple[str, ...]:
    """A line for each rule file that nothing reads: its name, or its folder, is wrong."""
    unread = (one for one in source.own if one.endswith(".toml") and not (source.ships(one) or one.startswith(ANY)))
    return tuple(f"{name}: nothing reads a file of this name; compare the names in rules/data" for name in unread)


def file_faults(source: Source) -> tuple[str, ...]:
    """What is wrong with the operator's data files, a line each; () when all can be used."""
    return tuple(fault for name in own_files(source) for fault in _faults(name, source))


def checked(source: Source) -> Source:
    """The source, whose own files can all be used. Raises :class:`DataFileError` with the first fault."""
    for fault in file_faults(source):
        raise DataFileError(fault)
    return source


def _faults(name: str, source: Source) -> Iterator[str]:
    if name.startswith(ANY):
        return
    try:
        if name in _READERS:
            unlike = tuple(_unlike_shipped(name, source))
            yield from unlike
            if unlike:
                return
        _READERS.get(name, _by_folder(name))(source)
    except DataFileError as error:
        yield str(error)
    except KeyError as error:
        yield f"{name}: {error} is missing"
    except (TypeError, AttributeError, ValueError, re.error) as error:
        yield f"{name}: {error}"


def _by_folder(name: str) -> Callable[[Source], object]:
    """The reader of a file of routing, classify or model."""
    folder, _, file = name.rpartition("/")
    if folder == "model":
        return lambda source: load_votes(source, (file.removesuffix(".tsv"),))
    return lambda source: (load_routing(source).kinds, load_routing(source).gazetteer)


def _unlike_shipped(name: str, source: Source) -> Iterator[str]:
    if name.endswith(".toml"):
        yield from _unlike(f"{name}: ", Source().toml(name), source.toml(name))
        return
    columns, own = (next(iter(each.tsv(name)), {}) for each in (Source(), source))
    yield from (f"{name}: no row has the column {column}" for column in columns if column not in own)


def _unlike(where: str, shipped: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[str]:
    """Keys that are missing or of another kind, and keys that nothing reads."""
    for key, value in shipped.items():
        if key not in own:
            if where not in FREE:
                yield f"{where}{key} is missing"
        elif _kind(own[key]) != _kind(value):
            yield f"{where}{key} must be {_kind(value)}"
        elif isinstance(value, dict):
            yield from _unlike(f"{where}{key}.", value, own[key])
        elif isinstance(value, list):
            yield from _unlike_list(f"{where}{key}", value, own[key])
    if where not in FREE:
        yield from (f"{where}{key}: nothing reads this key" for key in own if key not in shipped)


def _unlike_list(where: str, shipped: list[Any], own: list[Any]) -> Iterator[str]:
    wanted = {_kind(one) for one in shipped}
    for place, one in enumerate(own, 1):
        if wanted and _kind(one) not in wanted:
            yield f"{where}: item {place} must be {' or '.join(sorted(wanted))}"
        elif isinstance(one, dict):
            missing = [key for key in shipped[0] if key not in one]
            yield from (f"{where}: item {place}: {key} is missing" for key in missing)
    if where == "commands.toml: command":
        yield from _unlike_verbs(where, shipped, own)


def _unlike_verbs(where: str, shipped: list[Any], own: list[Any]) -> Iterator[str]:
    """A verb that nobody carries out, or one that our own mails offer and no phrase says any more."""
    known, said = ({one.get("verb") for one in entries} for entries in (shipped, own))
    yield from (f"{where}: nothing is done for the verb {verb!r}" for verb in sorted(map(str, said - known)))
    yield from (f"{where}: no phrase says {verb!r} any more" for verb in sorted(map(str, known - said)))


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "something else")
