"""The script of a session (9.3): questions by field and topic, like ones linked, with the bodies' answers.

Letters to a unit: questions handed over (10.1.c, 10.1.g) and answers urged (16.2).

The papers that begin a session: proposal of topic and chair, plan, portal notice (Articles 5, 7, 9, 10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from daemon.documents.inputs import (
    AskedQuestion,
    BodyAnswer,
    ForwardingInput,
    Leader,
    OpenQuestion,
    PlanInput,
    PortalNoticeInput,
    ProposalInput,
    ScriptInput,
    ScriptQuestion,
    Step,
    Task,
    UrgingInput,
    leader_fields,
    require,
    session_fields,
)
from daemon.documents.markup import NONE, clause, day, moment, weekday
from daemon.documents.model import Align, Column, Document, Table
from daemon.documents.templates import Texts, shipped


def build_forwarding_letter(given: ForwardingInput, texts: Texts | None = None) -> Document:
    """The letter that hands questions to a unit, with the questions as its annex."""
    require("forwarding letter", "10.1.c", {"unit (đơn vị)": given.unit, "questions (câu hỏi)": _contents(given)})
    made = {"questions": (_asked_table(given.questions),)}
    values = {"i": given, "due": given.due, "s": given.session}
    return (texts or shipped()).document("forwarding_letter", given.filing, values, made)


def build_urging_letter(given: UrgingInput, texts: Texts | None = None) -> Document:
    """The letter that urges a late unit (16.2), with what is owed, since when, and by which norm."""
    codes = tuple(question.code for question in given.questions)
    require("urging letter", "16.2", {"unit (đơn vị)": given.unit, "questions (câu hỏi)": codes})
    made = {"questions": (_late_table(given.questions),)}
    return (texts or shipped()).document("urging_letter", given.filing, {"i": given}, made)


def _contents(given: ForwardingInput) -> tuple[str, ...]:
    return tuple(question.content for question in given.questions)


def _asked_table(questions: tuple[AskedQuestion, ...]) -> Table:
    columns = (
        Column("TT", 9, Align.CENTRE),
        Column("Số, thời điểm nhận", 34, Align.CENTRE),
        Column("Người hỏi, địa chỉ, liên hệ", 43),
        Column("Nội dung câu hỏi", 74),
    )
    rows = tuple(
        (str(number), f"{one.code}\n{moment(one.received_at)}", _asker(one), _content(one))
        for number, one in enumerate(questions, start=1)
    )
    return Table(columns, rows, size=11)


def _asker(question: AskedQuestion) -> str:
    lines = (question.asker, question.address, question.phone, question.email)
    return "\n".join(line for line in lines if line)


def _content(question: AskedQuestion) -> str:
    files = f"(Tệp kèm theo: {', '.join(question.files)})" if question.files else ""
    field = f"Lĩnh vực: {question.field}" if question.field else ""
    return "\n".join(part for part in (field, question.subject, question.content, files) if part)


def _late_table(questions: tuple[OpenQuestion, ...]) -> Table:
    columns = (
        Column("TT", 9, Align.CENTRE),
        Column("Số câu hỏi", 36, Align.CENTRE),
        Column("Nội dung", 46),
        Column("Ngày chuyển", 25, Align.CENTRE),
        Column("Hạn trả lời", 25, Align.CENTRE),
        Column("Số ngày chậm", 19, Align.CENTRE),
    )
    rows = tuple(
        (str(number), one.code, one.subject, day(one.forwarded_on), day(one.due.on), str(one.days_late))
        for number, one in enumerate(questions, start=1)
    )
    return Table(columns, rows, size=12)


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


@dataclass(frozen=True, slots=True)
class Entry:
    """A question as the script reads it out; ``asked`` counts it and all that are like it."""

    number: int
    question: ScriptQuestion
    like: tuple[ScriptQuestion, ...]
    answers: tuple[BodyAnswer, ...]

    @property
    def asked(self) -> int:
        """How many asked this."""
        return 1 + len(self.like)


@dataclass(frozen=True, slots=True)
class Topic:
    """The entries of one topic, the most asked first."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """The topics of one field."""

    name: str
    topics: tuple[Topic, ...]


def build_script(given: ScriptInput, texts: Texts | None = None) -> Document:
    """The script. Questions without an answer stay in it and are named as gaps; ValueError for an unknown link."""
    contents = tuple(question.text for question in given.questions)
    require("script", "9.3", {**dict(session_fields(given.session)), "questions (câu hỏi)": contents})
    fields = grouped(given.questions)
    values = {
        "s": given.session,
        "i": given,
        "fields": fields,
        "gaps": unanswered(fields),
        "entries": sum(len(topic.entries) for field in fields for topic in field.topics),
    }
    made = {"leaders": (leader_table(given.leaders),) if given.leaders else ()}
    return (texts or shipped()).document("script", given.filing, values, made)


def grouped(questions: Sequence[ScriptQuestion]) -> tuple[Field, ...]:
    """Fields and topics in order of first appearance; entries numbered through, the most asked first (9.1)."""
    roots = _roots(questions)
    fields: list[Field] = []
    number = 0
    for name in dict.fromkeys(one.field for one in roots):
        topics: list[Topic] = []
        for topic in dict.fromkeys(one.topic for one in roots if one.field == name):
            entries = _entries([one for one in roots if (one.field, one.topic) == (name, topic)], roots, number)
            number += len(entries)
            topics.append(Topic(topic, entries))
        fields.append(Field(name, tuple(topics)))
    return tuple(fields)


def unanswered(fields: Sequence[Field]) -> tuple[Entry, ...]:
    """The entries to which no body has given its answer yet."""
    entries = (entry for field in fields for topic in field.topics for entry in topic.entries)
    return tuple(entry for entry in entries if not any(answer.text.strip() for answer in entry.answers))


def _roots(questions: Sequence[ScriptQuestion]) -> dict[ScriptQuestion, list[ScriptQuestion]]:
    """Each question that stands for itself, with those that are like it, links followed to their end."""
    by_code = {one.code: one for one in questions}
    if len(by_code) != len(questions):
        raise ValueError("a register number stands twice in the script")
    roots: dict[ScriptQuestion, list[ScriptQuestion]] = {one: [] for one in questions if not one.same_as}
    for one in questions:
        if one.same_as:
            roots[_root(one, by_code)].append(one)
    return roots


def _root(question: ScriptQuestion, by_code: dict[str, ScriptQuestion]) -> ScriptQuestion:
    seen = {question.code}
    while question.same_as:
        if question.same_as not in by_code:
            raise ValueError(f"question {question.code} is linked to {question.same_as}, which is not in the script")
        question = by_code[question.same_as]
        if question.code in seen:
            raise ValueError(f"question {question.code} is linked to itself")
        seen.add(question.code)
    return question


def _entries(
    own: list[ScriptQuestion], roots: dict[ScriptQuestion, list[ScriptQuestion]], before: int
) -> tuple[Entry, ...]:
    ranked = sorted(own, key=lambda one: -len(roots[one]))
    return tuple(
        Entry(before + place, one, tuple(roots[one]), _answers(one, roots[one]))
        for place, one in enumerate(ranked, start=1)
    )


def _answers(question: ScriptQuestion, like: list[ScriptQuestion]) -> tuple[BodyAnswer, ...]:
    """Every different answer to the question or to one that is like it."""
    given = (answer for one in (question, *like) for answer in one.answers)
    return tuple(dict.fromkeys(given))
