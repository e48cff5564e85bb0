"""Checks an own file of the statistical vote (``model/*.tsv``): a head of five lines, then its features."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from rules.commands.command import NO_ORDER
from rules.commands.likely_orders import ACTS, ORDER, ORDERS, load_hints
from rules.commands.vocabulary import load_command_words
from rules.routing.routing_rules import WARD
from rules.text.statistical_vote import HEAD
from rules.values.data_file import DataFileError, Source, load_units
from rules.values.model import Kind, Verb

ANEW = "make the file anew with scripts/train_vote.py"


def model_faults(name: str, source: Source) -> Iterator[str]:
    """The file's first fault, if any. As a program writes the file, nobody repairs it by hand."""
    try:
        lines = source.text(name).splitlines()
        head = _head(lines[: len(HEAD) + 1])
        _check_head(head, _classes_of(name, source))
        _check_rows(lines[len(HEAD) + 1 :], frozenset(head["classes"]))
    except DataFileError:
        raise
    except ValueError as error:
        yield f"{name}: {error}; {ANEW}"


def _classes_of(name: str, source: Source) -> set[str]:
    """The classes that each vote may have."""
    if name == "model/units.tsv":
        return {WARD, *load_units(source)}
    if name == f"model/{ORDERS}.tsv":
        return {ORDER, NO_ORDER}
    if name == f"model/{ACTS}.tsv":
        hints = (act for act, _, _ in load_hints(source).acts)
        return {*hints, *(one.verb for one in load_command_words(source).phrases)}
    if name == "model/talk.tsv":
        return {"talk", "matter"}
    return {str(one) for one in (Verb if name == "model/replies.tsv" else Kind)}


def _head(lines: Sequence[str]) -> Mapping[str, list[str]]:
    head: dict[str, list[str]] = {}
    for number, line in enumerate(lines[1:], 2):
        key, *cells = line.split("\t")
        if key not in HEAD or key in head:
            raise ValueError(f"line {number} must begin with {' or '.join(HEAD)}, each once, is {key[:40]!r}")
        head[key] = cells
    if missing := [key for key in HEAD if key not in head]:
        raise ValueError(f"the line {missing[0]} is missing")
    return head


def _check_head(head: Mapping[str, list[str]], known: set[str]) -> None:
    classes = head["classes"]
    if strange := [one for one in classes if one not in known]:
        raise ValueError(f"classes: there is no {strange[0][:40]!r}")
    if not classes or len(set(classes)) < len(classes):
        raise ValueError("classes: each must be named once")
    if len(head["bias"]) != len(classes) or not all(map(_is_number, head["bias"])):
        raise ValueError(f"bias: must be {len(classes)} numbers, one for each class")
    if len(head["sharpness"]) != 1 or not _is_number(head["sharpness"][0]) or float(head["sharpness"][0]) <= 0:
        raise ValueError("sharpness: must be one number above 0")


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _check_rows(lines: Sequence[str], classes: frozenset[str]) -> None:
    """A feature's letter and words, its rarity, and class=weight for the classes that it supports or opposes."""
    seen: set[str] = set()
    for number, line in enumerate(lines, len(HEAD) + 2):
        feature, *cells = line.split("\t")
        weights = [one.partition("=") for one in cells[-1].split()] if len(cells) == 2 else []
        fits = feature[:1] in {"b", "m"} and weights and _is_number(cells[0])
        if not fits or not all(name in classes and _is_number(weight) for name, _, weight in weights):
            raise ValueError(f"line {number}: no feature with its weights: {line[:40].strip()!r}")
        if feature in seen:
            raise ValueError(f"line {number}: {feature[:40]!r} stands twice")
        seen.add(feature)
    if not seen:
        raise ValueError("no feature follows the head")
