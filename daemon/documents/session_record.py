"""What was asked and answered in a session: a paper for the Head, an article for the portal, a text for the press.

The article and the press text say what the approved paper says, so that nobody writes it a third time (5.2, 10.1.l).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from html import escape

from daemon.documents.inputs import RecordInput, ScriptQuestion, require, session_fields
from daemon.documents.markup import clock, day
from daemon.documents.model import Document
from daemon.documents.templates import Texts, shipped
from rules.law.session_rules import PaperFile


def build_record(given: RecordInput, texts: Texts | None = None) -> Document:
    """The paper. Raises ``IncompleteDocument`` naming every empty field."""
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
    """Who answered, and what."""
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
