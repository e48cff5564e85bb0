"""The content of a document before it is a file: both writers (DOCX, PDF) and the digest read only this.

Every text is clean in the sense of ``rules.text`` before it gets here; the writers decide sizes and margins.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from textwrap import wrap


class Style(StrEnum):
    """The kind of a paragraph; the writers know the look of each (Decree 30/2020/NĐ-CP, Annex I)."""

    BODY = "body"
    GROUNDS = "grounds"
    HEADING = "heading"
    SUBHEADING = "subheading"
    ITEM = "item"
    QUOTE = "quote"
    CENTRE = "centre"
    NOTE = "note"


class Align(StrEnum):
    """The alignment of a column's cells."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph in one face."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; a run never holds a line end."""

    style: Style
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The text without formatting."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, its width in millimetres (scaled to the page), and the alignment of its cells."""

    title: str
    width: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a heading row that is repeated on every page; a cell may hold line ends.

    ``size`` in points. ``numbered`` adds the row (1), (2), … of official forms; ``total`` prints the last row bold.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    size: float = 12
    numbered: bool = False
    total: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart; ``parts`` are counts in the order of the chart's legend."""

    label: str
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal stacked bars, one per unit or field; their parts can be told apart in black and white print too."""

    caption: str
    legend: tuple[str, ...]
    bars: tuple[Bar, ...]


Block = Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Annex:
    """``Phụ lục I`` with its title, on a new page."""

    label: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The issuer: the body above (may be ""), the issuing body, its abbreviation in numbers, and the place.

    The names may hold a line end where they should break in the narrow left half of the head.
    """

    parent: str
    issuer: str
    abbreviation: str
    place: str


def evenly(name: str, most: int = 24) -> str:
    """A long name in as many lines as the head's left half needs, each about equally long."""
    lines = wrap(name, most)
    narrower = (wrap(name, width) for width in range(1, most))
    return "\n".join(next((one for one in narrower if len(one) == len(lines)), lines))


@dataclass(frozen=True, slots=True)
class Signature:
    """``lines`` are authority and title (``KT. TRƯỞNG BAN``, ``PHÓ TRƯỞNG BAN``); ``name`` may be "" in a draft."""

    lines: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class PaperForm:
    """The Word form that a document is written in, with everything needed to write it again.

    ``data`` is the form as base64, ``values`` the data filled in, as JSON; ``text`` every word of the result while it
    had neither number nor day; ``own`` tells whether it is the city's own form, which gets no PDF.
    """

    name: str
    data: str
    values: str
    text: str
    own: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. ``type_name`` is "" for a letter, whose ``subject`` is then printed as ``V/v …``.

    ``number`` and ``issued_on`` stay None until the document is issued; until then they are gaps to fill in.
    """

    kind: str
    letterhead: Letterhead
    code: str
    type_name: str
    subject: str
    blocks: tuple[Block, ...]
    signature: Signature
    addressees: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    landscape: bool = False
    year: int = 0
    number: int | None = None
    issued_on: date | None = None
    left_signature: Signature | None = None
    """A second signature in the place of the recipients: that of the register's keeper."""
    form: PaperForm | None = None
    """The Word form of its kind, whose words are approved and sent. None where the generator writes a DOCX."""

    @property
    def title(self) -> str:
        """Type and subject on one line, for lists and the file's properties."""
        return f"{self.type_name} {self.subject}".strip()

    @property
    def number_line(self) -> str:
        """``Số: 05/KH-BBT``; below 10 with a leading 0; a gap while there is none; "" for papers without number."""
        if self.type_name and not self.code:
            return ""
        shown = "        " if self.number is None else f"{self.number:02d}"
        sign = "-".join(part for part in (self.code, self.letterhead.abbreviation) if part)
        return f"Số: {shown}/{sign}"

    @property
    def date_line(self) -> str:
        """``Hải Phòng, ngày 05 tháng 01 năm 2026``; days below 10 and months 1 and 2 with a leading 0."""
        place, day = self.letterhead.place, self.issued_on
        if day is None:
            return f"{place}, ngày      tháng      năm {self.year or '        '}"
        month = f"{day.month:02d}" if day.month < 3 else str(day.month)
        return f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}"


def issue(document: Document, number: int, day: date) -> Document:
    """The document with number and date, which the registry gives after signature (Decree 30/2020, Article 15)."""
    if number < 1:
        raise ValueError(f"a document's number begins at 1, is {number}")
    return replace(document, number=number, issued_on=day, year=day.year)


def digest(document: Document) -> str:
    """SHA-256 over the exact text, in hexadecimal: the text that an approval binds to (9.2, 9.3, 10.2).

    Number, day and year of issue are left out: they come after the signature and change nothing that was approved.
    For a document in a Word form it covers the text of the filled form, which is what the recipient reads.
    """
    if document.form is not None:
        return hashlib.sha256(document.form.text.encode()).hexdigest()
    content = asdict(replace(document, number=None, issued_on=None, year=0))
    del content["form"]
    content["blocks"] = _tagged(document.blocks)
    content["annexes"] = [
        {"label": annex.label, "title": annex.title, "blocks": _tagged(annex.blocks)} for annex in document.annexes
    ]
    exact = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(exact.encode()).hexdigest()


def _tagged(blocks: tuple[Block, ...]) -> list[dict[str, object]]:
    return [{"block": type(block).__name__, **asdict(block)} for block in blocks]
