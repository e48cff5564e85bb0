"""Routine papers: quarterly plan (16.1), half-year and annual report (22), review pack (11.6), evidence (23).

The printed register of clause 8.2: landscape, twenty columns, a line for the receiving officer's signature.
"""

from __future__ import annotations

from dataclasses import replace

from daemon.documents import tables_and_charts
from daemon.documents.inputs import require
from daemon.documents.markup import NONE, clause, day
from daemon.documents.model import Align, Block, Column, Document, Signature, Table
from daemon.documents.report_inputs import (
    EvidenceInput,
    EvidenceRow,
    Figures,
    PlannedSession,
    QuarterlyPlanInput,
    RegisterInput,
    ReportInput,
    ReviewInput,
)
from daemon.documents.session_papers import task_table
from daemon.documents.templates import Texts, shipped

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
    values = {"i": given, "g": given.figures, "t": tables_and_charts.totals(given.figures)}
    return (texts or shipped()).document("report", given.filing, values, _figures(given.figures))


def build_review_pack(given: ReviewInput, texts: Texts | None = None) -> Document:
    """The pack for the yearly review meeting (11.6): agenda, figures, what to discuss, directions."""
    fields = {
        "place (địa điểm)": given.place,
        "agenda (chương trình)": given.agenda,
        "invited (thành phần)": given.invited,
    }
    require("review pack", "11.6", fields)
    values = {"i": given, "g": given.figures, "t": tables_and_charts.totals(given.figures)}
    return (texts or shipped()).document("review_pack", given.filing, values, _figures(given.figures))


def build_evidence(given: EvidenceInput, texts: Texts | None = None) -> Document:
    """What a unit answered late or not at all, case by case (23). ValueError when figures and cases disagree."""
    tables_and_charts.check_unit(given.figures)
    late = sum(1 for row in given.rows if row.answered_on is not None)
    missing = len(given.rows) - late
    if (late, missing) != (given.figures.late, given.figures.overdue):
        raise ValueError(f"figures of {given.figures.unit!r} and the cases listed do not agree")
    made = {
        "figures": (tables_and_charts.unit_table((given.figures,)),),
        "cases": (_case_table(given.rows),) if given.rows else (),
    }
    values = {"i": given, "u": given.figures, "late": late, "missing": missing}
    return (texts or shipped()).document("evidence", given.filing, values, made)


def _figures(given: Figures) -> dict[str, tuple[Block, ...]]:
    return {
        "sessions": (tables_and_charts.session_table(given.sessions),),
        "units": (
            tables_and_charts.unit_table(given.units),
            tables_and_charts.unit_chart(
                given.units, "Biểu đồ 1. Tình hình trả lời của các cơ quan, đơn vị (số câu hỏi)"
            ),
        ),
        "fields": (
            tables_and_charts.field_table(given.fields),
            tables_and_charts.field_chart(given.fields, "Biểu đồ 2. Câu hỏi theo lĩnh vực (số câu hỏi)"),
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
            tables_and_charts.LEVELS.get(one.level, one.level),
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
        Column("TT", 8, Align.CENTRE),
        Column("Số câu hỏi, nội dung", 42),
        Column("Ngày chuyển", 22, Align.CENTRE),
        Column("Hạn trả lời (căn cứ Quy chế)", 30, Align.CENTRE),
        Column("Ngày trả lời", 22, Align.CENTRE),
        Column("Số ngày chậm", 15, Align.CENTRE),
        Column("Đã nhắc, đôn đốc", 22, Align.CENTRE),
        Column("Lý do đơn vị nêu", 24),
    )
    return Table(columns, tuple(_case(place, row) for place, row in enumerate(rows, start=1)), size=10.5)


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
    table = Table(given.columns, given.rows, size=SIZE, numbered=True)
    document = (texts or shipped()).document("register", given.filing, {"i": given}, {"register": (table,)})
    keeper = Signature(("NGƯỜI LẬP SỔ",), given.keeper)
    return replace(document, landscape=True, left_signature=keeper)
