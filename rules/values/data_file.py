"""The only way by which data files come into ``rules``.

A :class:`Source` is the folder of files shipped in ``rules/data`` and, optionally, a folder of the operator's
over it: a file of the same name there takes precedence. Nothing else in ``rules`` opens a file.
"""

from __future__ import annotations

import csv
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from rules.values.model import Unit
from rules.values.register_number import DEFAULT_PREFIX

SHIPPED = Path(__file__).parent.parent / "data"
UNIT_COLUMNS = ("code", "name", "kind", "valid_from", "valid_to", "successor", "fields", "keywords", "basis")
UNIT_KINDS = frozenset(
    ("office", "department", "special_agency", "central_agency", "reception", "utility", "district", "ward")
)
"""The kinds of units that the rules distinguish (``rules check`` reports any other)."""
WARD_COLUMNS = ("code", "name", "kind", "codename", "valid_from")
WARD_KINDS = ("Phường", "Xã", "Đặc khu")
SOURCES_KEPT = 3
"""Parsed data are kept for this many sources: the shipped files, those in force, and those of a trial reload."""
SHOWN = 40
"""At most this many characters of a wrong cell are shown."""


class DataFileError(ValueError):
    """A data file is missing or wrong; the message gives file, place and fault."""


class Source(NamedTuple):
    """Where data files come from; ``over`` is the operator's folder, or None.

    A tuple, because parsed data are looked up by source hundreds of times per mail.
    """

    over: Path | None = None
    edition: int = 0
    """Counts how often the files were read again, so that data parsed from an older edition are not used."""
    prefix: str = DEFAULT_PREFIX
    """The letters of the installation's register numbers, on which reading depends as it does on vocabularies."""

    def path(self, name: str) -> Path:
        """The file for ``name``: the operator's if there is one, else the shipped one."""
        if self.over is not None and (self.over / name).is_file():
            return self.over / name
        return SHIPPED / name

    @property
    def own(self) -> tuple[str, ...]:
        """The names of the operator's data files, sorted; () without a folder."""
        files = self.over.rglob("*") if self.over is not None else ()
        names = (path.relative_to(self.over).as_posix() for path in files if path.suffix in {".toml", ".tsv"})  # type: ignore[arg-type]
        return tuple(sorted(names))

    def stems(self, folder: str) -> tuple[str, ...]:
        """The names, without ending, of the TOML files in a folder: shipped ones and the operator's."""
        places = [path / folder for path in (SHIPPED, self.over) if path is not None]
        return tuple(sorted({file.stem for place in places for file in place.glob("*.toml")}))

    @staticmethod
    def ships(name: str) -> bool:
        """True when a file or folder of that name ships."""
        return (SHIPPED / name).exists()

    def text(self, name: str) -> str:
        """The file's text (UTF-8, with or without a byte order mark). Raises :class:`DataFileError`."""
        try:
            data = self.path(name).read_bytes()
            text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except OSError as error:
            raise DataFileError(f"{name}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise DataFileError(f"{name}: line {line}: not UTF-8 text; save the file as UTF-8") from None
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            raise DataFileError(f"{name}: line {line}: a zero byte; save the file as UTF-8 text")
        return text

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a large file one by one, so that it is never in memory as a whole. Raises as :meth:`text`."""
        try:
            with self.path(name).open("rb") as file:
                yield from file
        except OSError as error:
            raise DataFileError(f"{name}: cannot be read: {error.strerror}") from None

    def toml(self, name: str) -> Mapping[str, Any]:
        """A TOML file as a mapping. Raises :class:`DataFileError`."""
        try:
            return _parsed(self.text(name))
        except DataFileError:
            raise
        except ValueError as error:  # a number with thousands of digits raises no TOMLDecodeError
            raise DataFileError(f"{name}: no valid TOML: {error}") from None
        except RecursionError:
            raise DataFileError(f"{name}: no valid TOML: lists or tables in each other, too deep") from None

    def tsv(self, name: str, columns: Sequence[str] = ()) -> tuple[Mapping[str, str], ...]:
        """A tab-separated file with a header line, rows as mappings; lines that begin with # are comments.

        With ``columns`` the header must name these, in any order, and no row may have more cells.
        Raises :class:`DataFileError`.
        """
        lines = self._rows(name)
        head = lines[0][1].split("\t") if lines else []
        if columns:
            _check_head(name, head, columns)
            for number, line in lines[1:]:
                if (cells := line.rstrip("\t").count("\t") + 1) > len(head):
                    raise DataFileError(f"{name}: line {number} has {cells} cells, the header line {len(head)}")
        try:
            rows = list(
                csv.DictReader((line for _, line in lines), delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
            )
        except csv.Error as error:
            raise DataFileError(f"{name}: {error}") from None
        return tuple({str(key): value or "" for key, value in row.items() if key} for row in rows)

    def columns(self, name: str) -> tuple[str, ...]:
        """The names in the header line of a tab-separated file. Raises :class:`DataFileError`."""
        return tuple(self._rows(name)[0][1].split("\t"))

    def _rows(self, name: str) -> list[tuple[int, str]]:
        """The lines that are no comments, with their numbers."""
        lines = enumerate(self.text(name).split("\n"), 1)
        return [(number, line) for number, line in lines if line.strip() and not line.startswith("#")]


@lru_cache(maxsize=2)
def _parsed(text: str) -> Mapping[str, Any]:
    """A TOML text as a mapping, which nobody changes.

    The last are kept, since each section has its own reader: a letter needs sixteen of ``wishes.toml`` (16 ms each).
    """
    return tomllib.loads(text)


def _check_head(name: str, head: Sequence[str], columns: Sequence[str]) -> None:
    where = f"{name}: the header line must name the columns {', '.join(columns)}, tab-separated"
    if missing := [one for one in columns if one not in head]:
        raise DataFileError(f"{where}; {missing[0]} is missing")
    if strange := [one for one in head if one not in columns]:
        raise DataFileError(f"{where}; nothing reads {strange[0]!r}")
    if len(head) > len(columns):
        raise DataFileError(f"{where}; one stands twice")


def _day(row: Mapping[str, str], column: str, file: str, default: date | None = None) -> date | None:
    """A date cell: a year alone means its first day; an empty cell means ``default``."""
    value = row[column]
    if not value:
        return default
    try:
        return date.fromisoformat(value if len(value) > 4 else f"{value}-01-01")
    except ValueError:
        where = f"{file}: row {row['code']}: {column}"
        raise DataFileError(f"{where} must be a date (2025-07-01) or a year, is {value[:SHOWN]!r}") from None


def _filled(row: Mapping[str, str], column: str, file: str) -> str:
    """A cell that must not be empty. Raises :class:`DataFileError`."""
    if not row[column].strip():
        first = next((cell for cell in row.values() if cell), "")[:SHOWN]
        raise DataFileError(f"{file}: the row that begins with {first!r} has no {column}")
    return row[column]


def _some(source: Source, file: str, columns: Sequence[str]) -> Sequence[Mapping[str, str]]:
    """The rows of a file that must not be empty, as no unit would answer anything. Raises :class:`DataFileError`."""
    rows = source.tsv(file, columns)
    if not rows:
        raise DataFileError(f"{file}: no row follows the header line")
    return rows


def _phrases(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


@lru_cache(maxsize=SOURCES_KEPT)
def load_units(source: Source = Source()) -> Mapping[str, Unit]:  # noqa: B008 - frozen value
    """All units by code, past and present (units.tsv, wards.tsv). Raises :class:`DataFileError`."""
    units: dict[str, Unit] = {}
    for row in _some(source, "units.tsv", UNIT_COLUMNS):
        code = _filled(row, "code", "units.tsv")
        _filled(row, "name", "units.tsv")
        if code in units:
            raise DataFileError(f"units.tsv: code {code} stands twice")
        units[code] = Unit(
            code=code,
            name=row["name"],
            kind=row["kind"],
            valid_from=_day(row, "valid_from", "units.tsv", date.min) or date.min,
            valid_to=_day(row, "valid_to", "units.tsv"),
            successor=row["successor"],
            fields=_phrases(row["fields"]),
            keywords=_phrases(row["keywords"]),
            basis=row["basis"],
        )
        if (last := units[code].valid_to) and last < units[code].valid_from:
            raise DataFileError(f"units.tsv: row {code}: valid_to lies before valid_from")
    for code, ward in _wards(source).items():
        if code in units:
            raise DataFileError(f"wards.tsv: code {code} stands in units.tsv too")
        units[code] = ward
    _check_successors(units)
    return units


def ward_code(name: str) -> str:
    """The code of a ward's People's Committee from its name without "phường", "xã", "đặc khu": UBND_NGOQUYEN."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "UBND_" + "".join(letter for letter in plain if letter.isalnum()).upper()


def ward_name(full: str) -> str:
    """The bare name of a ward: "Phường Hải An" → "Hải An"."""
    words = full.split()
    return " ".join(words[2:] if words[0].lower() == "đặc" else words[1:])


def _wards(source: Source) -> dict[str, Unit]:
    """The People's Committees of wards, communes and special zones; equal names get the official number appended."""
    rows = _some(source, "wards.tsv", WARD_COLUMNS)
    for row in rows:
        name = _filled(row, "name", "wards.tsv")
        if not ward_name(name) or not name.startswith(tuple(f"{kind} " for kind in WARD_KINDS)):
            kinds = ", ".join(WARD_KINDS)
            raise DataFileError(f"wards.tsv: row {row['code']}: name must begin with {kinds}, is {name[:SHOWN]!r}")
    for number, times in Counter(_filled(row, "code", "wards.tsv") for row in rows).items():
        if times > 1:
            raise DataFileError(f"wards.tsv: code {number} stands twice")
    names = Counter(ward_code(ward_name(row["name"])) for row in rows)
    units: dict[str, Unit] = {}
    for row in rows:
        code = ward_code(ward_name(row["name"]))
        code = f"{code}_{row['code']}" if names[code] > 1 else code
        units[code] = Unit(
            code=code,
            name=f"Ủy ban nhân dân {row['name'][0].lower()}{row['name'][1:]}",
            kind="ward",
            valid_from=_day(row, "valid_from", "wards.tsv", date.min) or date.min,
            fields=("địa bàn",),
            basis=f"official list of administrative units, number {row['code']}",
        )
    return units


def _check_successors(units: Mapping[str, Unit]) -> None:
    for unit in units.values():
        if unit.successor and unit.successor not in units:
            raise DataFileError(f"units.tsv: {unit.code}: unknown successor {unit.successor}")


def current_unit(units: Mapping[str, Unit], code: str, day: date) -> Unit | None:
    """The unit that answers for ``code`` on ``day``: itself or its successor; None when there is none."""
    seen: set[str] = set()
    while code and code in units and code not in seen:
        if units[code].valid_on(day):
            return units[code]
        seen.add(code)
        code = units[code].successor
    return None
