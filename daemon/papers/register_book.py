"""The register as a book (8.2): its columns, each described once for CSV, JSON, workbook, print and web page.

A further column needs a further entry of :data:`REGISTER`, and its column in the database.

The workbook is written row by row: typed cells, filters, a frozen head, a column to sign. On paper, as DOCX or PDF,
it has twenty columns, a place to sign on every line and at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Row
from xlsxwriter import Workbook

from daemon.base import clock
from daemon.base.errors import PermanentError
from daemon.config.config import Config
from daemon.documents.docx import to_docx
from daemon.documents.inputs import board_filing
from daemon.documents.markup import clock_digits, day
from daemon.documents.model import Align, Column
from daemon.documents.pdf import to_pdf
from daemon.documents.report_inputs import RegisterInput
from daemon.documents.reports import MOST_ROWS, build_register
from rules.decide.base.manual_work import KIND_NAMES
from rules.decide.base.notices import STATUS_NAMES
from rules.law.profile_file import load_profile
from rules.law.session_rules import Mark
from rules.law.working_days import CITY_ZONE, city_day, short_date
from rules.values.data_file import Source, load_units

KINDS = {"individual": "cá nhân", "organisation": "tổ chức"}
CHANNELS = {
    "email": "thư điện tử", "phone": "điện thoại", "visit": "trực tiếp", "post": "bưu điện", "form": "biểu mẫu",
}  # fmt: skip
UNITS = "units"
"""The one column whose codes are translated by the installation's data."""

Cell = str | int | date | datetime | None
Held: TypeAlias = list[Row[Any]]
"""The assignments of a question."""


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    """One column: in the CSV with a ``name``, in the workbook with a ``title``, on paper if ``printed``.

    ``value``: the content in the workbook, and without ``each`` in CSV and JSON too. ``each``: the CSV lists it for
    every assignment instead, after the other columns. ``words``: the text for people in place of a code. ``paper``:
    the content on paper where it differs from the value.
    """

    value: Callable[[Row[Any], Held], Cell]
    name: str = ""
    title: str = ""
    width: int = 0
    printed: Column | None = None
    words: Mapping[Any, str] = field(default_factory=dict)
    each: Callable[[Row[Any]], Cell] | None = None
    paper: Callable[[Row[Any], Held], Cell] | None = None
    on_page: bool = False
    """The question's web page lists it by its title; other columns are placed by the page's template."""


def _units(row: Row[Any], held: Held) -> str:
    """The units that have the question: not those that refused or lost it, unless it was answered in the session."""
    gone = {"refused"} if row.session_mark == Mark.ANSWERED.value else {"refused", "replaced"}
    return ";".join(dict.fromkeys(one.unit for one in held if one.status not in gone))


def _asked(row: Row[Any], _held: Held) -> str:
    lines = (*row.subject.splitlines(), *row.content.splitlines())
    return "\n".join(line for line in lines if line.strip())


def _signed(row: Row[Any], _held: Held) -> str:
    """Who signed for it in the register, and when; empty where it still has to be signed by hand."""
    return (
        f"{row.officer}\n(ký {short_date(city_day(row.signed_at))})" if row.officer and row.signed_at else row.officer
    )


def _received(row: Row[Any], _held: Held) -> str:
    return f"{_narrow(city_day(row.received_at))}\n{clock_digits(row.received_at)}"


REGISTER: tuple[RegisterColumn, ...] = (
    RegisterColumn(
        lambda row, _: row.code, "number", "Số", 17, Column("Số", 8, Align.CENTRE), paper=lambda row, _: row.number
    ),
    RegisterColumn(
        lambda row, _: row.received_at, "received", "Thời điểm nhận", 17,
        Column("Thời điểm nhận", 12, Align.CENTRE), paper=_received,
    ),
    RegisterColumn(lambda row, _: row.channel, "channel", "Hình thức", 12, Column("Hình thức", 10), CHANNELS),
    RegisterColumn(
        lambda row, _: row.asker_name, "name", "Họ tên, tên tổ chức", 24, Column("Họ tên cá nhân, tên tổ chức", 16)
    ),
    RegisterColumn(lambda row, _: row.asker_kind, "kind", "Loại", 10, Column("Loại", 10), KINDS),
    RegisterColumn(lambda row, _: row.asker_address, "address", "Địa chỉ", 32, Column("Địa chỉ", 17), on_page=True),
    RegisterColumn(lambda row, _: row.asker_phone, "phone", "Điện thoại", 14, Column("Điện thoại", 13), on_page=True),
    RegisterColumn(
        lambda row, _: row.asker_email, "email", "Thư điện tử", 24, Column("Thư điện tử", 17), on_page=True
    ),
    RegisterColumn(lambda row, _: row.subject, "subject", "Tiêu đề", 28),
    RegisterColumn(
        lambda row, _: row.content, "content", "Nội dung hỏi", 60, Column("Nội dung hỏi (tệp kèm theo)", 38),
        paper=_asked,
    ),
    RegisterColumn(lambda row, _: row.field, "field", "Lĩnh vực", 20, Column("Lĩnh vực", 12), on_page=True),
    RegisterColumn(lambda row, _: row.kind, "class", "Phân loại", 12, Column("Phân loại", 11), KIND_NAMES),
    RegisterColumn(lambda row, _: row.status, "status", "Trạng thái", 14, words=STATUS_NAMES),
    RegisterColumn(lambda row, _: row.missing, "missing"),
    RegisterColumn(_units, UNITS, "Đơn vị xử lý", 24, Column("Đơn vị xử lý", 14), each=lambda row: row.unit),
    RegisterColumn(
        lambda _, held: min((row.forwarded_at for row in held), default=None), "forwarded", "Ngày chuyển", 17,
        Column("Ngày chuyển", 12, Align.CENTRE), each=lambda row: row.forwarded_at,
    ),
    RegisterColumn(
        lambda _, held: max((row.due_on for row in held if row.role == "lead"), default=None), "due", "Hạn trả lời",
        12, Column("Hạn trả lời", 11, Align.CENTRE), each=lambda row: row.due_on,
    ),
    RegisterColumn(
        lambda row, _: row.answered_at, "answered", "Ngày trả lời", 17,
        Column("Ngày trả lời", 11, Align.CENTRE), each=lambda row: row.answered_at,
    ),
    RegisterColumn(
        lambda row, _: row.outcome, "outcome", "Kết quả", 24, Column("Kết quả", 17),
        paper=lambda row, _: row.outcome or STATUS_NAMES.get(row.status, row.status),
    ),
    RegisterColumn(
        lambda row, _: row.told_at, "told", "Ngày báo người hỏi", 17, Column("Ngày báo người hỏi", 11, Align.CENTRE)
    ),
    RegisterColumn(lambda row, _: row.link, "link", "Liên kết đăng tải", 24, Column("Liên kết đăng tải", 12)),
    RegisterColumn(
        lambda row, _: row.officer, "officer", "Cán bộ tiếp nhận", 22, Column("Cán bộ tiếp nhận, ký", 14),
        paper=_signed,
    ),
    RegisterColumn(lambda row, _: row.signed_at, title="Ký xác nhận lúc", width=17),
    RegisterColumn(lambda _row, _held: None, title="Chữ ký", width=18),
    RegisterColumn(lambda row, _: row.notes, "notes", "Ghi chú", 28, Column("Ghi chú", 10), on_page=True),
)  # fmt: skip
TITLES_OF_CSV = {"missing": "Thông tin còn thiếu"}
"""The title of a column that only the CSV has."""
IN_BOOK = tuple(column for column in REGISTER if column.title)
ON_PAPER = tuple(column for column in REGISTER if column.printed)
ON_PAGE = tuple(column for column in REGISTER if column.on_page)
_OWN = tuple(column for column in REGISTER if column.name and not column.each)
_OF_UNITS = tuple((column, column.each) for column in REGISTER if column.each)
CSV_TITLES = tuple(
    column.title or TITLES_OF_CSV[column.name] for column in (*_OWN, *(column for column, _ in _OF_UNITS))
)
"""The same headings for people."""
CSV_HEADINGS = tuple(column.name for column in (*_OWN, *(column for column, _ in _OF_UNITS)))


def as_mapping(row: Row[Any]) -> dict[str, Any]:
    """A register row by its column names, without those of the units; codes unchanged, times local."""
    return {column.name: _plain(column.value(row, [])) for column in _OWN}


def csv_cells(row: Row[Any], held: Held) -> list[str]:
    """A line of the CSV: the question's own columns, then those of its units, joined by "; "."""
    listed = [[_plain(each(one)) for one in held] for _, each in _OF_UNITS]
    return [*as_mapping(row).values(), *("; ".join(filter(None, values)) for values in listed)]


def book_cell(column: RegisterColumn, row: Row[Any], held: Held, units: Mapping[str, str]) -> Cell:
    """A cell of the workbook; ``units`` are the units' names by their codes."""
    return _worded(column, column.value(row, held), units)


def paper_cells(row: Row[Any], held: Held, units: Mapping[str, str]) -> tuple[str, ...]:
    """A line of the register on paper."""
    values = ((column, (column.paper or column.value)(row, held)) for column in ON_PAPER)
    return tuple(_on_paper(_worded(column, value, units)) for column, value in values)


def _worded(column: RegisterColumn, value: Cell, units: Mapping[str, str]) -> Cell:
    if not isinstance(value, str):
        return value
    if column.name == UNITS:
        return "; ".join(dict.fromkeys(units.get(code, code) for code in value.split(";") if code))
    return column.words.get(value, value)


def _plain(value: Cell) -> str:
    if isinstance(value, datetime):
        return value.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def _on_paper(value: Cell) -> str:
    if isinstance(value, datetime):
        return _narrow(city_day(value))
    return _narrow(value) if isinstance(value, date) else "" if value is None else str(value)


def _narrow(value: date) -> str:
    """A date on two lines: columns on paper are narrower than ten digits."""
    return "/\n".join(day(value).rsplit("/", 1))


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
