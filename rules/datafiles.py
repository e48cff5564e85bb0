"""The data files that an operator may replace: each read by its own reader, faults said in one line.

A file in ``rules.folder`` takes the place of the shipped one of its name, whole. A file of words must have the keys
of the shipped one, with values of the same kind (:mod:`rules.datashape`); a table its columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rules.asker_words import load_words
from rules.attachments import load_file_rules
from rules.automatic_data import load_automatic_words
from rules.blanking import load_blanking
from rules.calendar import load_calendar
from rules.command_words import load_command_words
from rules.datashape import unlike
from rules.documents import load_titles
from rules.kindbook import FILES as KIND_FILES
from rules.like import load_like_words
from rules.loader import DataFileError, Source, load_units
from rules.markers import load_markers
from rules.model_file import model_faults
from rules.model_vote import load_votes
from rules.phones import load_numbering
from rules.retention import load_retention
from rules.rulebook import FILES as UNIT_FILES
from rules.rulebook import TIERS, load_routing
from rules.session_text import form_words
from rules.unit_names import unit_names
from rules.verbs import check_verb_phrases
from rules.wishes import load_wishes

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
    "session_form.toml": form_words,
    "units.tsv": load_units,
    "verbs.toml": lambda source: (check_verb_phrases(source), load_titles(source), unit_names({}, source)),
    "wards.tsv": load_units,
    "wishes.toml": load_wishes,
}
_FIELD = dict.fromkeys(("name", "unit", "before", "fallback"), "SXD") | {
    key: ["…"] for key in ("unless", "support", "over", *TIERS)
}
_FIELDS = [_FIELD, {"name": "…"}]
"""A field of routing: all but its name may be missing."""


def own_files(source: Source) -> tuple[str, ...]:
    """The operator's files that are read in place of shipped ones."""
    return tuple(name for name in source.own if source.ships(name))


def strange_files(source: Source) -> tuple[str, ...]:
    """A line for each rule file that nothing reads: its name, or its folder, is wrong."""
    unread = (one for one in source.own if one.endswith(".toml") and not (source.ships(one) or one.startswith(ANY)))
    return tuple(f"{name}: nothing reads a file of this name; compare the names in rules/data" for name in unread)


def file_faults(source: Source) -> tuple[str, ...]:
    """What is wrong with the operator's data files, a line each; () when all can be used.

    A file is read only when all look like what is read: readers read several, and would blame the wrong one.
    """
    names = [name for name in own_files(source) if not name.startswith(ANY)]
    unlike = [fault for name in names for fault in _unlike_shipped(name, source)]
    return tuple(dict.fromkeys(unlike or [fault for name in names for fault in _unread(name, source)]))


def checked(source: Source) -> Source:
    """The source, whose own files can all be used. Raises :class:`DataFileError` with the first fault."""
    for fault in file_faults(source):
        raise DataFileError(fault)
    return source


def _unread(name: str, source: Source) -> Iterator[str]:
    """What its reader says against a file."""
    try:
        _READERS.get(name, _by_folder(name))(source)
    except DataFileError as error:
        yield str(error)
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, re.error) as error:
        yield f"{name}: cannot be used: {type(error).__name__}: {error}"


def _by_folder(name: str) -> Callable[[Source], object]:
    """The reader of a file of routing, classify or model."""
    folder, _, file = name.rpartition("/")
    if folder == "model":
        return lambda source: load_votes(source, (file.removesuffix(".tsv"),))
    return lambda source: (load_routing(source).kinds, load_routing(source).gazetteer)


def _unlike_shipped(name: str, source: Source) -> Iterator[str]:
    """What shows before a file is read: keys, columns and kinds of values."""
    try:
        if not (source.over and (source.over / name).is_file()):
            yield f"{name}: no file that can be read"
        elif name.startswith("model/"):
            yield from model_faults(name, source)
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


def _examples(name: str) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """The name of a file's family for :func:`rules.datashape.unlike`, and files that are as they must be."""
    folder, _, file = name.removesuffix(".toml").rpartition("/")
    if folder == "routing" and file in UNIT_FILES:
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
    """A verb that nobody carries out, or one that our own mails offer and no phrase says any more."""
    if name != "commands.toml":
        return
    known, said = ({one["verb"] for one in data["command"] if one["phrases"]} for data in (Source().toml(name), own))
    yield from (f"{name}: command: nothing is done for the verb {verb!r}" for verb in sorted(said - known))
    yield from (f"{name}: command: no phrase says {verb!r} any more" for verb in sorted(known - said))
