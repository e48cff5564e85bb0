"""A session's form as data, checked; and a session proposed by a mail that carries the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from daemon.errors import DoithoaiError, PermanentError
from daemon.house import Office
from daemon.mailin.parse import attachment_bytes
from db import sessions
from rules.actions import Action, Finish, Folder, MailStatus
from rules.calendar import CITY_ZONE
from rules.facts import MailFacts
from rules.loader import Source
from rules.model import Fate, Kind
from rules.session import SessionForm
from rules.session_text import WrittenForm, form_words, is_form, read_text
from rules.workflow.notices import to_people
from rules.workflow.orders import is_order
from rules.workflow.review import hold

MOST = 64_000
"""Bytes of an attached form."""


def read_form(given: Mapping[str, Any]) -> SessionForm:
    """The form checked; times without a zone are the city's. Raises ``PermanentError`` naming key and fault."""
    try:
        form = sessions.form_adapter().validate_python(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "form"
        raise PermanentError(f"session form: {place}: {first['msg']}") from None
    if form.start.tzinfo is None:
        form = replace(form, start=form.start.replace(tzinfo=CITY_ZONE))
    units = form.units or ((form.unit,) if form.level == "unit" and form.unit else ())
    return replace(form, start=form.start.astimezone(UTC), units=units)


def form_in(office: Office, known: MailFacts, raw: bytes) -> WrittenForm | None:
    """The form in a mail of an officer or the Head, attached as ``.toml`` or written in it; None without."""
    person = known.person
    if person is None or person.role not in {"officer", "head"} or known.duplicate_of or known.approval is not None:
        return None
    for one in known.mail.attachments:
        if one.name.lower().endswith(".toml") and one.size <= MOST:
            text = attachment_bytes(raw, one.part).decode("utf-8", "replace")
            return read_text(text, office.house.units, office.house.source)
    text = known.understanding.text.ordered
    return read_text(text, office.house.units, office.house.source) if is_form(text, office.house.source) else None


def propose_by_mail(
    connection: Connection, office: Office, known: MailFacts, form: WrittenForm, now: datetime
) -> tuple[Action, ...]:
    """Propose the session and answer with what was understood, or with what is wrong; nothing is half done."""
    if len(known.mail.senders) != 1 or known.unproven or not (known.authenticated or is_order(known)):
        why = known.unproven or "không xác thực được người gửi; xin gửi bằng cách trả lời một thư của hệ thống"
        return hold(known, now, f"Đề xuất phiên đối thoại {why}")
    ok, text = _proposed(connection, office, known, form)
    results = [{"command": f"Đề xuất phiên đối thoại “{form.values.get('topic', '')}”", "ok": ok, "text": text}]
    people = [known.person] if known.person else []
    why = "Đề xuất phiên đối thoại: " + ("đã ghi nhận" if ok else "chưa ghi nhận")
    return (
        *to_people("officer_done", people, "7.1", {"results": results}, key=str(known.raw_mail)),
        Finish(
            MailStatus.DONE, Fate.ATTACH, Kind.COMMAND, Folder.OTHER, why, trace=known.understanding.trace
        ),
    )  # fmt: skip


def _proposed(connection: Connection, office: Office, known: MailFacts, form: WrittenForm) -> tuple[bool, str]:
    from daemon.session_desk import SessionDesk  # it imports the passes that import this

    if form.faults:
        return False, "; ".join(form.faults)
    desk = SessionDesk(connection.engine, office, known.mail.sender.email)
    try:
        with connection.begin_nested():
            session, notes = desk.propose_on(connection, read_form(form.values))
    except DoithoaiError as error:
        return False, _in_vietnamese(str(error), office.house.source)
    shown = form_words(office.house.source)["shown"]
    understood = ", ".join(name for key, name in shown.items() if form.values.get(key))
    at = session.starts_at.astimezone(CITY_ZONE)
    lines = [f"Đã ghi nhận phiên {session.code}, {at:%H:%M ngày %d/%m/%Y}, {session.form.minutes} phút", *notes]
    missing = [name for key, name in shown.items() if not getattr(session.form, key, None)]
    lines.append(f"các mục đã đọc được: {understood}")
    if missing:
        lines.append(f"các mục còn trống: {', '.join(missing)}")
    return True, "; ".join(one.rstrip(".") for one in lines)


def _in_vietnamese(fault: str, source: Source) -> str:
    words = form_words(source)
    found = [said for pattern, said in words["faults"].items() if pattern in fault]
    named = [f"mục “{name}” thiếu hoặc không hợp lệ" for key, name in words["shown"].items() if f"{key}:" in fault]
    named += [f"mục “{name}” còn trống" for key, name in words["shown"].items() if f"{key} (" in fault]
    return "; ".join(dict.fromkeys([*found, *named])) or fault
