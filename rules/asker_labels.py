"""Labelled data of the asker: "Họ tên: …", "Địa chỉ: …", "ĐT: …", one a line or several in one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.addresses import is_address, run_at
from rules.asker_words import DEFAULT, Words, load_words, plain
from rules.loader import Source
from rules.names import person
from rules.phones import find_phones

THIRD_PARTY_LINE = 140
"""A line that names another's data is no longer than this; longer ones are prose."""
_PLACES = ("address", "permanent", "current")
_ENDS = " \t,;|.–—-*_"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label's kind (see ``LABEL_KINDS``) and the value behind it, as typed."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a label stands in its line."""

    kind: str
    start: int
    end: int


def read_labels(text: str, source: Source = DEFAULT) -> tuple[tuple[Labelled, ...], str]:
    """Every label of the asker with its value, and the text without the lines that hold them.

    Labels that follow a line about another party ("Người bị tố cáo: …") are not the asker's.
    """
    words = load_words(source)
    found: list[Labelled] = []
    rest: list[str] = []
    others, waiting = False, ""
    for line in text.split("\n"):
        if not line.strip():
            others = False
            rest.append(line)
            continue
        marks = _marks(line, words, source)
        if waiting and not marks:
            found.append(Labelled(waiting, line.strip(_ENDS)))
            waiting = ""
            continue
        others = _still_others(line, marks, others, words)
        if not marks or others:
            rest.append("" if others else line)
            continue
        values = tuple(_values(line, marks))
        rest.append(line[: marks[0].start] if marks[0].start > 0 else "")
        found.extend(value for value in values if value.value)
        waiting = "" if values[-1].value or values[-1].kind == "other" else values[-1].kind
        rest.extend(value.value for value in values if value.kind == "other" and len(value.value) > 60)
    return tuple(found), "\n".join(rest)


def _still_others(line: str, marks: tuple[_Mark, ...], others: bool, words: Words) -> bool:
    """Whether what follows is another party's: from a line that says so to a blank line or the asker's name."""
    if marks and marks[0].kind in ("name", "organisation"):
        return False
    if others or marks or ":" not in line or len(line) > THIRD_PARTY_LINE:
        return others
    return words.third_party.match(plain(line)) is not None


def _marks(line: str, words: Words, source: Source) -> tuple[_Mark, ...]:
    bare = plain(line)
    marks: list[_Mark] = []
    first = words.line_label.match(bare)
    if first and _is_label(line, first, words, source):
        marks.append(_Mark(_kind(first.group("label"), words), first.start("label"), first.end()))
    inside = words.inner_label.finditer(bare, marks[0].end if marks else 0) if ":" in bare else ()
    for inner in inside:
        label = "label" if inner.group("label") else "strong"
        if inner.group(label) in words.sets["labels", "at_start"]:
            continue
        kind = _kind(inner.group(label), words)
        if not _in_parentheses(bare, inner.start(label)) or _fits(kind, line[inner.end() :], source):
            marks.append(_Mark(kind, inner.start(label), inner.end()))
    if marks and not first and all(mark.kind == "other" for mark in marks):
        return ()
    return tuple(marks)


def _kind(label: str, words: Words) -> str:
    return words.label_kind[" ".join(label.replace("\u00a0", " ").split())]


def _in_parentheses(line: str, at: int) -> bool:
    return line.count("(", 0, at) > line.count(")", 0, at)


def _is_label(line: str, found: re.Match[str], words: Words, source: Source) -> bool:
    """A colon makes a label; a hyphen or a blank only when such a value follows as the label announces."""
    if found.group("sign") in (":", "=", "|", "：", "\t"):
        return True
    kind = _kind(found.group("label"), words)
    if found.group("label") in words.sets["labels", "at_start"]:
        return False
    value = line[found.end() :].strip(_ENDS)
    return is_address(value, source) if kind in _PLACES else _fits(kind, value, source)


def _fits(kind: str, value: str, source: Source) -> bool:
    """Whether such a value follows as the label announces."""
    if kind == "phone":
        phones = find_phones(value, source)
        return bool(phones) and phones[0].start <= 2
    if kind in _PLACES:
        return bool(run_at(value, 0, source))
    return kind == "name" and bool(person(value, True, source))


def _values(line: str, marks: tuple[_Mark, ...]) -> Iterator[Labelled]:
    for mark, following in zip(marks, (*marks[1:], None), strict=True):
        value = line[mark.end : following.start if following else len(line)].strip(_ENDS + " ")
        if value.endswith("(") or (value.count("(") < value.count(")") and value.endswith(")")):
            value = value[:-1].strip(_ENDS)
        yield Labelled(mark.kind, value)
