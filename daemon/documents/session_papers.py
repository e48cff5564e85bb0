"""Papers of one session, from its proposal to its record.

Before it: proposal of topic and chair, plan, portal notice (Articles 5, 7, 9, 10), letters to a unit that forward
questions (10.1.c, 10.1.g) or urge answers (16.2), and the script (9.3): questions by field and topic, similar ones
linked, with the bodies' answers. On its day: run sheet, question cards and prefilled minutes.

After it the record of questions and answers: a paper for the Head, an article for the portal, a text for the press.
Article and press text repeat the approved paper, so that nobody has to write it again (5.2, 10.1.l).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from daemon.documents.forms.values import deciding_clause, minutes_signature, values_of
from daemon.documents.inputs import (
    AskedQuestion,
    ForwardingInput,
    Leader,
    OpenQuestion,
    PlanInput,
    PortalNoticeInput,
    ProposalInput,
    RecordInput,
    RunSheetInput,
    ScriptInput,
    ScriptQuestion,
    Step,
    Task,
    UrgingInput,
    leader_fields,
    require,
    session_fields,
)
from daemon.documents.making import Texts, shipped
from daemon.documents.markup import NONE, capital, clause, clock, day, moment, weekday
from daemon.documents.model import Align, Block, Column, Document, Table
from rules.law.session_rules import PaperFile


def build_forwarding_letter(given: ForwardingInput, texts: Texts | None = None) -> Document:
    """The letter that forwards questions to a unit, with the questions as its annex."""
    require("forwarding letter", "10.1.c", {"unit (đơn vị)": given.unit, "questions (câu hỏi)": _contents(given)})
    made = {"questions": (_asked_table(given.questions),)}
    values = {"i": given, "due": given.due, "s": given.session}
    return (texts or shipped()).document("forwarding_letter", given.filing, values, made)


def build_urging_letter(given: UrgingInput, texts: Texts | None = None) -> Document:
    """The letter that urges a late unit (16.2): what it owes, since when, and by which norm."""
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
    """The proposal of topic and chair (7.1, 7.2, 11.1). Raises IncompleteDocument naming the empty fields."""
    fields = {**dict(session_fields(given.session)), "who decides (nơi trình)": given.decides}
    fields["reasons (lý do)"] = given.reasons
    require("proposal", deciding_clause(given.session), fields)
    return (texts or shipped()).document("proposal", given.filing, values_of(given))


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
    made: dict[str, tuple[Block, ...]] = {
        "leaders": (leader_table(given.leaders),),
        "tasks": (task_table(given.coordination),),
    }
    if given.steps:
        made["steps"] = (step_table(given.steps),)
    return (texts or shipped()).document("plan", given.filing, values_of(given), made)


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
    return (texts or shipped()).document("portal_notice", given.filing, values_of(given))


LEADER_COLUMNS = (
    Column("TT", 10, Align.CENTRE),
    Column("Họ và tên", 45),
    Column("Chức vụ", 50),
    Column("Cơ quan, đơn vị", 55),
)
TASK_COLUMNS = (
    Column("TT", 10, Align.CENTRE),
    Column("Cơ quan, đơn vị", 45),
    Column("Nội dung thực hiện, phối hợp", 80),
    Column("Thời hạn", 25, Align.CENTRE),
)
UNDATED_TASK_COLUMNS = (*TASK_COLUMNS[:2], Column("Nội dung thực hiện, phối hợp", 105))
"""The same columns where no task has a day: a column of dashes would say nothing."""
STEP_COLUMNS = (
    Column("TT", 10, Align.CENTRE),
    Column("Công việc", 68),
    Column("Chậm nhất", 34, Align.CENTRE),
    Column("Căn cứ Quy chế", 48),
)


def leader_table(leaders: tuple[Leader, ...]) -> Table:
    """Full name and position of each leader who answers (9.2)."""
    rows = tuple(
        (str(number), leader.name, leader.title, leader.body or NONE)
        for number, leader in enumerate(leaders, start=1)
    )
    return Table(LEADER_COLUMNS, rows)


def task_table(tasks: tuple[Task, ...]) -> Table:
    """The coordinating body of each task, the task, and its day (9.2)."""
    rows = tuple((str(number), task.body, task.text, day(task.by)) for number, task in enumerate(tasks, start=1))
    if not any(task.by for task in tasks):
        return Table(UNDATED_TASK_COLUMNS, tuple(row[:3] for row in rows))
    return Table(TASK_COLUMNS, rows)


def step_table(steps: tuple[Step, ...]) -> Table:
    """The dated duties of the session, each with its norm (Article 10)."""
    rows = tuple(
        (str(number), step.duty, capital(weekday(step.due.on)), capital(clause(step.due.clause)))
        for number, step in enumerate(steps, start=1)
    )
    return Table(STEP_COLUMNS, rows)


def build_script(given: ScriptInput, texts: Texts | None = None) -> Document:
    """The script. Questions without an answer stay in it, marked as gaps; ValueError for an unknown link."""
    contents = tuple(question.text for question in given.questions)
    require("script", "9.3", {**dict(session_fields(given.session)), "questions (câu hỏi)": contents})
    made: dict[str, tuple[Block, ...]] = {"leaders": (leader_table(given.leaders),)} if given.leaders else {}
    return (texts or shipped()).document("script", given.filing, values_of(given), made)


OPENING, CLOSING = 10, 5
"""Minutes before the first question and after the last."""
LONGEST_CELL = 70


def build_run_sheet(given: RunSheetInput, texts: Texts | None = None) -> Document:
    """One page: the order of the questions, the minute at which each begins, and who answers."""
    values = {"s": given.session, "i": given}
    return (texts or shipped()).document("run_sheet", given.filing, values, {"order": (_order(given),)})


def build_cards(given: RunSheetInput, texts: Texts | None = None) -> Document:
    """One card per question, with the answer that was prepared."""
    return (texts or shipped()).document("question_cards", given.filing, {"s": given.session, "i": given})


def build_minutes(given: RunSheetInput, texts: Texts | None = None) -> Document:
    """The minutes, with every question in them; officers' notes behind each question are read back from a mail."""
    filing = replace(given.filing, signature=minutes_signature(given.session))
    return (texts or shipped()).document("minutes", filing, values_of(given))


def _order(given: RunSheetInput) -> Table:
    columns = (
        Column("TT", 9, Align.CENTRE),
        Column("Phút", 18, Align.CENTRE),
        Column("Nội dung", 92),
        Column("Người trả lời", 51),
    )
    left = max(given.session.minutes - OPENING - CLOSING, 0)
    each = left / max(len(given.questions), 1)
    rows = [("", f"0–{OPENING}", "Khai mạc, giới thiệu", "Người chủ trì")]
    for number, one in enumerate(given.questions, start=1):
        start = OPENING + int(each * (number - 1))
        rows.append((str(number), f"{start}–{OPENING + int(each * number)}", _short(one), _who(one, given.leaders)))
    rows.append(
        ("", f"{given.session.minutes - CLOSING}–{given.session.minutes}", "Kết luận, bế mạc", "Người chủ trì")
    )
    return Table(columns, tuple(rows), size=9)


def _short(question: ScriptQuestion) -> str:
    text = " ".join(question.text.split())
    shown = text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL].rsplit(' ', 1)[0]} …"
    return f"{question.code}: {shown}"


def _who(question: ScriptQuestion, leaders: Sequence[tuple[str, str]]) -> str:
    """The signer of the prepared answer, else the leader of its body who takes part in the session."""
    for one in question.answers:
        if one.signer:
            return ", ".join(part for part in (one.signer, one.signer_title, one.body) if part)
    bodies = {one.body for one in question.answers} | {question.unit}
    named = [f"{name}, {body}" for name, body in leaders if body in bodies]
    return "; ".join(named) or question.unit or question.field


def build_record(given: RecordInput, texts: Texts | None = None) -> Document:
    """The record as a paper. Raises ``IncompleteDocument`` naming every empty field."""
    contents = tuple(one.text for one in given.questions)
    fields = {**dict(session_fields(given.session)), "questions (câu hỏi được trả lời tại phiên)": contents}
    require("record", "10.1.l", fields)
    return (texts or shipped()).document("session_record", given.filing, {"s": given.session, "i": given})


def article_files(given: RecordInput, stem: str) -> tuple[PaperFile, ...]:
    """The article as HTML and the text for the press, as files of the paper."""
    made = (
        (f"{stem}-bai-dang.html", "text/html", _article(given)),
        (f"{stem}-thong-cao.txt", "text/plain", _press(given)),
    )
    return tuple(
        PaperFile(name, kind, hashlib.sha256(text.encode()).hexdigest(), text.encode()) for name, kind, text in made
    )


def _said(question: ScriptQuestion) -> Iterator[tuple[str, str]]:
    """Each answering person, and the answer."""
    for one in question.answers:
        who = ", ".join(part for part in (one.signer, one.signer_title) if part)
        yield " – ".join(part for part in (one.body, who) if part) or "Trả lời tại phiên", one.text


def _article(given: RecordInput) -> str:
    session = given.session
    head = f"Hỏi, đáp tại phiên đối thoại trực tuyến “{session.topic}”"
    lines = [
        "<!doctype html>",
        '<html lang="vi"><head><meta charset="utf-8">',
        f"<title>{escape(head)}</title></head><body><article>",
        f"<h1>{escape(head)}</h1>",
        f"<p>Phiên đối thoại diễn ra từ {clock(given.started)} đến {clock(given.ended)}, {day(given.started)}, "
        f"do {escape(session.chair.shown)} chủ trì.</p>",
        "<!-- Chèn ảnh và video của phiên tại đây. -->",
    ]
    for number, one in enumerate(given.questions, start=1):
        lines.append(f"<section><h2>Câu {number}</h2><blockquote>{_paragraphs(one.text)}</blockquote>")
        lines += [f"<p><strong>{escape(who)}:</strong></p>{_paragraphs(text)}" for who, text in _said(one)]
        lines.append("</section>")
    return "\n".join([*lines, "</article></body></html>", ""])


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def _press(given: RecordInput) -> str:
    session = given.session
    lines = [
        "THÔNG TIN GỬI BÁO CHÍ",
        "",
        f"{given.filing.board} tổ chức phiên đối thoại trực tuyến “{session.topic}” từ {clock(given.started)} đến "
        f"{clock(given.ended)}, {day(given.started)}, tại {session.place}, do {session.chair.shown} chủ trì.",
        f"Tại phiên có {len(given.questions)} câu hỏi được trả lời"
        + (f"; {len(given.later)} câu hỏi được trả lời bằng văn bản sau phiên." if given.later else "."),
        "",
    ]
    for number, one in enumerate(given.questions, start=1):
        lines.append(f"{number}. {' '.join(one.text.split())}")
        lines += [f"   {who}: {' '.join(text.split())}" for who, text in _said(one)]
    return "\n".join([*lines, ""])
