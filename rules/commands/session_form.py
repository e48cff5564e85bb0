"""The form of a session in a mail: TOML, or labelled lines in Vietnamese. Faults are reported by key. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from rules.commands.commands import read_commands
from rules.law.working_days import WEEKDAYS, short_date
from rules.message.quote_markers import DEFAULT
from rules.text import clean, nfc, strip_marks
from rules.text.dates import moment_in, no_such_day, other_weekday
from rules.values.data_file import SOURCES_KEPT, DataFileError, Source
from rules.values.model import Unit

_LABELLED = re.compile(r"^(?![-•*])([^:]{2,40}?)\s*+:\s*+(.*)$")
"""For lines without their leading blanks."""
_NUMBERED = re.compile(r"^\(?(?:\d{1,2}|[a-zđ]|[IVX]{1,4})[.)]\s*+(?=\D)")
_CELLS = re.compile(r"\s*\|\s*|\s{2,}")
_AHEAD = re.compile(r"[\W\d]*")
"""What may stand before a label: a number, a list's sign, a table's line."""
_TOML = re.compile(r"^[ \t]*+(topic|start)[ \t]*+=", re.MULTILINE)
LONGEST_LABEL = 8
"""Words of a label."""
LONGEST_NAME = 6
"""Words of a leader's name, with what stands before it."""
MUST_TELL = frozenset({"topic", "start", "chair", "reasons"})
EARLIEST = time(6)
"""No session begins earlier in the day."""
LISTS = ("purpose", "requirements", "manner", "ways", "reasons", "leaders", "coordination")


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """Values by the keys of the TOML form; ``faults`` are lines that were not understood, in Vietnamese.

    ``left``: lines below a label that belong to none, as written.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


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
    found = {_labelled(line, source)[0] for line in text.split("\n")}
    return {"topic", "start"} <= found or bool(_rows(text, source))


def _labelled(line: str, source: Source) -> tuple[str, str]:
    """Key and value of a labelled line, also a numbered one or a table's row; ("", "") for any other."""
    text, keys = line.strip(), _keys(source)
    for one in (text, _NUMBERED.sub("", text)):
        match = _LABELLED.match(one)
        if match and (key := keys.get(_plain(match[1]))):
            return key, match[2]
    cells = [one for one in _CELLS.split(text.strip("| ")) if one.strip(" :") and not one.rstrip(" .").isdigit()]
    if len(cells) > 1 and (key := keys.get(_plain(cells[0].strip(" :")))):
        return key, " ".join(cells[1:]).strip()
    return "", ""


def _row(line: str, source: Source) -> tuple[str, str]:
    """Key and value of a line that begins with a label, the longest that fits; ("", "") for any other."""
    said, keys = _AHEAD.sub("", line, count=1).split(), _keys(source)
    for end in range(min(len(said), LONGEST_LABEL), 0, -1):
        if key := keys.get(_plain(" ".join(said[:end])).rstrip(" :")):
            return key, " ".join(said[end:])
    return "", ""


def _rows(text: str, source: Source) -> Mapping[str, tuple[str, str]]:
    """Key and value of each line of a pasted table whose tabs became single blanks ("Thời gian 8 giờ …").

    {} unless all that a form must tell begins a line and the time can be read: fewer such lines may be prose.
    """
    found = dict[str, tuple[str, str]]()
    for line in text.split("\n"):
        key, value = _row(line, source)
        if value and all(key != known for known, _ in found.values()):
            found[line] = key, value
    values = dict(found.values())
    return found if values.keys() >= MUST_TELL and all(moment_in(values["start"])) else {}


def lines_unread(text: str, source: Source = DEFAULT) -> tuple[str, ...]:
    """The lines of a form none of which can be read: each begins with a label, and topic or time are among them."""
    found = dict[str, str]()
    for line in (one.strip() for one in clean(text).split("\n")):
        said = f"{_plain(_AHEAD.sub('', line, count=1))} ".replace(":", " ")
        key = next((key for name, key in _keys(source).items() if said.startswith(f"{name} ")), "")
        if key and not _labelled(line, source)[0]:
            found.setdefault(key, line)
    return tuple(found.values()) if len(found) > 1 and {"topic", "start"} & set(found) else ()


def read_text(text: str, units: Mapping[str, Unit], source: Source = DEFAULT) -> WrittenForm:
    """The form in a text. A text that is not TOML is read by its labels."""
    if _TOML.search(text):
        try:
            return WrittenForm(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            return WrittenForm(faults=(f"Mẫu TOML không đọc được: {error}",))
    said: dict[str, list[str]] = {}
    faults: list[str] = []
    left: list[str] = []
    key, above = "", ""
    text = clean(text)
    rows = _rows(text, source)
    for line in text.split("\n"):
        above, before = line.strip(), above
        match = _LABELLED.match(line.lstrip())
        known, value = _labelled(line, source)
        if not known:
            known, value = rows.get(line, ("", ""))
        if known:
            key = known
            said.setdefault(key, []).extend([value] if value else [])
        elif key and line.strip().startswith(("-", "•", "*")):
            said[key].append(line.strip().lstrip("-•* "))
        elif key and before and before not in left and _goes_on(key, above, bool(said[key]), units, source):
            said[key].append(above)
        elif match and key:
            faults.append(f"Không rõ mục “{match[1].strip()}”")
        elif key and above:
            left.append(above)
    values = {name: _value(name, lines, units, faults, source) for name, lines in said.items() if lines}
    if "direction" in values:
        values["ad_hoc"] = True
    told = {name: value for name, value in values.items() if value is not None}
    return WrittenForm(told, tuple(faults), tuple(left))


def _goes_on(key: str, line: str, more: bool, units: Mapping[str, Unit], source: Source) -> bool:
    """Whether a line without a list's sign right below a label's belongs to it: the first of a bare label, or
    ``more``, as another leader with a post or another unit."""
    name = re.split("[,:]", line, maxsplit=1)[0]
    if not more and ":" not in line:
        return bool(line)
    if key == "leaders":
        return "," in line and _is_person(line)
    return key in {"units", "coordination"} and bool(line) and bool(_codes([name], units, [], source))


def _is_person(text: str) -> bool:
    """ "ông Trần Quốc Dũng, Giám đốc": all words of a name but the first begin with a capital."""
    words = text.partition(",")[0].split()
    return 1 < len(words) <= LONGEST_NAME and all(one[0].isupper() for one in words[1:]) and not words[-1].isupper()


def _parted(lines: list[str], begins: Callable[[str], bool]) -> list[str]:
    """The lines, cut at each ";" behind which another entry begins."""
    found: list[str] = []
    for line in lines:
        first, *others = line.split(";")
        found.append(first.strip())
        for one in others:
            if begins(one):
                found.append(one.strip())
            elif one.strip():
                found[-1] += f"; {one.strip()}"
    return found


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
            return [_leader(one) for one in _parted(lines, _is_person)]
        case "coordination":
            return [_task(one) for one in _parted(lines, lambda one: ":" in one)]
    return lines if key in LISTS else whole


def _moment(text: str, faults: list[str]) -> datetime | None:
    """The day and hour; a time at night is asked back, as it lacks its "chiều"."""
    day, at = moment_in(text)
    if fault := weekday_fault(text):
        faults.append(fault)
        return None
    if day and at and at >= EARLIEST:
        return datetime.combine(day, at)
    faults.append(f"{no_such_day(text)}Không rõ thời gian “{text}”; xin ghi như “08:30 ngày 26/11/2026”")
    return None


def weekday_fault(text: str, on: date | None = None) -> str:
    """Why a date is asked back beside which another weekday stands; "" for none."""
    day = other_weekday(text, on)
    return (
        f"Ngày {short_date(day)} là {WEEKDAYS[day.weekday()]}, khác với thứ đã ghi; xin ghi lại ngày" if day else ""
    )


_ADDRESS = re.compile(r"[(<\[]?\s?([^\s,;:()<>\[\]@]{1,64}@[^\s,;:()<>\[\]@]{1,255})\s?[)>\]]?")
"""An address in a line with single blanks, of at most the length that RFC 5321 §4.5.3.1 allows."""
_DASH = re.compile(r"\s+[-–—]+\s+|\s*[()]\s*")


def _leader(text: str) -> dict[str, str]:
    """ "Họ tên, chức vụ, cơ quan"; an address among them becomes the e-mail. The name may end with a dash."""
    text = " ".join(text.split())
    address = _ADDRESS.search(text)
    kept = (part if "@" not in part else _ADDRESS.sub("", part) for part in text.split(","))
    name, *others = [one for part in kept if (one := part.strip()) and not one.endswith(":")] or [""]
    parts = [*(part.strip() for part in _DASH.split(name) if part.strip()), *others]
    email = address[1] if address else ""
    return dict(zip(("name", "title", "body", "email"), [*[*parts, "", "", ""][:3], email], strict=True))


def same_name(one: str, other: str, source: Source = DEFAULT) -> bool:
    """Whether two names are one person's: "đ/c Phạm Văn Hùng" and "ông Phạm Văn Hùng"."""
    titles = "|".join(map(re.escape, form_words(source)["names"]["titles"]))
    plain = [re.sub(rf"^(?:{titles})\s+", "", " ".join(nfc(name).lower().split())) for name in (one, other)]
    return plain[0] == plain[1]


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
    other = re.search(r"\bP-\d{4}-\d+", fault)
    named = other[0] if other else "P-…"
    found = [said.replace("P-…", named) for pattern, said in words["faults"].items() if pattern in fault]
    blanks = [f"mục “{name}” thiếu hoặc không hợp lệ" for key, name in words["shown"].items() if f"{key}:" in fault]
    blanks += [f"mục “{name}” còn trống" for key, name in words["shown"].items() if f"{key} (" in fault]
    return "; ".join(dict.fromkeys([*found, *blanks])) or fault
