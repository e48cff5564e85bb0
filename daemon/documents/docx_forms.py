"""The parts of the official form in DOCX: head, type and subject, signature and recipients."""

from __future__ import annotations

from typing import Any

from docx.shared import Mm, Pt

from daemon.documents.docx_blocks import CENTRE, LEFT, child, fit, grid, keep_with_next, line, rule, shape
from daemon.documents.model import Document, Signature

NATION_WIDTH = 96.0
MOTTO_WIDTH = 57.0
"""Millimetres of the right half of the head, and of the motto in 13 points bold: its rule is as long."""
ROOM_TO_SIGN = 68.0
"""Points left free for signature and seal."""


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
