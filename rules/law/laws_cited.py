"""The laws that letters cite, each with the day on which it ends (``laws.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rules.values.data_file import SOURCES_KEPT, DataFileError, Source

FILE = "laws.toml"


@dataclass(frozen=True, slots=True)
class CitedLaw:
    """A law by its short id; ``ends`` is the first day on which it is no more in force, None while none is known."""

    id: str
    name: str
    in_force: date
    ends: date | None = None
    instead: str = ""

    def ended(self, today: date) -> bool:
        """True when a letter of that day may not cite it any more."""
        return self.ends is not None and today >= self.ends


@lru_cache(maxsize=SOURCES_KEPT)
def load_laws(source: Source = Source()) -> Mapping[str, CitedLaw]:  # noqa: B008 - a frozen value
    """The laws by their ids. Raises :class:`DataFileError` naming the file and the law at fault."""
    return {key: _law(key, row) for key, row in source.toml(FILE).items()}


def _law(key: str, row: Mapping[str, object]) -> CitedLaw:
    try:
        law = CitedLaw(key, **row)  # type: ignore[arg-type]
    except TypeError:
        raise DataFileError(f"{FILE}: {key}: has a key that is none, or lacks name or in_force") from None
    if not isinstance(law.in_force, date) or not (law.ends is None or isinstance(law.ends, date)):
        raise DataFileError(f"{FILE}: {key}: in_force and ends are dates, as 2026-07-01")
    return law
