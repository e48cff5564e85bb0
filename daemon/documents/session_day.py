"""What the secretariat and the chair hold in their hands on the day: run sheet, question cards, prefilled minutes."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.documents.inputs import RunSheetInput, ScriptQuestion
from daemon.documents.model import Align, Column, Document, Table
from daemon.documents.templates import Texts, shipped

OPENING, CLOSING = 10, 5
"""Minutes before the first question and after the last."""
LONGEST_CELL = 70


def build_run_sheet(given: RunSheetInput, texts: Texts | None = None) -> Document:
    """One page: the order of the questions, from which minute on, and who answers."""
    values = {"s": given.session, "i": given}
    return (texts or shipped()).document("run_sheet", given.filing, values, {"order": (_order(given),)})


def build_cards(given: RunSheetInput, texts: Texts | None = None) -> Document:
    """One card a question, with the answer that was prepared."""
    return (texts or shipped()).document("question_cards", given.filing, {"s": given.session, "i": given})


def build_minutes(given: RunSheetInput, texts: Texts | None = None) -> Document:
    """The minutes, with every question in them; what is written behind it is read back from a mail."""
    return (texts or shipped()).document("minutes", given.filing, {"s": given.session, "i": given})


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
    """Who signed the prepared answer, else the leader of its body who sits in the session."""
    for one in question.answers:
        if one.signer:
            return ", ".join(part for part in (one.signer, one.signer_title, one.body) if part)
    bodies = {one.body for one in question.answers} | {question.unit}
    named = [f"{name}, {body}" for name, body in leaders if body in bodies]
    return "; ".join(named) or question.unit or question.field
