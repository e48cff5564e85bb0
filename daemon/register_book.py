"""The register as a workbook: typed cells, filters, a frozen head, a column to sign; row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from rules.calendar import CITY_ZONE
from rules.workflow.notices import STATUS_NAMES
from rules.workflow.review import KIND_NAMES

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
    ("Đơn vị xử lý", 16, lambda line: "; ".join(dict.fromkeys(one.unit for one in line[1]))),
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


def write_workbook(path: Path, lines: Iterable[Line]) -> int:
    """Write the workbook; returns the number of rows. Text is always text: nothing becomes a formula or a link."""
    from xlsxwriter import Workbook

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Sổ ghi chép")
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "top"})
        text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top"})
        _prepare(sheet)
        for place, (title, _, _) in enumerate(COLUMNS):
            sheet.write_string(0, place, title, head)
        count = 0
        for count, line in enumerate(lines, 1):
            for place, (_, _, value) in enumerate(COLUMNS):
                _write(sheet, count, place, value(line), (text, day, moment))
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
