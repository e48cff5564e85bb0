"""The printed register of clause 8.2: landscape, twenty columns, a line for the receiving officer's signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from daemon.documents.model import Align, Column, Document, Signature, Table
from daemon.documents.report_inputs import RegisterInput, RegisterRow
from daemon.documents.texts import Texts, shipped
from daemon.documents.words import city_date, clock_digits, day

COLUMNS = (
    Column("Số", 8, Align.CENTRE),
    Column("Thời điểm nhận", 12, Align.CENTRE),
    Column("Hình thức", 10),
    Column("Họ tên cá nhân, tên tổ chức", 16),
    Column("Loại", 10),
    Column("Địa chỉ", 17),
    Column("Điện thoại", 13),
    Column("Thư điện tử", 17),
    Column("Nội dung hỏi (tệp kèm theo)", 38),
    Column("Lĩnh vực", 12),
    Column("Phân loại", 11),
    Column("Đơn vị xử lý", 14),
    Column("Ngày chuyển", 12, Align.CENTRE),
    Column("Hạn trả lời", 11, Align.CENTRE),
    Column("Ngày trả lời", 11, Align.CENTRE),
    Column("Kết quả", 17),
    Column("Ngày báo người hỏi", 11, Align.CENTRE),
    Column("Liên kết đăng tải", 12),
    Column("Cán bộ tiếp nhận, ký", 14),
    Column("Ghi chú", 10),
)
MOST_ROWS = 1500
"""One volume: setting more pages at once would take a gigabyte of memory."""
SIZE = 7.5
"""Points: twenty columns share the width of an A4 page."""


def build_register(given: RegisterInput, texts: Texts | None = None) -> Document:
    """The register of a period. Sealed mails (denunciations) are no rows: the caller leaves them out (1.2).

    Raises ValueError for more rows than one volume holds.
    """
    if len(given.rows) > MOST_ROWS:
        raise ValueError(
            f"the register has {len(given.rows)} rows for one print (at most {MOST_ROWS}): shorten the period"
        )
    table = Table(COLUMNS, tuple(_row(one) for one in given.rows), size=SIZE, numbered=True)
    document = (texts or shipped()).document("register", given.filing, {"i": given}, {"register": (table,)})
    keeper = Signature(("NGƯỜI LẬP SỔ",), given.keeper)
    return replace(document, landscape=True, left_signature=keeper)


def _row(row: RegisterRow) -> tuple[str, ...]:
    files = f"(Tệp: {', '.join(row.files)})" if row.files else ""
    return (
        str(row.number),
        _moment(row.received_at),
        row.channel,
        row.name,
        row.kind,
        row.address,
        row.phone,
        row.email,
        "\n".join(part for part in (*row.content.splitlines(), files) if part.strip()),
        row.field,
        row.classed,
        row.unit,
        _day(row.forwarded_on),
        _day(row.due_on),
        _day(row.answered_on),
        row.outcome,
        _day(row.told_on),
        row.link,
        row.officer,
        row.notes,
    )


def _moment(value: datetime) -> str:
    return f"{_day(city_date(value))}\n{clock_digits(value)}"


def _day(value: date | None) -> str:
    """A day on two lines: the columns are narrower than ten digits."""
    return "/\n".join(day(value).rsplit("/", 1)) if value else ""
