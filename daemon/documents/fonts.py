"""The font of PDF files: Times New Roman's metrics with every Vietnamese letter, found when it is needed.

Documents name Times New Roman. A PDF embeds its font, so a free one of the same metrics stands in: Liberation Serif
or Tinos, else Times New Roman itself where the system has it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from daemon.errors import ConfigurationError

FAMILIES = (
    ("Liberation Serif", "LiberationSerif-Regular.ttf", "LiberationSerif-BoldItalic.ttf"),
    ("Tinos", "Tinos-Regular.ttf", "Tinos-BoldItalic.ttf"),
    ("Times New Roman", "times.ttf", "timesbi.ttf"),
    ("Times New Roman", "Times New Roman.ttf", "Times New Roman Bold Italic.ttf"),
    ("Times New Roman", "Times_New_Roman.ttf", "Times_New_Roman_Bold_Italic.ttf"),
)
"""Family, and two files that must stand side by side; the first family that is found is taken."""
FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts/Supplemental",
    "C:/Windows/Fonts",
)


@dataclass(frozen=True, slots=True)
class Font:
    """A family's name and the folder that holds its files."""

    family: str
    folder: Path | None
    """None: the typesetter brings it."""


BROUGHT = Font("Libertinus Serif", None)
"""Has every Vietnamese letter, but metrics of its own: good enough to show, not for a paper that is issued."""
SPARE: list[Font] = []
"""Taken where none is found. Empty but in the demonstration."""


def find_font(folders: Sequence[str] = FOLDERS) -> Font:
    """The best family in the folders, subfolders read too. Raises :class:`ConfigurationError` when there is none."""
    try:
        return _find(tuple(folders))
    except ConfigurationError:
        if SPARE:
            return SPARE[0]
        raise


@cache
def _find(folders: tuple[str, ...]) -> Font:
    found = list(_font_folders(folders))
    for family, *names in FAMILIES:
        for folder, files in found:
            if all(name in files for name in names):
                return Font(family, folder)
    looked = ", ".join(folders)
    raise ConfigurationError(
        f"PDF: no font with the metrics of Times New Roman found in {looked}; "
        "install Liberation Serif (Debian, Ubuntu: fonts-liberation) or Tinos"
    )


def _font_folders(folders: Sequence[str]) -> Iterator[tuple[Path, frozenset[str]]]:
    for top in folders:
        for folder, inner, files in os.walk(Path(top).expanduser()):
            inner.sort()
            yield Path(folder), frozenset(files)
