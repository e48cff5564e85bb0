"""Counted figures as tables and charts; a sum is always made here, never taken over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from daemon.documents.markup import NONE, count, day, percent
from daemon.documents.model import Align, Bar, Chart, Column, Table
from daemon.documents.report_inputs import FieldFigures, Figures, HeldSession, UnitFigures

LEVELS = {"city": "Thành phố", "unit": "Sở, ngành, địa phương"}


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums that a report's sentences speak of; ``asked`` counts questions, ``forwarded`` what units got."""

    asked: int
    answered: int
    rejected: int
    open: int
    forwarded: int
    in_time: int
    late: int
    waiting: int
    overdue: int

    @property
    def in_time_share(self) -> str:
        """Answers in time out of all answers that came."""
        return percent(self.in_time, self.in_time + self.late)

    @property
    def answered_share(self) -> str:
        """Questions answered out of all that were asked."""
        return percent(self.answered, self.asked)


def totals(figures: Figures) -> Totals:
    """The sums. Raises ValueError naming a unit or field whose figures do not add up."""
    for unit in figures.units:
        check_unit(unit)
    for field in figures.fields:
        if field.asked != field.answered + field.rejected + field.open:
            raise ValueError(f"figures of the field {field.field!r} do not add up")
    return Totals(
        asked=sum(one.asked for one in figures.fields),
        answered=sum(one.answered for one in figures.fields),
        rejected=sum(one.rejected for one in figures.fields),
        open=sum(one.open for one in figures.fields),
        forwarded=sum(one.forwarded for one in figures.units),
        in_time=sum(one.in_time for one in figures.units),
        late=sum(one.late for one in figures.units),
        waiting=sum(one.open for one in figures.units),
        overdue=sum(one.overdue for one in figures.units),
    )


def check_unit(unit: UnitFigures) -> None:
    """Raises ValueError when forwarded is not answered in time + late + open, or more is overdue than open."""
    if unit.forwarded != unit.in_time + unit.late + unit.open or unit.overdue > unit.open:
        raise ValueError(f"figures of {unit.unit!r} do not add up")


def unit_table(units: Iterable[UnitFigures], caption: str = "") -> Table:
    """One row a unit, and the sum."""
    columns = (
        Column("TT", 10, Align.CENTRE),
        Column("Cơ quan, đơn vị", 52),
        *(
            Column(name, 19, Align.CENTRE)
            for name in ("Đã chuyển", "Trả lời đúng hạn", "Trả lời chậm", "Chưa trả lời", "Trong đó quá hạn")
        ),
        Column("Tỷ lệ đúng hạn", 19, Align.CENTRE),
    )
    found = tuple(units)
    rows = [(str(place), one.unit, *_unit_cells(one)) for place, one in enumerate(found, start=1)]
    whole = UnitFigures(
        "Tổng số",
        sum(one.forwarded for one in found),
        sum(one.in_time for one in found),
        sum(one.late for one in found),
        sum(one.open for one in found),
        sum(one.overdue for one in found),
    )
    return Table(columns, (*rows, ("", whole.unit, *_unit_cells(whole))), caption, total=True)


def _unit_cells(one: UnitFigures) -> tuple[str, ...]:
    figures = (one.forwarded, one.in_time, one.late, one.open, one.overdue)
    return (*map(plain, figures), percent(one.in_time, one.in_time + one.late))


def field_table(fields: Iterable[FieldFigures], caption: str = "") -> Table:
    """One row a field, and the sum."""
    columns = (
        Column("TT", 10, Align.CENTRE),
        Column("Lĩnh vực", 55),
        *(
            Column(name, 23, Align.CENTRE)
            for name in ("Số câu hỏi", "Đã trả lời", "Không tiếp nhận, được rút", "Đang xử lý", "Tỷ lệ trả lời")
        ),
    )
    found = tuple(fields)
    rows = [(str(place), one.field, *_field_cells(one)) for place, one in enumerate(found, start=1)]
    whole = FieldFigures(
        "Tổng số",
        sum(one.asked for one in found),
        sum(one.answered for one in found),
        sum(one.rejected for one in found),
        sum(one.open for one in found),
    )
    return Table(columns, (*rows, ("", whole.field, *_field_cells(whole))), caption, total=True)


def _field_cells(one: FieldFigures) -> tuple[str, ...]:
    return (*map(plain, (one.asked, one.answered, one.rejected, one.open)), percent(one.answered, one.asked))


def session_table(sessions: Iterable[HeldSession], caption: str = "") -> Table:
    """One row a session that was held."""
    columns = (
        Column("TT", 10, Align.CENTRE),
        Column("Ngày", 22, Align.CENTRE),
        Column("Cấp", 25),
        Column("Chủ đề, người chủ trì", 63),
        Column("Số câu hỏi", 18, Align.CENTRE),
        Column("Trả lời tại phiên", 18, Align.CENTRE),
        Column("Trả lời sau phiên", 18, Align.CENTRE),
    )
    rows = tuple(
        (
            str(place),
            day(one.on),
            LEVELS.get(one.level, one.level),
            f"{one.topic}\n{one.chair}",
            *map(plain, (one.questions, one.answered_live, one.answered_after)),
        )
        for place, one in enumerate(sessions, start=1)
    )
    return Table(columns, rows or (("", NONE, NONE, "Không có phiên đối thoại", NONE, NONE, NONE),), caption)


def unit_chart(units: Iterable[UnitFigures], caption: str) -> Chart:
    """How each unit answered."""
    bars = tuple(Bar(one.unit, (one.in_time, one.late, one.open)) for one in units)
    return Chart(caption, ("Trả lời đúng hạn", "Trả lời chậm", "Chưa trả lời"), bars)


def field_chart(fields: Iterable[FieldFigures], caption: str) -> Chart:
    """What was asked in each field."""
    bars = tuple(Bar(one.field, (one.answered, one.rejected, one.open)) for one in fields)
    return Chart(caption, ("Đã trả lời", "Không tiếp nhận, được rút", "Đang xử lý"), bars)


def plain(value: int) -> str:
    """A figure in a table: no leading 0, thousands with a point."""
    return count(value) if value >= 10 else str(value)
