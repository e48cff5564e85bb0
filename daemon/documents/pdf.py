"""A document as PDF, set by Typst: tagged for screen readers, font embedded, the same bytes for the same document.

All text reaches Typst as JSON data, never as source, so that nothing in it can be markup or code.

This module also finds the font: one with Times New Roman's metrics and every Vietnamese letter.

Documents name Times New Roman. A PDF embeds its font, so a free one of the same metrics replaces it: Liberation Serif
or Tinos, else Times New Roman itself where the system has it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst

from daemon.base.errors import ConfigurationError, DoithoaiError
from daemon.documents.model import Annex, Block, Chart, Document, Paragraph, Signature, Table

FAMILIES = (
    ("Liberation Serif", "LiberationSerif-Regular.ttf", "LiberationSerif-BoldItalic.ttf"),
    ("Tinos", "Tinos-Regular.ttf", "Tinos-BoldItalic.ttf"),
    ("Times New Roman", "times.ttf", "timesbi.ttf"),
    ("Times New Roman", "Times New Roman.ttf", "Times New Roman Bold Italic.ttf"),
    ("Times New Roman", "Times_New_Roman.ttf", "Times_New_Roman_Bold_Italic.ttf"),
)
"""Family, and two files that must be in the same folder; the first family that is found is used."""
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
    """None: the typesetter brings the font."""


BROUGHT = Font("Libertinus Serif", None)
"""It has every Vietnamese letter, but metrics of its own: good enough to show, not for an issued paper."""
SPARE: list[Font] = []
"""Used where no font is found. Empty except in the demonstration."""


def find_font(folders: Sequence[str] = FOLDERS) -> Font:
    """The best family in the folders and their subfolders. Raises :class:`ConfigurationError` when there is none."""
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
        for folder, present in found:
            if all(name in present for name in names):
                return Font(family, folder)
    looked = ", ".join(folders)
    raise ConfigurationError(
        f"PDF: no font with the metrics of Times New Roman found in {looked}; "
        "install Liberation Serif (Debian, Ubuntu: fonts-liberation) or Tinos"
    )


def _font_folders(folders: Sequence[str]) -> Iterator[tuple[Path, frozenset[str]]]:
    for top in folders:
        home = os.path.expanduser(top)  # noqa: PTH111 - Path.expanduser raises for a user without a home
        for folder, inner, present in os.walk(home):
            inner.sort()
            yield Path(folder), frozenset(present)


LAYOUT = "layout.typ"
MARGIN_WIDTH = 160.0
LANDSCAPE_WIDTH = 257.0
"""Millimetres between the margins, portrait and landscape."""
POINTS_IN_MM = 72 / 25.4
GLYPH = 0.56
"""A generous mean width of a letter, in parts of the font size."""
CHART_PPI = 200
LINE = 24.0
"""A word wider than this many font sizes may be broken anywhere in the document."""
LACKING = re.compile("[\u0530-\u058f\u0600-\u1dff\u2c00-\ufaff\ufb50-\ufffc\U00010000-\U0010ffff]")
"""Scripts and pictures that fonts of this kind lack (Arabic, Thai, Chinese, emoji …)."""
NUMBER = re.compile(r"(?<!\d)\d++/[\w/]{0,40}?[A-ZĐ]++(?:-[A-ZĐ]++)+")


def to_pdf(document: Document, font: Font | None = None) -> bytes:
    """The PDF. Raises ConfigurationError without a font, DoithoaiError (one line) when typesetting fails."""
    return _one(_compile({"mode": "document", "doc": _document(document)}, _stamp(document), font))


def pages(document: Document, ppi: int, font: Font | None = None) -> list[bytes]:
    """The pages of the PDF as PNG pictures with ``ppi`` points an inch. Raises as :func:`to_pdf`."""
    return _compile({"mode": "document", "doc": _document(document)}, _stamp(document), font, ppi)


def chart_png(chart: Chart, font: Font | None = None) -> bytes:
    """The chart alone as a PNG picture as wide as the text, for files that cannot hold a vector drawing."""
    return _one(_compile({"mode": "chart", "chart": _block(chart, MARGIN_WIDTH)}, _stamp(None), font, CHART_PPI))


def _compile(data: dict[str, object], stamp: datetime, font: Font | None, ppi: int = 0) -> list[bytes]:
    """The PDF, or with ``ppi`` the pages as pictures."""
    found = font or find_font()
    inputs = {"data": json.dumps(data | {"font": found.family}, ensure_ascii=False)}
    compiler = typst.Compiler(_layout(), font_paths=_fonts(found), ignore_system_fonts=True, sys_inputs=inputs)
    try:
        made = compiler.compile(format="png" if ppi else "pdf", ppi=ppi or None, timestamp=stamp)
    except typst.TypstError as error:
        raise DoithoaiError(f"PDF: the document cannot be set: {str(error).splitlines()[0]}") from None
    return [one for one in (made if isinstance(made, list) else [made]) if isinstance(one, bytes)]


def _one(made: list[bytes]) -> bytes:
    if len(made) != 1:
        raise DoithoaiError("PDF: the typesetter gave nothing")
    return made[0]


@cache
def _layout() -> bytes:
    return files("daemon.documents").joinpath(LAYOUT).read_bytes()


@cache
def _fonts(font: Font) -> typst.Fonts:
    paths = [str(font.folder)] if font.folder else []
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=not paths, font_paths=paths)


def _stamp(document: Document | None) -> datetime:
    """The file's date: midnight UTC of the day of issue, else of the year's first day. No clock is read."""
    if document is not None and document.issued_on is not None:
        return datetime.combine(document.issued_on, time(), UTC)
    return datetime((document.year if document else 0) or 1970, 1, 1, tzinfo=UTC)


def _document(document: Document) -> dict[str, object]:
    width = LANDSCAPE_WIDTH if document.landscape else MARGIN_WIDTH
    return {
        "title": document.title,
        "parent": document.letterhead.parent,
        "issuer": document.letterhead.issuer,
        "number": document.number_line.replace(" " * 8, "\u2003" * 3),
        "date": document.date_line.replace(" " * 6, "\u2003" * 2),
        "type": document.type_name,
        "subject": shown(document.subject, LINE if document.type_name else 12),
        "to": _each(document.addressees),
        "blocks": [_block(block, width) for block in document.blocks],
        "copies": _each(document.recipients),
        "sign": _signature(document.signature),
        "left": _signature(document.left_signature) if document.left_signature else None,
        "annexes": [_annex(annex, width) for annex in document.annexes],
        "landscape": document.landscape,
    }


def _each(texts: tuple[str, ...]) -> list[str]:
    return [shown(text, LINE / 2) for text in texts]


def _signature(signature: Signature) -> dict[str, object]:
    return {"lines": signature.lines, "name": signature.name}


def _annex(annex: Annex, width: float) -> dict[str, object]:
    blocks = [_block(block, width) for block in annex.blocks]
    return {"label": annex.label, "title": shown(annex.title, LINE / 2), "blocks": blocks}


def _block(block: Block, width: float) -> dict[str, object]:
    if isinstance(block, Table):
        return {"block": "table", **asdict(block), "rows": _cells(block, width)}
    if isinstance(block, Chart):
        most = max((sum(bar.parts) for bar in block.bars), default=0)
        bars = [{"label": shown(bar.label, LINE / 2), "parts": bar.parts} for bar in block.bars]
        return {"block": "chart", **asdict(block), "bars": bars, "most": most}
    return {
        "block": "paragraph",
        "style": block.style,
        "runs": [_run(block, place) for place in range(len(block.runs))],
    }


def _run(block: Paragraph, place: int) -> dict[str, object]:
    return asdict(block.runs[place]) | {"text": shown(block.runs[place].text)}


def _cells(table: Table, width: float) -> list[list[str]]:
    share = width / sum(column.width for column in table.columns)
    rooms = [
        (column.width * share - (3.0 if table.size >= 9 else 1.2)) * POINTS_IN_MM / table.size
        for column in table.columns
    ]
    return [[shown(cell, room) for cell, room in zip(row, rooms, strict=True)] for row in table.rows]


def shown(text: str, room: float = LINE) -> str:
    """The text as it can be typeset: a box for each sign that the font lacks, and break points in long words."""
    return breakable(LACKING.sub("\u25a1", text), room)


def breakable(text: str, room: float) -> str:
    """The text with invisible break points in words wider than ``room`` (in font sizes), such as addresses and links.

    A document's number (``1374/2016/QĐ-UBND``) gets word joiners: it is not broken when it fits on a line.
    """
    text = NUMBER.sub(lambda word: f"\u2060{word[0]}\u2060" if _wide(word[0]) <= room else word[0], text)
    return re.sub(r"\S{4,}", lambda word: _broken(word[0], room) if _wide(word[0]) > room else word[0], text)


def _wide(word: str) -> float:
    """The approximate width of a word, in font sizes; rather too much than too little."""
    return sum(
        0.5 if sign.isdigit() else 0.3 if sign in "/.,-:;" else 0.75 if sign.isupper() else 0.52 for sign in word
    )


def _broken(word: str, room: float) -> str:
    limit = max(2, int(room / GLYPH))
    pieces = re.findall(r"[^@./_?&=,;:-]*[@./_?&=,;:-]?", word)
    return "\u200b".join(piece[at : at + limit] for piece in pieces for at in range(0, len(piece), limit))
