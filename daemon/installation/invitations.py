"""Invitations to a session as iTIP (RFC 5546) by the ``icalendar`` library, and the answers that come back.

One UID for each session, the one of the calendar that is published; SEQUENCE rises when the session moves, METHOD is
REQUEST, or CANCEL when the session is called off. Each invitation names only its own recipient as ATTENDEE, so that
nobody's address is shown to others. What comes back (METHOD:REPLY) is data of a stranger: read under a limit, by the
library alone, and never trusted to say who sent it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from daemon.base.logs import Log
from daemon.parsing.parse import attachment_bytes
from rules.decide.base.fact_parts import ACCEPTED, DECLINED, TENTATIVE, InvitationReply
from rules.decide.base.facts import House
from rules.text import clean_line
from rules.values.model import Attachment, ParsedMail, Recipient

if TYPE_CHECKING:
    from icalendar import Event

log = Log("invitations")

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"
INVITED = frozenset({"unit", "leader"})
"""The roles of who is asked to a session."""
INVITATION = "session_invitation"
TYPES = frozenset({"text/calendar", "application/ics"})
MOST_BYTES = 64_000
LONGEST_COMMENT = 300
_METHOD = re.compile(rb"^METHOD:(?:REPLY|COUNTER)\b", re.IGNORECASE | re.MULTILINE)
_UID = re.compile(r"session-(P-20\d\d-\d{2,})@(.+)")
_ANSWERS = {"ACCEPTED": ACCEPTED, "DECLINED": DECLINED, "TENTATIVE": TENTATIVE}


def method_for(name: str, role: str, what: object) -> str:
    """How the event goes with a notice to somebody: an invitation to who is invited, news to everybody else."""
    if role not in INVITED or name not in {INVITATION, "session_changed"}:
        return PUBLISH
    return CANCEL if what == "cancelled" else REQUEST


def invite(event: Event, house: House, to: Recipient) -> None:
    """The event as an invitation to one: who asks, who is asked for an answer (RFC 5546 §3.2.2)."""
    from icalendar import vCalAddress, vText  # noqa: PLC0415 - see ``icalendar._calendar``

    asks = vCalAddress(f"mailto:{house.mailbox}")
    asks.params["CN"] = vText(house.law.profile.roles["board"])
    event["organizer"] = asks
    asked = vCalAddress(f"mailto:{to.email}")
    asked.params["CN"] = vText(clean_line(to.name))
    asked.params["ROLE"] = vText("CHAIR" if to.role == "leader" else "REQ-PARTICIPANT")
    asked.params["PARTSTAT"] = vText("NEEDS-ACTION")
    asked.params["RSVP"] = vText("TRUE")
    event.add("attendee", asked)


def reply_in(raw: bytes, mail: ParsedMail, house: House) -> InvitationReply | None:
    """The answer to an invitation of ours that a mail carries; None for any other mail."""
    for one in mail.attachments:
        if _is_calendar(one) and (found := _reply(attachment_bytes(raw, one.part), house)) is not None:
            return found
    return None


def _is_calendar(one: Attachment) -> bool:
    return one.size <= MOST_BYTES and (one.type in TYPES or one.name.lower().endswith(".ics"))


def _reply(data: bytes, house: House) -> InvitationReply | None:
    from icalendar import Calendar  # noqa: PLC0415

    data = _without_zones(data)
    if not _METHOD.search(data):
        return None
    try:
        calendar = Calendar.from_ical(data)
        method = str(calendar.get("method", "")).strip().upper()
        events = calendar.walk("VEVENT")
        return _answer(events[0], method, house) if events and method in {"REPLY", "COUNTER"} else None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        log.failure("calendar_unread", error)
        return None


def _without_zones(data: bytes) -> bytes:
    """The calendar unfolded and without time zones: a reply needs none, and the library would keep them for good."""
    kept, inside = [], False
    for line in re.sub(rb"\r?\n[ \t]", b"", data).splitlines():
        mark = line.strip().upper()
        inside = inside or mark == b"BEGIN:VTIMEZONE"
        if not inside:
            kept.append(line)
        inside = inside and mark != b"END:VTIMEZONE"
    return b"\r\n".join(kept) + b"\r\n"


def _answer(event: Any, method: str, house: House) -> InvitationReply | None:
    found = _UID.fullmatch(str(event.get("uid", "")).strip())
    if found is None or found[2].lower() != house.mailbox.rpartition("@")[2].lower():
        return None
    attendee = _first(event.get("attendee"))
    said = str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper()
    answer = TENTATIVE if method == "COUNTER" else _ANSWERS.get(said, "")
    if not answer:
        return None
    return InvitationReply(
        found[1],
        answer,
        clean_line(str(_first(event.get("comment")) or ""))[:LONGEST_COMMENT],
        int(event.get("sequence", 0)),
    )


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value
