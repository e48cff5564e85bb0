"""Sessions and duties as an iCalendar feed (RFC 5545); invitations (iTIP, RFC 5546) and the replies to them.

UIDs never change; SEQUENCE rises when a session or a day moves or a plan is replaced, so that a calendar program
follows. Instants are in UTC; due dates are whole days. Events hold numbers, units and topics; no name, address
or text of a citizen.

METHOD is REQUEST, or CANCEL when the session is called off or takes place without the recipient. Each invitation
names only its own recipient as ATTENDEE, so that nobody's address is shown to others. A reply (METHOD:REPLY) is data
of a stranger: it is read under a limit, only by the ``icalendar`` library, and never trusted to say who sent it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from daemon.base.logs import Log
from daemon.documents.forms.own_forms import Forms, invitation_letter
from daemon.documents.inputs import Filing, session_of
from daemon.documents.making import TYPES
from daemon.letters.filters import clause_short, unit_name
from daemon.letters.views import OutAttachment
from daemon.parsing.parse import attachment_bytes
from db.register import sessions
from db.register.sessions import Agenda, AgendaDuty, session_duties
from rules.decide.base.fact_parts import ACCEPTED, DECLINED, STEP, TENTATIVE
from rules.decide.base.facts import BoardFacts
from rules.decide.base.history import InvitationReply
from rules.law.session_rules import SessionFacts, SessionStatus
from rules.law.working_days import vn_date
from rules.text import clean_line
from rules.values.model import Attachment, Notice, ParsedMail, Recipient

if TYPE_CHECKING:
    from icalendar import Calendar, Event


log = Log("invitations")

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"
INVITED = frozenset({"unit", "leader"})
"""The roles that are invited to a session."""
INVITATION = "session_invitation"
REPLY_TYPES = frozenset({"text/calendar", "application/ics"})
MOST_BYTES = 64_000
LONGEST_COMMENT = 300
_METHOD = re.compile(rb"^METHOD:(?:REPLY|COUNTER)\b", re.IGNORECASE | re.MULTILINE)
_UID = re.compile(r"session-(P-20\d\d-\d{2,})@(.+)")
_ANSWERS = {"ACCEPTED": ACCEPTED, "DECLINED": DECLINED, "TENTATIVE": TENTATIVE}


def method_for(name: str, role: str, what: object) -> str:
    """The METHOD for an event in a notice: an invitation for the invited roles, PUBLISH for everybody else."""
    if role not in INVITED or name not in {INVITATION, "session_changed"}:
        return PUBLISH
    return CANCEL if what in {"cancelled", "uninvited"} else REQUEST


def invite(event: Event, board: BoardFacts, to: Recipient) -> None:
    """Turn the event into an invitation to one recipient: organizer and attendee (RFC 5546 §3.2.2)."""
    from icalendar import vCalAddress, vText  # noqa: PLC0415 - see ``icalendar._calendar``

    asks = vCalAddress(f"mailto:{board.mailbox}")
    asks.params["CN"] = vText(board.law.profile.roles["board"])
    event["organizer"] = asks
    asked = vCalAddress(f"mailto:{to.email}")
    asked.params["CN"] = vText(clean_line(to.name))
    asked.params["ROLE"] = vText("CHAIR" if to.role == "leader" else "REQ-PARTICIPANT")
    asked.params["PARTSTAT"] = vText("NEEDS-ACTION")
    asked.params["RSVP"] = vText("TRUE")
    event.add("attendee", asked)


def reply_in(raw: bytes, mail: ParsedMail, board: BoardFacts) -> InvitationReply | None:
    """The reply to an invitation of ours that a mail carries; None for any other mail."""
    for file in mail.attachments:
        if _is_calendar(file) and (found := _reply(attachment_bytes(raw, file.part), board)) is not None:
            return found
    return None


def _is_calendar(file: Attachment) -> bool:
    return file.size <= MOST_BYTES and (file.type in REPLY_TYPES or file.name.lower().endswith(".ics"))


def _reply(data: bytes, board: BoardFacts) -> InvitationReply | None:
    from icalendar import Calendar  # noqa: PLC0415 - the library is loaded where a calendar is read or written

    data = _without_zones(data)
    if not _METHOD.search(data):
        return None
    try:
        calendar = Calendar.from_ical(data)
        method = str(calendar.get("method", "")).strip().upper()
        events = calendar.walk("VEVENT")
        return _answer(events[0], method, board) if events and method in {"REPLY", "COUNTER"} else None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        log.failure("calendar_unread", error)
        return None


def _without_zones(data: bytes) -> bytes:
    """The calendar unfolded and without time zones: a reply needs none, and the library would cache them for ever."""
    kept, inside = [], False
    for line in re.sub(rb"\r?\n[ \t]", b"", data).splitlines():
        mark = line.strip().upper()
        inside = inside or mark == b"BEGIN:VTIMEZONE"
        if not inside:
            kept.append(line)
        inside = inside and mark != b"END:VTIMEZONE"
    return b"\r\n".join(kept) + b"\r\n"


def _answer(event: Any, method: str, board: BoardFacts) -> InvitationReply | None:
    match = _UID.fullmatch(str(event.get("uid", "")).strip())
    if match is None or match[2].lower() != board.mailbox.rpartition("@")[2].lower():
        return None
    attendee = _first(event.get("attendee"))
    text = str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper()
    answer = TENTATIVE if method == "COUNTER" else _ANSWERS.get(text, "")
    if not answer:
        return None
    return InvitationReply(
        match[1],
        answer,
        clean_line(str(_first(event.get("comment")) or ""))[:LONGEST_COMMENT],
        max(int(event.get("sequence", 0)), 0) % REPLANNED,
    )


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


PRODUCT = "-//doithoai//calendar//VI"
STATUS_NAMES = {
    SessionStatus.PROPOSED: "đang trình chủ đề",
    SessionStatus.TOPIC_APPROVED: "đã duyệt chủ đề",
    SessionStatus.PLAN_APPROVED: "đã duyệt kế hoạch",
    SessionStatus.PLAN_ISSUED: "đã ban hành kế hoạch",
    SessionStatus.ANNOUNCED: "đã thông báo",
    SessionStatus.SCRIPT_APPROVED: "đã duyệt kịch bản",
    SessionStatus.HELD: "đã tổ chức",
    SessionStatus.CLOSED: "đã kết thúc",
    SessionStatus.CANCELLED: "đã hủy",
}
REPLANNED = 1000 * STEP
"""What each replaced plan adds to SEQUENCE; a reply is read without it, as it is for the day that the steps tell."""
RANKS = {status: rank for rank, status in enumerate(SessionStatus)}
DONE = {"met": "đã xong", "late": "đã xong, quá hạn"}


def sequence(session: SessionFacts) -> int:
    """RFC 5545 §3.8.7.4: never lower than before.

    A moved session begins its states anew, one step higher; one whose plan is replaced does so on the same day.
    """
    return session.withdrawn_plans * REPLANNED + session.moves * STEP + RANKS[session.status]


def feed(found: Agenda, board: BoardFacts, stamp: datetime) -> bytes:
    """The whole calendar; ``stamp`` becomes DTSTAMP. The same facts and stamp give the same bytes."""
    calendar = _calendar()
    for session in found.sessions:
        for event in _events(session, found.of_sessions.get(session.id, ()), board, stamp):
            calendar.add_component(event)
    for duty in found.duties:
        calendar.add_component(_question_duty(duty, board, stamp))
    return bytes(calendar.to_ical())


def of_session(session: SessionFacts, duties: tuple[AgendaDuty, ...], board: BoardFacts, stamp: datetime) -> bytes:
    """One session with its duties, to go with a mail about it."""
    return feed(Agenda((session,), (), {session.id: duties}), board, stamp)


def duties_of(session: SessionFacts, duties: tuple[AgendaDuty, ...], board: BoardFacts, stamp: datetime) -> bytes:
    """The duties alone, for those who get the session itself as an invitation: no event twice in one calendar."""
    calendar = _calendar()
    for one in duties:
        calendar.add_component(_session_duty(one, session, board, stamp))
    return bytes(calendar.to_ical())


def invitation(session: SessionFacts, board: BoardFacts, to: Recipient, method: str, stamp: datetime) -> bytes:
    """The session as an invitation to one recipient (RFC 5546): the published event with the same UID."""
    calendar = _calendar(method)
    event = _session_event(session, board, stamp)
    if method == CANCEL and session.status is not SessionStatus.CANCELLED:
        del event["status"]  # it takes place, but not with this recipient (RFC 5546 §3.2.5)
    invite(event, board, to)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(method: str = PUBLISH) -> Calendar:
    from icalendar import Calendar  # noqa: PLC0415 - a quarter of a second that the daemon's start does not need

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if method == PUBLISH:
        calendar.add("x-wr-calname", "Đối thoại trực tuyến")
    return calendar


def _domain(board: BoardFacts) -> str:
    return board.mailbox.rpartition("@")[2]


def _events(
    session: SessionFacts, duties: tuple[AgendaDuty, ...], board: BoardFacts, stamp: datetime
) -> Iterator[Event]:
    yield _session_event(session, board, stamp)
    for one in duties:
        yield _session_duty(one, session, board, stamp)


def _session_event(session: SessionFacts, board: BoardFacts, stamp: datetime) -> Event:
    event = _event(f"session-{session.code}", f"Phiên đối thoại {session.code}: {session.form.topic}", board, stamp)
    event.add("dtstart", session.started_at or session.starts_at)
    event.add("dtend", session.ended_at or session.planned_end)
    event.add("sequence", sequence(session))
    event.add("status", _status(session))
    if session.form.place:
        event.add("location", session.form.place)
    if session.link:
        event.add("url", clean_line(session.link))  # the library refuses a line end, and with it the whole calendar
    event.add("description", f"Tình trạng: {STATUS_NAMES[session.status]}.")
    return event


def _status(session: SessionFacts) -> str:
    if session.status is SessionStatus.CANCELLED:
        return "CANCELLED"
    undecided = session.status in {SessionStatus.PROPOSED, SessionStatus.TOPIC_APPROVED}
    return "TENTATIVE" if undecided else "CONFIRMED"


def _session_duty(duty: AgendaDuty, session: SessionFacts, board: BoardFacts, stamp: datetime) -> Event:
    rule = board.law.profile.rule(duty.due.rule)
    done = f" ({DONE[duty.status]})" if duty.status in DONE else ""
    event = _due_event(f"duty-{session.code}-{rule.id}", f"{session.code}: {rule.duty}{done}", duty, board, stamp)
    event.add("sequence", sequence(session))
    void = duty.status == "void" or session.status is SessionStatus.CANCELLED
    event.add("status", "CANCELLED" if void else "CONFIRMED")
    return event


def _question_duty(duty: AgendaDuty, board: BoardFacts, stamp: datetime) -> Event:
    if duty.kind == "privacy":
        name, what = f"privacy-{duty.id}", f"Hạn xử lý yêu cầu về dữ liệu cá nhân, {duty.number}"
    else:
        unit = board.units.get(duty.unit)
        name = f"answer-{duty.assignment}"
        what = f"Hạn trả lời {duty.number}: {unit_name(unit.name) if unit else duty.unit}"
    event = _due_event(name, what, duty, board, stamp)
    event.add("sequence", duty.moved)
    event.add("status", "CONFIRMED")
    return event


def _due_event(name: str, what: str, duty: AgendaDuty, board: BoardFacts, stamp: datetime) -> Event:
    """A whole-day event; it keeps nobody busy (TRANSP, RFC 5545 §3.8.2.7)."""
    event = _event(name, what, board, stamp)
    event.add("dtstart", duty.due.on)
    event.add("dtend", duty.due.on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    clause = clause_short(duty.due.clause)
    lines = [f"Hết {vn_date(duty.due.on)}", f"Căn cứ: {clause} Quy chế" if clause else "", duty.due.reason]
    event.add("description", "\n".join(line for line in lines if line))
    return event


def _event(name: str, summary: str, board: BoardFacts, stamp: datetime) -> Event:
    from icalendar import Event  # noqa: PLC0415 - as above

    event = Event()
    event.add("uid", f"{name}@{_domain(board)}")
    event.add("dtstamp", stamp)
    event.add("summary", summary)
    return event


def attachments(
    connection: Connection, board: BoardFacts, notice: Notice, code: str, stamp: datetime
) -> tuple[OutAttachment, ...]:
    """The events that go with a notice about a session, as it stands in this transaction.

    Invited recipients get the session as an invitation alone; everybody else gets it with its duties.
    """
    session = sessions.by_code(connection, code)
    if session is None:
        return ()
    role, duties = notice.recipient.role, session_duties(connection, session.id)
    method = method_for(notice.name, role, notice.values.get("what"))
    own: tuple[OutAttachment, ...] = ()
    if method != PUBLISH:
        data = invitation(session, board, notice.recipient, method, stamp)
        own = (_file(f"giay-moi-{session.code}.ics", data, method),)
    if notice.name == INVITATION:
        return own
    if method == CANCEL and session.status is not SessionStatus.CANCELLED:
        return own  # who is no longer invited has no part in its duties
    data = (duties_of if role in INVITED else of_session)(session, duties, board, stamp)
    return (*own, _file(f"{session.code}.ics", data, PUBLISH))


def own_letter(
    connection: Connection, forms: Forms, filing: Filing, notice: Notice, code: str
) -> tuple[OutAttachment, ...]:
    """The city's own letter of invitation beside the calendar invitation, where the city has a form for it."""
    session = sessions.by_code(connection, code) if notice.name == INVITATION else None
    if session is None:
        return ()
    data = invitation_letter(forms, filing, session_of(session), notice.recipient.name)
    return (OutAttachment(f"giay-moi-{code}.docx", TYPES[".docx"], data),) if data else ()


def _file(name: str, data: bytes, method: str) -> OutAttachment:
    return OutAttachment(name, "text/calendar", data, f"charset=utf-8; method={method}")
