"""The wards and communes of before 1 July 2025, and where each lies today (``wards_before.tsv``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.values.data_file import DataFileError, Source
from rules.values.model import Unit

FILE = "wards_before.tsv"
COLUMNS = ("name", "district", "now")
KINDS = {"phường": ("phường", "p", "xã", "x"), "xã": ("xã", "x"), "thị trấn": ("thị trấn", "tt")}
"""How each kind is written. Most wards were communes not long ago, and are still called so."""
_DISTRICTS = ("huyện đảo ", "huyện ", "quận ", "thành phố ", "thị xã ")


@dataclass(frozen=True, slots=True)
class FormerWard:
    """One unit of before: its old districts without their kind, and the codes of the units where it lies today."""

    districts: frozenset[str]
    now: tuple[str, ...]


def bare_district(name: str) -> str:
    """A district's name without its kind: "Quận Lê Chân" → "lê chân"."""
    lower = name.lower().strip()
    kind = next((kind for kind in _DISTRICTS if lower.startswith(kind)), "")
    return lower.removeprefix(kind)


def load_former_wards(source: Source, units: Mapping[str, Unit]) -> dict[str, tuple[FormerWard, ...]]:
    """The former units by each way to write them; several where the name stood more than once.

    Raises ``DataFileError`` where a unit of today is not known.
    """
    codes = {unit.name.removeprefix("Ủy ban nhân dân ").lower(): unit.code for unit in units.values()}
    found: defaultdict[str, list[FormerWard]] = defaultdict(list)
    for row in source.tsv(FILE, COLUMNS):
        now = [cell.strip() for cell in row["now"].split(";")]
        if unknown := [name for name in now if name.lower() not in codes]:
            raise DataFileError(f"{FILE}: {row['name']}: now: {unknown[0]!r} is in no line of wards.tsv")
        districts = frozenset(map(bare_district, row["district"].split(";")))
        ward = FormerWard(districts, tuple(codes[name.lower()] for name in now))
        for phrase in _ways(row["name"]):
            found[phrase].append(ward)
    return {phrase: tuple(wards) for phrase, wards in found.items()}


def _ways(name: str) -> Iterable[str]:
    """All ways to write a former unit. Raises ``DataFileError`` where its kind is not known."""
    lower = name.lower()
    for kind, ways in KINDS.items():
        if lower.startswith(f"{kind} "):
            return [f"{way} {lower.removeprefix(kind).strip()}" for way in ways]
    raise DataFileError(f"{FILE}: {name!r} must begin with {', '.join(KINDS)}")
