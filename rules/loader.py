"""The one door through which data files come into ``rules``.

A :class:`Source` is a folder with the files that ship in ``rules/data`` and, over it, an optional folder
of the operator's: a file of the same name there wins. Nothing else in ``rules`` opens a file.
"""

from __future__ import annotations

import csv
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from rules.model import Unit
from rules.register_number import DEFAULT_PREFIX

SHIPPED = Path(__file__).parent / "data"


class DataFileError(ValueError):
    """A data file is missing or wrong; the message says which file, where and what."""


class Source(NamedTuple):
    """Where data files come from; ``over`` is the operator's folder, or None.

    A tuple, as what was read is looked up by its source hundreds of times a mail.
    """

    over: Path | None = None
    edition: int = 0
    """Counts how often the files were read anew: what was read from another edition is not used for this one."""
    prefix: str = DEFAULT_PREFIX
    """The letters that the house's register numbers begin with: reading rests on them as on the files of words."""

    def path(self, name: str) -> Path:
        """The file that holds ``name``: the operator's if there, else the shipped one."""
        if self.over is not None and (self.over / name).is_file():
            return self.over / name
        return SHIPPED / name

    @property
    def own(self) -> tuple[str, ...]:
        """The names of the operator's files of data, sorted; () without a folder."""
        files = self.over.rglob("*") if self.over is not None else ()
        names = (one.relative_to(self.over).as_posix() for one in files if one.suffix in {".toml", ".tsv"})  # type: ignore[arg-type]
        return tuple(sorted(names))

    @staticmethod
    def ships(name: str) -> bool:
        """True when a file or folder of that name ships."""
        return (SHIPPED / name).exists()

    def text(self, name: str) -> str:
        """The file's text (UTF-8). Raises :class:`DataFileError`."""
        try:
            return self.path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DataFileError(f"{name}: cannot be read: {error}") from None

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a large file one by one, so that it never stands in memory whole. Raises as :meth:`text`."""
        try:
            with self.path(name).open("rb") as file:
                yield from file
        except OSError as error:
            raise DataFileError(f"{name}: cannot be read: {error}") from None

    def toml(self, name: str) -> Mapping[str, Any]:
        """A TOML file as a mapping. Raises :class:`DataFileError`."""
        try:
            return tomllib.loads(self.text(name))
        except tomllib.TOMLDecodeError as error:
            raise DataFileError(f"{name}: {error}") from None

    def tsv(self, name: str) -> tuple[Mapping[str, str], ...]:
        """A tab-separated file with a header line, rows as mappings; lines that begin with # are notes."""
        lines = [line for line in self.text(name).splitlines() if line.strip() and not line.startswith("#")]
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
        return tuple({str(key): value or "" for key, value in row.items() if key} for row in rows)


def _day(value: str, file: str, row: str, default: date | None = None) -> date | None:
    """A date cell: a year alone means its first day; empty means ``default``."""
    if not value:
        return default
    try:
        return date.fromisoformat(value if len(value) > 4 else f"{value}-01-01")
    except ValueError:
        raise DataFileError(f"{file}: row {row}: not a date: {value!r}") from None


def _filled(row: Mapping[str, str], column: str, file: str) -> str:
    """A cell that no row may leave empty. Raises :class:`DataFileError`."""
    if not row[column].strip():
        first = next((cell for cell in row.values() if cell), "")
        raise DataFileError(f"{file}: the row that begins with {first!r} has no {column}")
    return row[column]


def _phrases(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


@cache
def load_units(source: Source = Source()) -> Mapping[str, Unit]:  # noqa: B008 - frozen value
    """Every unit by its code, past and present (units.tsv, wards.tsv). Raises :class:`DataFileError`."""
    units: dict[str, Unit] = {}
    for row in source.tsv("units.tsv"):
        code = _filled(row, "code", "units.tsv")
        _filled(row, "name", "units.tsv")
        if code in units:
            raise DataFileError(f"units.tsv: code {code} stands twice")
        units[code] = Unit(
            code=code,
            name=row["name"],
            kind=row["kind"],
            valid_from=_day(row["valid_from"], "units.tsv", code, date.min) or date.min,
            valid_to=_day(row["valid_to"], "units.tsv", code),
            successor=row["successor"],
            fields=_phrases(row["fields"]),
            keywords=_phrases(row["keywords"]),
            basis=row["basis"],
        )
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
    """The People's Committees of wards, communes and special zones; namesakes get the official number behind."""
    rows = source.tsv("wards.tsv")
    for row in rows:
        _filled(row, "name", "wards.tsv")
    names = Counter(ward_code(ward_name(row["name"])) for row in rows)
    units: dict[str, Unit] = {}
    for row in rows:
        code = ward_code(ward_name(row["name"]))
        code = f"{code}_{row['code']}" if names[code] > 1 else code
        units[code] = Unit(
            code=code,
            name=f"Ủy ban nhân dân {row['name'][0].lower()}{row['name'][1:]}",
            kind="ward",
            valid_from=_day(row["valid_from"], "wards.tsv", row["name"], date.min) or date.min,
            fields=("địa bàn",),
            basis=f"official list of administrative units, number {row['code']}",
        )
    return units


def _check_successors(units: Mapping[str, Unit]) -> None:
    for unit in units.values():
        if unit.successor and unit.successor not in units:
            raise DataFileError(f"units.tsv: {unit.code}: unknown successor {unit.successor}")


def current_unit(units: Mapping[str, Unit], code: str, day: date) -> Unit | None:
    """The unit that answers for ``code`` on ``day``: itself, or whoever succeeded it; None when nobody does."""
    seen: set[str] = set()
    while code and code in units and code not in seen:
        if units[code].valid_on(day):
            return units[code]
        seen.add(code)
        code = units[code].successor
    return None
