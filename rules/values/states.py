"""The names of the stable interface for the kind of a mail, its fate, and what a reply does; and when a failed
attempt is repeated. Pure: the caller stores the instant before it connects.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class QuestionStatus(StrEnum):
    """A question's states (docs/states.md); missing, late or returned are facts in addition to the state."""

    RECEIVED = "received"
    NEEDS_REVIEW = "needs_review"
    REJECTED = "rejected"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    APPROVED = "approved"
    PUBLISHED = "published"
    CLOSED = "closed"


class AssignmentStatus(StrEnum):
    """The states of one item of a question at one unit."""

    FORWARDED = "forwarded"
    ANSWERED = "answered"
    REFUSED = "refused"
    REPLACED = "replaced"


class OutboxStatus(StrEnum):
    """An outbox row's states; ``unknown`` after a time-out past DATA (RFC 5321 §4.5.3.2.6, RFC 1047)."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    RECALLED = "recalled"
    """Taken back before it was sent: an answer that its unit or an officer withdrew in time."""


class MailStatus(StrEnum):
    """A raw mail's states."""

    STORED = "stored"
    DONE = "done"
    HELD = "held"
    QUARANTINED = "quarantined"


class DutyStatus(StrEnum):
    """A duty is fulfilled in time, fulfilled or missed late, or void because its basis no longer exists."""

    OPEN = "open"
    MET = "met"
    LATE = "late"
    VOID = "void"


class Folder(StrEnum):
    """The mailbox's folders, one per fate; their names are configured."""

    REGISTERED = "registered"
    REPLIES = "replies"
    HELD = "held"
    AUTOMATIC = "automatic"
    OTHER = "other"
    QUARANTINE = "quarantine"
    DENUNCIATION = "denunciation"


class Kind(StrEnum):
    """The kind of a mail; the values are part of ``explain --json``."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    DENUNCIATION = "denunciation"
    OUT_OF_SCOPE = "out_of_scope"
    SPAM = "spam"
    REPLY = "reply"
    FOLLOW_UP = "follow_up"
    COMMAND = "command"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    NOT_A_QUESTION = "not_a_question"
    UNREADABLE = "unreadable"


GRAVE = (Kind.DENUNCIATION, Kind.COMPLAINT)
"""Kinds that are forwarded to no unit and that a named officer handles (clause 1.2)."""


class Fate(StrEnum):
    """The final state of a mail; the values are part of ``explain --json``."""

    REGISTER = "register"
    ATTACH = "attach"
    HOLD = "hold"
    REJECT = "reject"
    IGNORE = "ignore"
    QUARANTINE = "quarantine"


class Verb(StrEnum):
    """What a unit's reply says; the values are part of ``explain --json``."""

    ANSWER = "answer"
    NOT_COMPETENT = "not_competent"
    EXTENSION = "extension"
    RECEIVED = "received"
    ASKS_CITY = "asks_city"
    FORWARDED = "forwarded"
    FOLLOW_UP = "follow_up"
    NONE = "none"


class Decision(StrEnum):
    """What routing may do automatically."""

    FORWARD = "forward"
    REVIEW = "review"
    NONE = "none"


class RequesterKind(StrEnum):
    """Clause 21.1 requires different data from a person and an organisation."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"


DECISION = "decision"
"""The kind of duty under which a proposal waits for the leader's decision (7.1, 7.2)."""
MISSING_SESSION = "frequency"
"""The kind of duty to hold a session in a period (6.1)."""


class Purpose(StrEnum):
    """The purpose by which a mail is found again that waits for an officer or takes a wish back; else NONE."""

    NONE = ""
    OF_UNIT = "of_unit"
    WITHDRAWS = "withdraws"
    WITHDRAWS_ONE = "withdraws_one"
    """… of several questions, among which an officer chooses."""
    SECOND_THOUGHTS = "second_thoughts"
    KEEPS = "keeps"
    """Takes a wish to withdraw back; nobody has to decide on it."""
    DENIES = "denies"
    NEW_ADDRESS = "new_address"
    LEAVES_SESSION = "leaves_session"
    UNLISTED = "unlisted"
    """Answers our mail to a unit, from an address on no list, or to the office: no letter that a unit may get."""


# Minutes after the n-th failed try. RFC 5321 §4.5.4.1 asks for at least 30 minutes once the first tries
# failed, and for giving up after 4–5 days; the first retries are quick because most faults are short.
SMTP_STEPS = (1, 5, 15, 30, 60, 120, 240)
SMTP_GIVE_UP = timedelta(days=5)

# A mail that makes the program fail: three attempts, then quarantine, so that the next mail goes on.
POISON_ATTEMPTS = 3
POISON_STEPS = (0, 1, 10)

# Reconnecting to a server: seconds after the n-th failure in a row.
CONNECT_STEPS = (1, 2, 5, 15, 30, 60, 120, 300)


def next_smtp_attempt(attempts: int, created_at: datetime, now: datetime) -> datetime | None:
    """The instant of the next attempt after ``attempts`` failed ones; None = give up (RFC 5321 §4.5.4.1)."""
    if now - created_at >= SMTP_GIVE_UP:
        return None
    return now + timedelta(minutes=SMTP_STEPS[min(attempts, len(SMTP_STEPS)) - 1])


def next_poison_attempt(attempts: int, now: datetime) -> datetime | None:
    """The instant of the next attempt at a mail that failed ``attempts`` times; None = quarantine."""
    if attempts >= POISON_ATTEMPTS:
        return None
    return now + timedelta(minutes=POISON_STEPS[attempts])


def connect_delay(failures: int) -> float:
    """Seconds to wait after ``failures`` failed connections in a row."""
    return 0.0 if failures <= 0 else float(CONNECT_STEPS[min(failures, len(CONNECT_STEPS)) - 1])
