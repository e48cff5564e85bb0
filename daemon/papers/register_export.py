"""The register as a workbook: typed cells, filters, a frozen head, a column to sign; row by row.

The register on paper (8.2), as DOCX or PDF: twenty columns, a place to sign on every line and at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Row
from xlsxwriter import Workbook

from daemon.base.errors import PermanentError
from daemon.config.config import Config
from daemon.documents.docx import to_docx
from daemon.documents.pdf import to_pdf
from daemon.documents.report_inputs import RegisterInput, RegisterRow
from daemon.documents.reports import MOST_ROWS, build_register
from daemon.papers.draft_session_papers import board_filing
from rules.decide.base.manual_review import KIND_NAMES
from rules.decide.base.notices import STATUS_NAMES
from rules.law.profile_file import load_profile
from rules.law.working_days import CITY_ZONE, city_day
from rules.values.data_file import Source, load_units

MOST_TEXT = 32_000
"""Characters of a cell: Excel refuses a workbook with more than 32,767."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
KINDS = {"individual": "cá nhân", "organisation": "tổ chức"}
CHANNELS = {
    "email": "thư điện tử", "phone": "điện thoại", "visit": "trực tiếp", "post": "bưu điện", "form": "biểu mẫu",
}  # fmt: skip

Cell = str | int | date | datetime | None
Line = tuple[Row[Any], list[Row[Any]]]
"""A register row and its assignments."""
TITLE = "Sổ ghi chép câu hỏi đối thoại trực tuyến"


def unit_names(source: Source) -> Mapping[str, str]:
    """Every unit's name by its code, without what stands behind it in brackets."""
    return {code: unit.name.partition(" (")[0] for code, unit in load_units(source).items()}


def units_of(held: Iterable[Row[Any]], names: Mapping[str, str]) -> str:
    """Who has the question, by name, without those that refused it."""
    return "; ".join(dict.fromkeys(names.get(one.unit, one.unit) for one in held if one.status != "refused"))


UNITS = "Đơn vị xử lý"
"""The one column that needs the units' names."""
COLUMNS: tuple[tuple[str, int, Callable[[Line], Cell]], ...] = (
    ("Số", 17, lambda line: line[0].code),
    ("Thời điểm nhận", 17, lambda line: line[0].received_at),
    ("Hình thức", 12, lambda line: CHANNELS.get(line[0].channel, line[0].channel)),
    ("Họ tên, tên tổ chức", 24, lambda line: line[0].asker_name),
    ("Loại", 10, lambda line: KINDS.get(line[0].asker_kind, line[0].asker_kind)),
    ("Địa chỉ", 32, lambda line: line[0].asker_address),
    ("Điện thoại", 14, lambda line: line[0].asker_phone),
    ("Thư điện tử", 24, lambda line: line[0].asker_email),
    ("Tiêu đề", 28, lambda line: line[0].subject),
    ("Nội dung hỏi", 60, lambda line: line[0].content),
    ("Lĩnh vực", 20, lambda line: line[0].field),
    ("Phân loại", 12, lambda line: KIND_NAMES.get(line[0].kind, line[0].kind)),
    ("Trạng thái", 14, lambda line: STATUS_NAMES.get(line[0].status, line[0].status)),
    (UNITS, 24, lambda _line: None),
    ("Ngày chuyển", 17, lambda line: min((one.forwarded_at for one in line[1]), default=None)),
    ("Hạn trả lời", 12, lambda line: max((one.due_on for one in line[1] if one.role == "lead"), default=None)),
    ("Ngày trả lời", 17, lambda line: line[0].answered_at),
    ("Kết quả", 24, lambda line: line[0].outcome),
    ("Ngày báo người hỏi", 17, lambda line: line[0].told_at),
    ("Liên kết đăng tải", 24, lambda line: line[0].link),
    ("Cán bộ tiếp nhận", 22, lambda line: line[0].officer),
    ("Ký xác nhận lúc", 17, lambda line: line[0].signed_at),
    ("Chữ ký", 18, lambda _line: None),
    ("Ghi chú", 28, lambda line: line[0].notes),
)


def write_workbook(path: Path, lines: Iterable[Line], names: Mapping[str, str]) -> int:
    """Write the workbook; returns the number of rows. Text is always text: nothing becomes a formula or a link.

    ``names`` are the units' by their codes. Raises ``OSError`` when the file cannot be written.
    """
    path.open("wb").close()  # the library has an error of its own for this, after all rows are written
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
        for place, (title, _, _) in enumerate(COLUMNS):
            sheet.write_string(0, place, title, head)
        count = 0
        for count, line in enumerate(lines, 1):
            for place, (title, _, value) in enumerate(COLUMNS):
                shown = units_of(line[1], names) if title == UNITS else value(line)
                _write(sheet, count, place, shown, (text, day, moment))
        sheet.autofilter(0, 0, max(count, 1), len(COLUMNS) - 1)
    return count


def _prepare(sheet: Any) -> None:
    """Columns, the frozen head, and the page: A3 on its side, two pages wide, head and number on each."""
    for place, (_, width, _) in enumerate(COLUMNS):
        sheet.set_column(place, place, width)
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


def write_print(
    path: Path, form: str, lines: Iterable[Line], config: Config, since: date | None, until: date | None
) -> int:
    """Write the register as ``docx`` or ``pdf``; returns the number of rows.

    Raises ``PermanentError`` when there are more than one volume holds. Without ``since`` and ``until`` the period is
    that of the rows.
    """
    units = unit_names(config.source)
    rows = tuple(_row(row, held, units) for row, held in islice(lines, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise PermanentError(f"register: more than {MOST_ROWS} rows for one print: use --since, --until")
    days = [city_day(one.received_at) for one in rows] or [city_day(datetime.now(UTC))]
    profile = load_profile(config.rules.profile, config.source)
    filing = board_filing(config, profile, days[-1].year)
    given = RegisterInput(filing, since or min(days), until or max(days), rows)
    path.write_bytes(WRITERS[form](build_register(given)))
    return len(rows)


def _row(row: Row[Any], held: list[Row[Any]], units: Mapping[str, str]) -> RegisterRow:
    leads = [one for one in held if one.role == "lead"]
    return RegisterRow(
        number=row.number,
        received_at=row.received_at,
        channel=CHANNELS.get(row.channel, row.channel),
        name=row.asker_name,
        kind=KINDS.get(row.asker_kind, row.asker_kind),
        address=row.asker_address,
        phone=row.asker_phone,
        email=row.asker_email,
        content="\n".join(part for part in (row.subject, row.content) if part),
        field=row.field,
        classed=KIND_NAMES.get(row.kind, row.kind),
        unit=units_of(held, units),
        forwarded_on=_day(min((one.forwarded_at for one in held), default=None)),
        due_on=max((one.due_on for one in leads), default=None),
        answered_on=_day(row.answered_at),
        outcome=row.outcome or STATUS_NAMES.get(row.status, row.status),
        told_on=_day(row.told_at),
        link=row.link,
        officer=_signed(row),
        notes=row.notes,
    )


def _signed(row: Row[Any]) -> str:
    """Who signed for it in the register, and when; empty where it is still to be signed by hand."""
    return f"{row.officer}\n(ký {city_day(row.signed_at):%d/%m/%Y})" if row.officer and row.signed_at else row.officer


def _day(at: datetime | None) -> date | None:
    return city_day(at) if at else None


def safe_cell(value: str) -> str:
    """A cell that no spreadsheet takes for a formula: such a beginning, also after spaces, gets an apostrophe."""
    text = "".join(char for char in value if char in "\n\t" or ord(char) >= 32)
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
