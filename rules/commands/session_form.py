"""The form of a session in a mail: TOML, or labelled lines in Vietnamese. Faults are reported by key. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from rules.commands.commands import read_commands
from rules.message.quote_markers import DEFAULT
from rules.text import clean, strip_marks
from rules.text.dates import moment_in
from rules.values.data_file import SOURCES_KEPT, DataFileError, Source
from rules.values.model import Unit

_LABELLED = re.compile(r"^(?![-•*])([^:]{2,40}?)\s*+:\s*+(.*)$")
"""For lines without their leading blanks."""
_TOML = re.compile(r"^[ \t]*+(topic|start)[ \t]*+=", re.MULTILINE)
EARLIEST = time(6)
"""No session begins earlier in the day."""
LISTS = ("purpose", "requirements", "manner", "ways", "reasons", "leaders", "coordination")


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """Values by the keys of the TOML form; ``faults`` are lines that were not understood, in Vietnamese."""

    values: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


@lru_cache(maxsize=SOURCES_KEPT)
def form_words(source: Source = DEFAULT) -> Mapping[str, Mapping[str, Any]]:
    """The words of ``session_form.toml``. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("session_form.toml")
    keys: dict[str, str] = {}
    for key, names in data["labels"].items():
        for name in names:
            if keys.setdefault(_plain(name), key) != key:
                raise DataFileError(
                    f"session_form.toml: labels: “{name}” stands for {keys[_plain(name)]} and for {key}"
                )
    return data


@lru_cache(maxsize=SOURCES_KEPT)
def _keys(source: Source) -> Mapping[str, str]:
    labels = form_words(source)["labels"]
    return {_plain(name): key for key, names in labels.items() for name in names}


def _plain(text: str) -> str:
    return " ".join(strip_marks(text).lower().split())


def is_form(text: str, source: Source = DEFAULT) -> bool:
    """True for a text that has a session's topic and time, labelled or as TOML."""
    if {match[1] for match in _TOML.finditer(text)} == {"topic", "start"}:
        return True
    found = {
        _keys(source).get(_plain(match[1])) for line in text.split("\n") if (match := _LABELLED.match(line.lstrip()))
    }
    return {"topic", "start"} <= found


def read_text(text: str, units: Mapping[str, Unit], source: Source = DEFAULT) -> WrittenForm:
    """The form in a text. A text that is not TOML is read by its labels."""
    if _TOML.search(text):
        try:
            return WrittenForm(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            return WrittenForm(faults=(f"Mẫu TOML không đọc được: {error}",))
    said: dict[str, list[str]] = {}
    faults: list[str] = []
    key = ""
    for line in clean(text).split("\n"):
        match = _LABELLED.match(line.lstrip())
        known = _keys(source).get(_plain(match[1]), "") if match else ""
        if match and known:
            key = known
            said.setdefault(key, []).extend([match[2]] if match[2] else [])
        elif key and line.strip().startswith(("-", "•", "*")):
            said[key].append(line.strip().lstrip("-•* "))
        elif match and key:
            faults.append(f"Không rõ mục “{match[1].strip()}”")
    values = {name: _value(name, lines, units, faults, source) for name, lines in said.items() if lines}
    if "direction" in values:
        values["ad_hoc"] = True
    return WrittenForm({name: value for name, value in values.items() if value is not None}, tuple(faults))


def _value(key: str, lines: list[str], units: Mapping[str, Unit], faults: list[str], source: Source) -> Any:
    whole = "; ".join(lines)
    match key:
        case "start":
            return _moment(whole, faults)
        case "minutes":
            number = re.search(r"\d+", whole)
            if number is None:
                faults.append(f"Không rõ thời lượng “{whole}”")
            return int(number[0]) if number else None
        case "level":
            return "city" if "thanh pho" in _plain(whole) else "unit"
        case "unit" | "units":
            codes = _codes(lines, units, faults, source)
            return codes if key == "units" else next(iter(codes), None)
        case "chair":
            return _leader(lines[0])
        case "leaders":
            return [_leader(one) for one in lines]
        case "coordination":
            return [_task(one) for one in lines]
    return lines if key in LISTS else whole


def _moment(said: str, faults: list[str]) -> datetime | None:
    """The day and hour; a time at night is asked back, as it lacks its "chiều"."""
    day, at = moment_in(said)
    if day and at and at >= EARLIEST:
        return datetime.combine(day, at)
    faults.append(f"Không rõ thời gian “{said}”; xin ghi như “08:30 ngày 26/11/2026”")
    return None


def _leader(said: str) -> dict[str, str]:
    """ "Họ tên, chức vụ, cơ quan"; an address among them becomes the e-mail."""
    parts = [part.strip() for part in said.split(",") if part.strip()]
    email = next((part for part in parts if "@" in part), "")
    parts = [part for part in parts if part != email]
    return dict(zip(("name", "title", "body", "email"), [*[*parts, "", "", ""][:3], email], strict=True))


def _task(said: str) -> dict[str, str]:
    body, _, text = said.partition(":")
    return {"body": body.strip(), "text": text.strip()}


def _codes(lines: list[str], units: Mapping[str, Unit], faults: list[str], source: Source) -> list[str]:
    found: list[str] = []
    for name in (part.strip() for line in lines for part in re.split(r"[;,]", line) if part.strip()):
        command = next(iter(read_commands(f"Chuyển {name}", units, source=source)), None)
        if command is None or not command.unit:
            faults.append(f"Không nhận ra đơn vị “{name}”")
        else:
            found.append(command.unit)
    return list(dict.fromkeys(found))


def blank_form(source: Source = DEFAULT, only: Sequence[str] = ()) -> str:
    """The empty form, one label per line; only the keys in ``only``, if there are any."""
    words = form_words(source)
    lines = [(key, text) for key, text in words["blank"]["lines"] if not only or key in only]
    return "\n".join(f"{words['shown'][key]}: {text}" for key, text in lines)


def labels_left(written: WrittenForm, source: Source = DEFAULT) -> tuple[str, ...]:
    """The labels of required lines that the form lacks, as officers know them."""
    words = form_words(source)
    return tuple(words["shown"][key] for key in words["blank"]["needed"] if not written.values.get(key))


def said_of(faults: Iterable[str], source: Source) -> str:
    """The English faults of a session's form in words for officers; a fault without such words is left as it is."""
    words = form_words(source)
    return "; ".join(dict.fromkeys(_said(one, words) for one in faults))


def _said(fault: str, words: Mapping[str, Mapping[str, Any]]) -> str:
    found = [said for pattern, said in words["faults"].items() if pattern in fault]
    named = [f"mục “{name}” thiếu hoặc không hợp lệ" for key, name in words["shown"].items() if f"{key}:" in fault]
    named += [f"mục “{name}” còn trống" for key, name in words["shown"].items() if f"{key} (" in fault]
    return "; ".join(dict.fromkeys([*found, *named])) or fault
