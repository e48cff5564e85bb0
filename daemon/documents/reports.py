"""Routine papers: quarterly plan (16.1), half-year and annual report (22), review pack (11.6), evidence (23).

Their tables and charts show counted figures; a sum is always computed here, never taken over. Also the printed
register of clause 8.2: landscape, twenty columns, a line for the receiving officer's signature.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from daemon.documents.inputs import require
from daemon.documents.making import Texts, shipped
from daemon.documents.markup import NONE, clause, count, day, percent
from daemon.documents.model import Align, Bar, Block, Chart, Column, Document, Signature, Table
from daemon.documents.report_inputs import (
    EvidenceInput,
    EvidenceRow,
    FieldFigures,
    Figures,
    HeldSession,
    PlannedSession,
    QuarterlyPlanInput,
    RegisterInput,
    ReportInput,
    ReviewInput,
    UnitFigures,
)
from daemon.documents.session_papers import task_table

LEVELS = {"city": "Thành phố", "unit": "Sở, ngành, địa phương"}


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums for a report's sentences; ``asked`` counts questions, ``forwarded`` items given to units."""

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
        """The share of answers in time among all answers."""
        return percent(self.in_time, self.in_time + self.late)

    @property
    def answered_share(self) -> str:
        """The share of answered questions among all questions."""
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
    """One row per unit, and the sum."""
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
    """One row per field, and the sum."""
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
    """One row per session that was held."""
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
    """The chart of the units' answers."""
    bars = tuple(Bar(one.unit, (one.in_time, one.late, one.open)) for one in units)
    return Chart(caption, ("Trả lời đúng hạn", "Trả lời chậm", "Chưa trả lời"), bars)


def field_chart(fields: Iterable[FieldFigures], caption: str) -> Chart:
    """The chart of the questions by field."""
    bars = tuple(Bar(one.field, (one.answered, one.rejected, one.open)) for one in fields)
    return Chart(caption, ("Đã trả lời", "Không tiếp nhận, được rút", "Đang xử lý"), bars)


def plain(value: int) -> str:
    """A figure in a table: no leading 0, thousands with a point."""
    return count(value) if value >= 10 else str(value)


QUARTERS = range(1, 5)


def build_quarterly_plan(given: QuarterlyPlanInput, texts: Texts | None = None) -> Document:
    """The plan of a quarter, which the Office follows. Raises IncompleteDocument or ValueError (no such quarter)."""
    if given.quarter not in QUARTERS:
        raise ValueError(f"a year has quarters 1 to 4, not {given.quarter}")
    require("quarterly plan", "16.1", {"tasks (phân công)": tuple(task.text for task in given.tasks)})
    made = {"sessions": (_planned_table(given.sessions),), "tasks": (task_table(given.tasks),)}
    return (texts or shipped()).document("quarterly_plan", given.filing, {"i": given}, made)


def build_report(given: ReportInput, texts: Texts | None = None) -> Document:
    """The half-year or annual report (22): figures by session, unit and field, a chart of the last two."""
    require("report", "22", {"addressee (nơi nhận)": given.addressee})
    values = {"i": given, "g": given.figures, "t": totals(given.figures)}
    return (texts or shipped()).document("report", given.filing, values, _figures(given.figures))


def build_review_pack(given: ReviewInput, texts: Texts | None = None) -> Document:
    """The pack for the yearly review meeting (11.6): agenda, figures, points to discuss, directions."""
    fields = {
        "place (địa điểm)": given.place,
        "agenda (chương trình)": given.agenda,
        "invited (thành phần)": given.invited,
    }
    require("review pack", "11.6", fields)
    values = {"i": given, "g": given.figures, "t": totals(given.figures)}
    return (texts or shipped()).document("review_pack", given.filing, values, _figures(given.figures))


def build_evidence(given: EvidenceInput, texts: Texts | None = None) -> Document:
    """A unit's late and missing answers, case by case (23). ValueError when figures and cases disagree."""
    check_unit(given.figures)
    late = sum(1 for row in given.rows if row.answered_on is not None)
    missing = len(given.rows) - late
    if (late, missing) != (given.figures.late, given.figures.overdue):
        raise ValueError(f"figures of {given.figures.unit!r} and the cases listed do not agree")
    made = {
        "figures": (unit_table((given.figures,)),),
        "cases": (_case_table(given.rows),) if given.rows else (),
    }
    values = {"i": given, "u": given.figures, "late": late, "missing": missing}
    return (texts or shipped()).document("evidence", given.filing, values, made)


def _figures(given: Figures) -> dict[str, tuple[Block, ...]]:
    return {
        "sessions": (session_table(given.sessions),),
        "units": (
            unit_table(given.units),
            unit_chart(given.units, "Biểu đồ 1. Tình hình trả lời của các cơ quan, đơn vị (số câu hỏi)"),
        ),
        "fields": (
            field_table(given.fields),
            field_chart(given.fields, "Biểu đồ 2. Câu hỏi theo lĩnh vực (số câu hỏi)"),
        ),
    }


def _planned_table(sessions: tuple[PlannedSession, ...]) -> Table:
    columns = (
        Column("TT", 10, Align.CENTRE),
        Column("Thời gian dự kiến", 24, Align.CENTRE),
        Column("Cấp", 23),
        Column("Chủ đề", 42),
        Column("Chủ trì, cơ quan thực hiện", 37),
        Column("Ban hành kế hoạch", 24, Align.CENTRE),
        Column("Đăng thông báo", 24, Align.CENTRE),
    )
    rows = tuple(
        (
            str(place),
            day(one.on),
            LEVELS.get(one.level, one.level),
            one.topic,
            "\n".join(part for part in (one.chair, one.body) if part),
            day(one.plan_by),
            day(one.notice_by),
        )
        for place, one in enumerate(sessions, start=1)
    )
    return Table(
        columns, rows or (("", NONE, NONE, "Chưa có phiên đối thoại được đề xuất", NONE, NONE, NONE),), size=11
    )


def _case_table(rows: tuple[EvidenceRow, ...]) -> Table:
    columns = (
        Column("TT", 9, Align.CENTRE),
        Column("Số câu hỏi, nội dung", 34),
        Column("Ngày chuyển", 20, Align.CENTRE),
        Column("Hạn trả lời (căn cứ Quy chế)", 25, Align.CENTRE),
        Column("Ngày trả lời", 20, Align.CENTRE),
        Column("Số ngày chậm", 12, Align.CENTRE),
        Column("Đã nhắc, đôn đốc", 20, Align.CENTRE),
        Column("Lý do đơn vị nêu", 20),
    )
    return Table(columns, tuple(_case(place, row) for place, row in enumerate(rows, start=1)), size=9.5)


def _case(place: int, row: EvidenceRow) -> tuple[str, ...]:
    return (
        str(place),
        f"{row.code}\n{row.subject}",
        day(row.forwarded_on),
        f"{day(row.due.on)}\n({clause(row.due.clause)})",
        day(row.answered_on) if row.answered_on else "Chưa trả lời",
        str(row.days_late),
        "\n".join(day(one) for one in row.reminded) or NONE,
        row.reason or NONE,
    )


MOST_ROWS = 1500
"""Rows of one volume: typesetting more pages at once would take a gigabyte of memory."""
SIZE = 7.5
"""Points: twenty columns share the width of an A4 page."""


def build_register(given: RegisterInput, texts: Texts | None = None) -> Document:
    """The register of a period. The caller leaves sealed mails (denunciations) out (1.2).

    Raises ValueError for more rows than one volume holds.
    """
    if len(given.rows) > MOST_ROWS:
        raise ValueError(
            f"the register has {len(given.rows)} rows for one print (at most {MOST_ROWS}): shorten the period"
        )
    table = Table(given.columns, given.rows, size=SIZE, numbered=True)
    document = (texts or shipped()).document("register", given.filing, {"i": given}, {"register": (table,)})
    keeper = Signature(("NGƯỜI LẬP SỔ",), given.keeper)
    return replace(document, landscape=True, left_signature=keeper)
