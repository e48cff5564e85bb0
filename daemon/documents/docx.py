"""A document as DOCX, to sign, correct or print in an office: the official form around its content.

The same document gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from daemon.documents import docx_blocks
from daemon.documents.docx_blocks import CENTRE, LEFT, child, fit, grid, keep_with_next, line, rule, set_font, shape
from daemon.documents.model import Annex, Block, Chart, Document, Paragraph, Signature, Table
from daemon.documents.pdf import chart_png

NATION_WIDTH = 96.0
MOTTO_WIDTH = 57.0
"""Millimetres of the right half of the head, and of the motto in 13 points bold: the rule below is as long."""
ROOM_TO_SIGN = 68.0
"""Points left free for signature and seal."""


def add_head(file: Any, document: Document, width: float) -> None:
    """The issuing body, national title, number, place and day (Annex I, part 1, items 1 to 4)."""
    left = width - NATION_WIDTH
    table = grid(file, (left, NATION_WIDTH), rows=2)
    fit(table, (left, NATION_WIDTH))
    issuer, nation = table.rows[0].cells
    if document.letterhead.parent:
        line(issuer, document.letterhead.parent.upper(), 12)
    line(issuer, document.letterhead.issuer.upper(), 12, bold=True)
    rule(issuer, 22, left)
    line(nation, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True)
    line(nation, "Độc lập - Tự do - Hạnh phúc", 13, bold=True)
    rule(nation, MOTTO_WIDTH, NATION_WIDTH)
    below, place = table.rows[1].cells
    if document.number_line:
        line(below, document.number_line, 13)
    if not document.type_name:
        line(below, f"V/v {document.subject}", 12)
    if not document.left_signature:
        line(place, document.date_line, 13, italic=True)
    shape(file.add_paragraph(), CENTRE)


def add_opening(file: Any, document: Document, width: float) -> None:
    """Type and subject, and the addressee of a letter or report."""
    if document.type_name:
        line(file, document.type_name, 14, bold=True).paragraph_format.space_after = Pt(3)
        subject = line(file, document.subject, 14, bold=True).paragraph_format
        subject.left_indent = subject.right_indent = Mm(0.075 * width)
        rule(file, 40, width, before=6, after=8)
    if len(document.addressees) == 1:
        line(file, f"Kính gửi: {document.addressees[0]}.", 14, after=8)
    elif document.addressees:
        line(file, "Kính gửi:", 14, LEFT).paragraph_format.left_indent = Mm(40)
        last = len(document.addressees) - 1
        for place, one in enumerate(document.addressees):
            end, after = (".", 8) if place == last else (";", 0)
            line(file, f"- {one}{end}", 14, LEFT, after=after).paragraph_format.left_indent = Mm(52)


def add_foot(file: Any, document: Document, width: float) -> None:
    """Recipients on the left, signature on the right, kept together on one page."""
    space = file.add_paragraph()
    shape(space, LEFT)
    space.paragraph_format.line_spacing, space.paragraph_format.keep_with_next = Pt(10), True
    half = width / 2
    table = grid(file, (half, half))
    fit(table, (half, half))
    table._tbl.tr_lst[0].get_or_add_trPr().append(child("w:cantSplit"))
    left, right = table.rows[0].cells
    if document.left_signature:
        _sign(left, document.left_signature)
        line(right, document.date_line, 13, italic=True)
    elif document.recipients:
        line(left, "Nơi nhận:", 12, LEFT, bold=True, italic=True)
        for one in document.recipients:
            line(left, one, 11, LEFT)
    _sign(right, document.signature)
    keep_with_next(table._tbl)


def _sign(cell: Any, signature: Signature) -> None:
    for one in signature.lines:
        last = line(cell, one, 14, bold=True)
    last.paragraph_format.space_after = Pt(ROOM_TO_SIGN)
    line(cell, signature.name, 14, bold=True)


FIRST_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest day that a ZIP archive can hold; every part gets it, so that the archive hides when it was made."""


def to_docx(document: Document) -> bytes:
    """The DOCX file. A document with a chart needs the PDF font too, because the chart is a picture."""
    file = docx.Document()
    width = _prepare(file, document)
    add_head(file, document, width)
    add_opening(file, document, width)
    _add_blocks(file, document.blocks, width, signed=True)
    add_foot(file, document, width)
    for annex in document.annexes:
        _add_annex(file, annex, width)
    docx_blocks.page_number(file.sections[0])
    describe(file, document)
    held = io.BytesIO()
    file.save(held)
    return same_bytes(held.getvalue())


def _prepare(file: Any, document: Document) -> float:
    """Set page, margins (top and bottom 20, left 30, right 20 or 15 mm), base font; gives the text's width in mm."""
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
    """Add the blocks; before a signature the last paragraph stays with it, so that nobody signs an empty page."""

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
    """The text that a screen reader reads for the picture."""
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


def describe(file: Any, document: Document) -> None:
    """Set the file's properties: title, issuer, language, and the day of issue instead of the clock's time."""
    day = document.issued_on
    stamp = datetime.combine(day, time(), UTC) if day else datetime(document.year or 1980, 1, 1, tzinfo=UTC)
    issuer = " ".join(document.letterhead.issuer.split())[:255]
    about = file.core_properties
    about.title, about.author, about.language = document.title[:255], issuer, "vi-VN"
    about.comments, about.last_modified_by, about.revision = "", issuer, 1
    about.created = about.modified = stamp


def same_bytes(packed: bytes) -> bytes:
    """The archive written again with one fixed time on every part."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, FIRST_ZIP_DAY)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            new.writestr(entry, old.read(part))
    return held.getvalue()
