"""Exports the register as a workbook: typed cells, filters, a frozen head, a column to sign; row by row.

Also exports it on paper (8.2), as DOCX or PDF: twenty columns, a place to sign on every line and at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Row
from xlsxwriter import Workbook

from daemon.base import clock
from daemon.base.errors import PermanentError
from daemon.config.config import Config
from daemon.documents.docx import to_docx
from daemon.documents.inputs import board_filing
from daemon.documents.pdf import to_pdf
from daemon.documents.report_inputs import RegisterInput
from daemon.documents.reports import MOST_ROWS, build_register
from daemon.papers.register_columns import IN_BOOK, ON_PAPER, Cell, book_cell, paper_cells
from rules.law.profile_file import load_profile
from rules.law.working_days import CITY_ZONE, city_day
from rules.values.data_file import Source, load_units

MOST_TEXT = 32_000
"""Characters of a cell: Excel refuses a workbook with more than 32,767."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
Line = tuple[Row[Any], list[Row[Any]]]
"""A register row and its assignments."""
TITLE = "Sổ ghi chép câu hỏi đối thoại trực tuyến"


def unit_names(source: Source) -> Mapping[str, str]:
    """Every unit's name by its code, without its remark in brackets."""
    return {code: unit.name.partition(" (")[0] for code, unit in load_units(source).items()}


def write_workbook(path: Path, lines: Iterable[Line], names: Mapping[str, str]) -> int:
    """Write the workbook; returns the number of rows. Text is always text: nothing becomes a formula or a link.

    ``names`` are the units' by their codes. Raises ``OSError`` when the file cannot be written.
    """
    path.open("wb").close()  # the library reports this with an error of its own, after writing all rows
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Sổ ghi chép")
        cell = {"valign": "top", "border": 1}
        head = book.add_format({**cell, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#E7E7E7"})
        text = book.add_format({**cell, "text_wrap": True, "num_format": "@"})
        day = book.add_format({**cell, "num_format": "dd/mm/yyyy", "align": "center"})
        moment = book.add_format({**cell, "num_format": "dd/mm/yyyy hh:mm", "align": "center"})
        _prepare(sheet)
        for place, column in enumerate(IN_BOOK):
            sheet.write_string(0, place, column.title, head)
        count = 0
        for count, (row, held) in enumerate(lines, 1):
            for place, column in enumerate(IN_BOOK):
                _write(sheet, count, place, book_cell(column, row, held, names), (text, day, moment))
        sheet.autofilter(0, 0, max(count, 1), len(IN_BOOK) - 1)
    return count


def _prepare(sheet: Any) -> None:
    """Set up columns, the frozen head, and the page: A3 landscape, two pages wide, head and number on each."""
    for place, column in enumerate(IN_BOOK):
        sheet.set_column(place, place, column.width)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(2, 0)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)
    sheet.set_header(f"&C&12{TITLE}")
    sheet.set_footer("&C&P/&N")


def _write(sheet: Any, row: int, place: int, value: Cell, formats: tuple[Any, Any, Any]) -> None:
    text, day, moment = formats
    if isinstance(value, datetime):
        sheet.write_datetime(row, place, value.astimezone(CITY_ZONE).replace(tzinfo=None), moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, day)
    elif isinstance(value, int):
        sheet.write_number(row, place, value)
    elif value:
        sheet.write_string(row, place, _CONTROL.sub("", value)[:MOST_TEXT], text)
    else:
        sheet.write_blank(row, place, None, text)


WRITERS = {"docx": to_docx, "pdf": to_pdf}


def by_field(lines: Iterable[Line]) -> list[Line]:
    """The register by field and topic (8.2), oldest questions first in a topic; those without a field come last."""

    def place(line: Line) -> tuple[bool, str, str, int]:
        row = line[0]
        return (not row.field, row.field.casefold(), " ".join(row.subject.casefold().split()), row.id)

    return sorted(lines, key=place)


def write_print(
    path: Path, form: str, lines: Iterable[Line], config: Config, since: date | None, until: date | None
) -> int:
    """Write the register as ``docx`` or ``pdf``; returns the number of rows.

    Raises ``PermanentError`` when there are more rows than one volume holds. Without ``since`` and ``until`` the
    period is that of the rows.
    """
    units = unit_names(config.source)
    found = list(islice(lines, MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise PermanentError(f"register: more than {MOST_ROWS} rows for one print: use --since, --until")
    rows = tuple(paper_cells(row, held, units) for row, held in found)
    days = [city_day(row.received_at) for row, _ in found] or [city_day(clock.now())]
    profile = load_profile(config.rules.profile, config.source)
    filing = board_filing(config, profile, days[-1].year)
    columns = tuple(column.printed for column in ON_PAPER if column.printed)
    given = RegisterInput(filing, since or min(days), until or max(days), columns, rows)
    path.write_bytes(WRITERS[form](build_register(given)))
    return len(rows)


def safe_cell(value: str) -> str:
    """A cell that no spreadsheet reads as a formula: such a beginning, also after spaces, gets an apostrophe."""
    text = "".join(char for char in value if char in "\n\t" or ord(char) >= 32)
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
