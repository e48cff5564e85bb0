"""The words of the stable interface that say what a mail is, what becomes of it, and what a reply does."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What sort of mail this is; the values are part of ``explain --json``."""

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


class Fate(StrEnum):
    """Where a mail ends; the values are part of ``explain --json``."""

    REGISTER = "register"
    ATTACH = "attach"
    HOLD = "hold"
    REJECT = "reject"
    IGNORE = "ignore"
    QUARANTINE = "quarantine"


class Verb(StrEnum):
    """What a unit says with its reply; the values are part of ``explain --json``."""

    ANSWER = "answer"
    NOT_COMPETENT = "not_competent"
    EXTENSION = "extension"
    RECEIVED = "received"
    ASKS_CITY = "asks_city"
    FORWARDED = "forwarded"
    FOLLOW_UP = "follow_up"
    NONE = "none"


class Decision(StrEnum):
    """What the routing dares to do by itself."""

    FORWARD = "forward"
    REVIEW = "review"
    NONE = "none"


class AskerKind(StrEnum):
    """Clause 21.1 asks different data of a person and of an organisation."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"
