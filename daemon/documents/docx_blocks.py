"""Pieces of a DOCX file that the library cannot make, and the look of each kind of paragraph.

Also tables in DOCX: fixed widths, heading rows repeated on every page, quick for thousands of cells.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.text.paragraph import Paragraph as DocxParagraph

from daemon.documents.model import Align, Paragraph, Style, Table

FONT = "Times New Roman"
LEFT, CENTRE, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)


@dataclass(frozen=True, slots=True)
class Look:
    """The look of a kind of paragraph: indents in centimetres, size and spaces in points."""

    align: Any = JUSTIFY
    first: float = 1.27
    left: float = 0
    italic: bool = False
    bold: bool = False
    size: float = 14
    before: float = 0
    after: float = 6
    keep: bool = False
    lead: str = ""
    outline: int | None = None


LOOKS = {
    Style.BODY: Look(),
    Style.GROUNDS: Look(italic=True),
    Style.HEADING: Look(bold=True, before=6, keep=True, outline=0),
    Style.SUBHEADING: Look(bold=True, before=3, keep=True, outline=1),
    Style.ITEM: Look(lead="- "),
    Style.QUOTE: Look(italic=True, left=0.8),
    Style.CENTRE: Look(align=CENTRE, first=0, italic=True),
    Style.NOTE: Look(italic=True, size=13),
}


def set_font(element: Any, size: float) -> None:
    """Set the font for every script, so that no letter falls back to the theme's font; ``size`` in points."""
    properties = element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for old in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{old}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    for tag in ("w:sz", "w:szCs"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    half = str(round(size * 2))
    properties.get_or_add_sz().set(qn("w:val"), half)
    complex_size = child("w:szCs", val=half)
    properties.find(qn("w:sz")).addnext(complex_size)


def child(tag: str, **attributes: str) -> Any:
    """A new element with attributes in the same namespace."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def add_run(paragraph: Any, text: str, size: float, bold: bool = False, italic: bool = False) -> None:
    """Add literal text in one face: a line end becomes a break, nothing in it becomes a field."""
    run = paragraph.add_run()
    for place, line in enumerate(text.split("\n")):
        if place:
            run.add_break()
        run.add_text(line)
    run.bold, run.italic = bold or None, italic or None
    set_font(run.element, size)


def shape(paragraph: Any, align: Any, after: float = 0, before: float = 0, first: float = 0, left: float = 0) -> None:
    """Set alignment, spaces in points, indents in centimetres."""
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.space_after, form.space_before = Pt(after), Pt(before)
    form.first_line_indent, form.left_indent = Cm(first), Cm(left)
    form.line_spacing = 1.0 if after == 0 else 1.1


def add_paragraph(container: Any, content: Paragraph, keep: bool = False) -> None:
    """Add one paragraph of the body; ``keep`` holds it on the page of what follows."""
    look = LOOKS[content.style]
    paragraph = container.add_paragraph()
    shape(paragraph, look.align, look.after, look.before, look.first, look.left)
    announces = content.style is Style.BODY and content.text.endswith(":")
    paragraph.paragraph_format.keep_with_next = look.keep or keep or announces or None
    if look.outline is not None:
        paragraph._p.get_or_add_pPr().append(child("w:outlineLvl", val=str(look.outline)))
    if look.lead:
        add_run(paragraph, look.lead, look.size)
    for run in content.runs:
        add_run(paragraph, run.text, look.size, run.bold or look.bold, run.italic or look.italic)


def line(container: Any, text: str, size: float, align: Any = CENTRE, **faces: Any) -> Any:
    """Add a line without space around it, as in the head and the foot; reuses a cell's first paragraph."""
    paragraphs = container.paragraphs
    fresh = len(paragraphs) == 1 and not paragraphs[0].runs and not paragraphs[0].text
    paragraph = paragraphs[0] if fresh and container._element.tag == qn("w:tc") else container.add_paragraph()
    after = faces.pop("after", 0)
    shape(paragraph, align, after)
    add_run(paragraph, text, size, **faces)
    return paragraph


def rule(container: Any, width: float, room: float, before: float = 3, after: float = 0) -> None:
    """Draw a line under a text: ``width`` of the ``room`` (millimetres) that the column has; spaces in points."""
    paragraph = container.add_paragraph()
    shape(paragraph, CENTRE, before=before, after=after)
    side = Mm((room - width) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    paragraph.paragraph_format.line_spacing = Pt(4)
    borders = child("w:pBdr")
    borders.append(child("w:top", val="single", sz="6", space="1", color="000000"))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def page_number(section: Any) -> None:
    """Put the page's number, centred, at the top of every page but the first."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    shape(paragraph, CENTRE)
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "2"), ("end", "")):
        run = paragraph.add_run()
        set_font(run.element, 13)
        if kind == "text":
            run.add_text(text)
        elif kind:
            run.element.append(child("w:fldChar", fldCharType=kind))
        else:
            instruction = child("w:instrText")
            instruction.text = text
            run.element.append(instruction)


SIDES = {Align.LEFT: LEFT, Align.CENTRE: CENTRE, Align.RIGHT: RIGHT}


def grid(file: Any, widths: tuple[float, ...], rows: int = 1, borders: bool = False, padding: float = 0) -> Any:
    """A table of fixed widths in millimetres, set in both grid and cells, for every word processor."""
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
    """Set the width of every cell on the XML read once: the library's own way is slow for long tables."""
    for row in table._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = Mm(width)


def add_table(file: Any, content: Table, width: float) -> None:
    """Add a table whose heading rows are repeated on every page; rows may break across pages."""
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
        paragraph = DocxParagraph(cell.p_lst[0], table)
        shape(paragraph, CENTRE if head else SIDES[column.align])
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        add_run(paragraph, value, content.size, **faces)
        if head:
            cell.get_or_add_tcPr().append(child("w:vAlign", val="center"))


def _more_rows(table: Any, content: Table) -> None:
    """Add the rows after the first as copies of it with other words, which is much quicker than the library's way."""
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
    """Keep every paragraph within on the page of what follows."""
    for paragraph in element.iter(qn("w:p")):
        paragraph.get_or_add_pPr().get_or_add_keepNext()
