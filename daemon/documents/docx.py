"""A document as DOCX, to be signed, corrected or printed in an office; the same bytes for the same document."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm

from daemon.documents import docx_blocks, docx_forms
from daemon.documents.docx_blocks import CENTRE, line, set_font, shape
from daemon.documents.model import Annex, Block, Chart, Document, Paragraph, Table
from daemon.documents.pdf import chart_png

FIRST_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
"""A ZIP archive knows no earlier day; every part gets it, so that the archive says nothing of when it was made."""


def to_docx(document: Document) -> bytes:
    """The DOCX file. A document with a chart needs the PDF font too: the chart is a picture."""
    file = docx.Document()
    width = _prepare(file, document)
    docx_forms.add_head(file, document, width)
    docx_forms.add_opening(file, document, width)
    _add_blocks(file, document.blocks, width, signed=True)
    docx_forms.add_foot(file, document, width)
    for annex in document.annexes:
        _add_annex(file, annex, width)
    docx_blocks.page_number(file.sections[0])
    _describe(file, document)
    held = io.BytesIO()
    file.save(held)
    return same_bytes(held.getvalue())


def _prepare(file: Any, document: Document) -> float:
    """Page, margins (top and bottom 20, left 30, right 20 or 15 mm) and base font; the text's width in mm."""
    section = file.sections[0]
    long, short = 297, 210
    page_width, height = (long, short) if document.landscape else (short, long)
    left, right = (25, 15) if document.landscape else (30, 20)
    section.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(page_width), Mm(height)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.top_margin = section.bottom_margin = Mm(20)
    section.header_distance = Mm(10)
    set_font(file.styles["Normal"].element, 14)
    for language in file.styles.element.iter("{*}lang"):
        for name in language.attrib:
            language.set(name, "vi-VN")
    return float(page_width - left - right)


def _add_blocks(file: Any, blocks: tuple[Block, ...], width: float, signed: bool = False) -> None:
    """The blocks; before a signature the last paragraph stays with it, so that nobody signs an empty page."""

    for place, block in enumerate(blocks, start=1):
        if isinstance(block, Paragraph):
            docx_blocks.add_paragraph(file, block, signed and place == len(blocks))
        elif isinstance(block, Table):
            docx_blocks.add_table(file, block, width)
        else:
            _add_chart(file, block, width)


def _add_chart(file: Any, chart: Chart, width: float) -> None:
    paragraph = file.add_paragraph()
    shape(paragraph, CENTRE, after=6, before=6)
    run = paragraph.add_run()
    run.add_picture(io.BytesIO(chart_png(chart)), width=Mm(min(width, 160)))
    for properties in run.element.iter(qn("wp:docPr")):
        properties.set("descr", _in_words(chart))
        properties.set("name", chart.caption)


def _in_words(chart: Chart) -> str:
    """What a screen reader says of the picture."""
    bars = (
        f"{bar.label}: " + ", ".join(f"{name} {part}" for name, part in zip(chart.legend, bar.parts, strict=True))
        for bar in chart.bars
    )
    return f"{chart.caption}. {'; '.join(bars)}."


def _add_annex(file: Any, annex: Annex, width: float) -> None:
    first = line(file, annex.label, 14, CENTRE, bold=True)
    first.paragraph_format.page_break_before = True
    line(file, annex.title.upper(), 14, CENTRE, bold=True, after=6)
    _add_blocks(file, annex.blocks, width)


def _describe(file: Any, document: Document) -> None:
    day = document.issued_on
    stamp = datetime.combine(day, time(), UTC) if day else datetime(document.year or 1980, 1, 1, tzinfo=UTC)
    issuer = " ".join(document.letterhead.issuer.split())[:255]
    about = file.core_properties
    about.title, about.author, about.language = document.title[:255], issuer, "vi-VN"
    about.comments, about.last_modified_by, about.revision = "", issuer, 1
    about.created = about.modified = stamp


def same_bytes(packed: bytes) -> bytes:
    """The archive anew with one fixed time on every part."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, FIRST_ZIP_DAY)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            new.writestr(entry, old.read(part))
    return held.getvalue()
