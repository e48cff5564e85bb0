"""The parts of the official form in DOCX: head, type and subject, tables, signature and recipients."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from daemon.documents.docx_parts import CENTRE, LEFT, RIGHT, add_run, child, line, rule, shape
from daemon.documents.model import Align, Document, Signature, Table

NATION_WIDTH = 96.0
MOTTO_WIDTH = 57.0
"""Millimetres of the right half of the head, and of the motto in 13 points bold: its rule is as long."""
SIDES = {Align.LEFT: LEFT, Align.CENTRE: CENTRE, Align.RIGHT: RIGHT}
ROOM_TO_SIGN = 68.0
"""Points left free for signature and seal."""


def grid(file: Any, widths: tuple[float, ...], rows: int = 1, borders: bool = False, padding: float = 0) -> Any:
    """A table of fixed widths in millimetres. Its grid and cells both say them, for every word processor."""
    table = file.add_table(rows=rows, cols=len(widths))
    table.style = file.styles["Table Grid"] if borders else None
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    properties = table._tbl.tblPr
    margins = child("w:tblCellMar")
    side = str(round(padding * 56.7))
    for name in ("left", "right"):
        margins.append(child(f"w:{name}", w=side, type="dxa"))
    properties.append(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def fit(table: Any, widths: tuple[float, ...]) -> None:
    """The width of every cell, read from the XML once: the library's own way is slow for long tables."""
    for row in table._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = Mm(width)


def add_head(file: Any, document: Document, width: float) -> None:
    """Who issues, national title, number, place and day (Annex I, part 1, items 1 to 4)."""
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
    """Type and subject, and whom a letter or report is sent to."""
    if document.type_name:
        line(file, document.type_name, 14, bold=True)
        subject = line(file, document.subject, 14, bold=True).paragraph_format
        subject.left_indent = subject.right_indent = Mm(0.075 * width)
        rule(file, 40, width)
    if len(document.addressees) == 1:
        line(file, f"Kính gửi: {document.addressees[0]}.", 14, after=8)
    elif document.addressees:
        line(file, "Kính gửi:", 14, LEFT).paragraph_format.left_indent = Mm(40)
        last = len(document.addressees) - 1
        for place, one in enumerate(document.addressees):
            end, after = (".", 8) if place == last else (";", 0)
            line(file, f"- {one}{end}", 14, LEFT, after=after).paragraph_format.left_indent = Mm(52)


def add_table(file: Any, content: Table, width: float) -> None:
    """A table whose heading rows come back on every page; rows may break across pages."""
    if content.caption:
        line(file, content.caption, 13, bold=True, after=3).paragraph_format.keep_with_next = True
    share = width / sum(column.width for column in content.columns)
    widths = tuple(column.width * share for column in content.columns)
    heads = 2 if content.numbered else 1
    table = grid(file, widths, heads + len(content.rows), borders=True, padding=0.6 if content.size < 9 else 1.5)
    rows = table._tbl.tr_lst
    for row in rows[:heads]:
        row.get_or_add_trPr().append(child("w:tblHeader"))
        row.get_or_add_trPr().append(child("w:cantSplit"))
    _fill(table, 0, tuple(column.title for column in content.columns), content, bold=True, head=True)
    if content.numbered:
        numbers = tuple(f"({place})" for place in range(1, len(widths) + 1))
        _fill(table, 1, numbers, content, italic=True, head=True)
    for place, values in enumerate(content.rows):
        last = place == len(content.rows) - 1
        _fill(table, heads + place, values, content, bold=content.total and last)
    fit(table, widths)
    if content.total and len(rows) > heads + 1:
        _keep_with_next(rows[-2])
    after = file.add_paragraph()
    shape(after, LEFT)
    after.paragraph_format.line_spacing = Pt(8)


def _fill(table: Any, at: int, values: tuple[str, ...], content: Table, head: bool = False, **faces: bool) -> None:
    from docx.text.paragraph import Paragraph

    row = table._tbl.tr_lst[at]
    for cell, value, column in zip(row.tc_lst, values, content.columns, strict=True):
        paragraph = Paragraph(cell.p_lst[0], table)
        shape(paragraph, CENTRE if head else SIDES[column.align])
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        add_run(paragraph, value, content.size, **faces)
        if head:
            cell.get_or_add_tcPr().append(child("w:vAlign", val="center"))


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
    _keep_with_next(table._tbl)


def _keep_with_next(element: Any) -> None:
    for paragraph in element.iter(qn("w:p")):
        paragraph.get_or_add_pPr().get_or_add_keepNext()


def _sign(cell: Any, signature: Signature) -> None:
    for one in signature.lines:
        last = line(cell, one, 14, bold=True)
    last.paragraph_format.space_after = Pt(ROOM_TO_SIGN)
    line(cell, signature.name, 14, bold=True)
