"""Tables in DOCX: fixed widths, heading rows that come back on every page, quick for thousands of cells."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from daemon.documents.docx_parts import CENTRE, LEFT, RIGHT, add_run, child, line, shape
from daemon.documents.model import Align, Table

SIDES = {Align.LEFT: LEFT, Align.CENTRE: CENTRE, Align.RIGHT: RIGHT}


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
    properties.find(qn("w:tblLook")).addprevious(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def fit(table: Any, widths: tuple[float, ...]) -> None:
    """The width of every cell, read from the XML once: the library's own way is slow for long tables."""
    for row in table._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = Mm(width)


def add_table(file: Any, content: Table, width: float) -> None:
    """A table whose heading rows come back on every page; rows may break across pages."""
    if content.caption:
        line(file, content.caption, 13, bold=True, after=3).paragraph_format.keep_with_next = True
    share = width / sum(column.width for column in content.columns)
    widths = tuple(column.width * share for column in content.columns)
    heads = _headings(content)
    table = grid(
        file, widths, len(heads) + bool(content.rows), borders=True, padding=0.6 if content.size < 9 else 1.5
    )
    for place, (values, faces) in enumerate(heads):
        _fill(table, place, values, content, head=True, **faces)
    if content.rows:
        _fill(table, len(heads), content.rows[0], content)
    fit(table, widths)
    _more_rows(table, content)
    after = file.add_paragraph()
    shape(after, LEFT)
    after.paragraph_format.line_spacing = Pt(8)


def _headings(content: Table) -> list[tuple[tuple[str, ...], dict[str, bool]]]:
    titles = tuple(column.title for column in content.columns)
    numbers = tuple(f"({place})" for place in range(1, len(titles) + 1))
    return [(titles, {"bold": True}), *([(numbers, {"italic": True})] if content.numbered else [])]


def _fill(table: Any, at: int, values: tuple[str, ...], content: Table, head: bool = False, **faces: bool) -> None:
    row = table._tbl.tr_lst[at]
    if head:
        row.get_or_add_trPr().append(child("w:cantSplit"))
        row.get_or_add_trPr().append(child("w:tblHeader"))
    for cell, value, column in zip(row.tc_lst, values, content.columns, strict=True):
        paragraph = Paragraph(cell.p_lst[0], table)
        shape(paragraph, CENTRE if head else SIDES[column.align])
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        add_run(paragraph, value, content.size, **faces)
        if head:
            cell.get_or_add_tcPr().append(child("w:vAlign", val="center"))


def _more_rows(table: Any, content: Table) -> None:
    """The rows after the first as copies of it with other words, which is much quicker than the library's way."""
    if not content.rows:
        return
    rows = [table._tbl.tr_lst[-1]]
    for values in content.rows[1:]:
        row = deepcopy(rows[0])
        rows[-1].addnext(row)
        rows.append(row)
        for cell, value in zip(row.tc_lst, values, strict=True):
            _set_text(cell.p_lst[0].r_lst[0], value)
    if content.total:
        for run in rows[-1].iter(qn("w:r")):
            run.get_or_add_rPr().get_or_add_b()
        for row in rows[-2:-1]:
            keep_with_next(row)


def _set_text(run: Any, value: str) -> None:
    for old in [*run.findall(qn("w:t")), *run.findall(qn("w:br"))]:
        run.remove(old)
    for place, words in enumerate(value.split("\n")):
        if place:
            run.add_br()
        run.add_t(words)


def keep_with_next(element: Any) -> None:
    """Every paragraph within stays on the page of what follows."""
    for paragraph in element.iter(qn("w:p")):
        paragraph.get_or_add_pPr().get_or_add_keepNext()
