"""Papers of the day of a session: run sheet, question cards and prefilled minutes before it, the record after it.

The record holds the questions and answers: a paper for the Head, an article for the portal, a text for the press.
Article and press text repeat the approved paper, so that nobody has to write it again (5.2, 10.1.l).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from daemon.documents.forms.values import minutes_signature, values_of
from daemon.documents.inputs import RecordInput, RunSheetInput, ScriptQuestion, require, session_fields
from daemon.documents.markup import clock, day
from daemon.documents.model import Align, Column, Document, Table
from daemon.documents.templates import Texts, shipped
from rules.law.session_rules import PaperFile

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
