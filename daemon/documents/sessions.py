"""The papers that begin a session: proposal of topic and chair, plan, portal notice (Articles 5, 7, 9, 10)."""

from __future__ import annotations

from dataclasses import replace

from daemon.documents.completeness import leader_fields, require, session_fields
from daemon.documents.inputs import Leader, PlanInput, PortalNoticeInput, ProposalInput, Step, Task
from daemon.documents.model import Align, Column, Document, Table
from daemon.documents.texts import Texts, shipped
from daemon.documents.words import NONE, clause, day, weekday


def build_proposal(given: ProposalInput, texts: Texts | None = None) -> Document:
    """The proposal of topic and chair (7.1, 7.2, 11.1). Raises IncompleteDocument naming what is empty."""
    fields = {**dict(session_fields(given.session)), "who decides (nơi trình)": given.decides}
    fields["reasons (lý do)"] = given.reasons
    number = "7.1" if given.session.level == "city" else "7.2"
    require("proposal", number, fields)
    values = {"s": given.session, "i": given, "norm": number}
    return (texts or shipped()).document("proposal", given.filing, values)


def build_plan(given: PlanInput, texts: Texts | None = None) -> Document:
    """The plan (9.2). Raises IncompleteDocument naming every empty field of 9.2."""
    session = given.session
    require(
        "plan",
        "9.2",
        {
            **dict(session_fields(session)),
            "purpose (mục đích)": given.purpose,
            "requirements (yêu cầu)": given.requirements,
            "duration (thời lượng)": session.minutes,
            "place (địa điểm)": session.place,
            "manner (cách thức tổ chức)": given.manner,
            **dict(leader_fields(given.leaders)),
            "coordination (trách nhiệm phối hợp)": tuple(f"{task.body}" for task in given.coordination),
            "tasks of coordination (nội dung phối hợp)": tuple(task.text for task in given.coordination),
        },
    )
    made = {
        "leaders": (leader_table(given.leaders),),
        "tasks": (task_table(given.coordination),),
        "steps": (step_table(given.steps),) if given.steps else (),
    }
    return (texts or shipped()).document("plan", given.filing, {"s": session, "i": given}, made)


def build_portal_notice(given: PortalNoticeInput, texts: Texts | None = None) -> Document:
    """The notice that the portal posts (5.3): topic, chair, time, how to send questions."""
    session = given.session
    require(
        "portal notice",
        "5.3",
        {
            **dict(session_fields(session)),
            "duration (thời lượng)": session.minutes,
            "ways to send questions (cách thức tiếp nhận câu hỏi)": given.ways,
        },
    )
    return (texts or shipped()).document("portal_notice", given.filing, {"s": session, "i": given})


def leader_table(leaders: tuple[Leader, ...]) -> Table:
    """Full name and position of each leader who answers (9.2)."""
    columns = (
        Column("TT", 10, Align.CENTRE),
        Column("Họ và tên", 45),
        Column("Chức vụ", 50),
        Column("Cơ quan, đơn vị", 55),
    )
    rows = tuple(
        (str(number), leader.name, leader.title, leader.body or NONE)
        for number, leader in enumerate(leaders, start=1)
    )
    return Table(columns, rows)


def task_table(tasks: tuple[Task, ...]) -> Table:
    """Who coordinates, what, until when (9.2)."""
    columns = (
        Column("TT", 10, Align.CENTRE),
        Column("Cơ quan, đơn vị", 45),
        Column("Nội dung thực hiện, phối hợp", 80),
        Column("Thời hạn", 25, Align.CENTRE),
    )
    rows = tuple((str(number), task.body, task.text, day(task.by)) for number, task in enumerate(tasks, start=1))
    if not any(task.by for task in tasks):  # a column of dashes tells nobody anything
        return Table(
            (*columns[:2], replace(columns[2], width=columns[2].width + columns[3].width)),
            tuple(row[:3] for row in rows),
        )
    return Table(columns, rows)


def step_table(steps: tuple[Step, ...]) -> Table:
    """The dated duties of the session, each with its norm (Article 10)."""
    columns = (
        Column("TT", 10, Align.CENTRE),
        Column("Công việc", 68),
        Column("Chậm nhất", 34, Align.CENTRE),
        Column("Căn cứ Quy chế", 48),
    )
    rows = tuple(
        (str(number), step.duty, capital(weekday(step.due.on)), capital(clause(step.due.clause)))
        for number, step in enumerate(steps, start=1)
    )
    return Table(columns, rows)


def capital(text: str) -> str:
    """The text with its first letter in capitals, the rest as it stands."""
    return text[:1].upper() + text[1:]
