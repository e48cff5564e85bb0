"""Letters to a unit: questions handed over (10.1.c, 10.1.g) and answers urged (16.2)."""

from __future__ import annotations

from daemon.documents.completeness import require
from daemon.documents.inputs import AskedQuestion, ForwardingInput, OpenQuestion, UrgingInput
from daemon.documents.model import Align, Column, Document, Table
from daemon.documents.texts import Texts, shipped
from daemon.documents.words import day, moment


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
