"""The outcome of a mail at the SMTP server, and the class of error it belongs to.

The cause of a refusal is told by its codes (RFC 3463, RFC 5321) and its words (``smtp_replies.toml``). A refusal
whose cause may be the recipient or ourselves is kept back until the next mails show which it is.
"""

from __future__ import annotations

import os
import re
import ssl
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from aiosmtplib import SMTPResponseException, SMTPServerDisconnected, SMTPTimeoutError

from daemon.config.base import PORT_REMEDY, certificate_remedy
from rules.text import clean_line
from rules.values.data_file import Source

Outcome = Literal["sent", "temporary", "permanent", "configuration", "limited", "unknown"]
"""``limited``: the server wants less from us for a while; like ``configuration`` it is not the mail's fault."""

Phase = Literal["connect", "tls", "ehlo", "auth", "mail", "rcpt", "body"]

CHANNEL_PHASES: frozenset[Phase] = frozenset(("connect", "tls", "ehlo", "auth"))
"""Failures in these phases are the channel's: no mail was offered, so none loses an attempt."""

NOT_FINAL = frozenset((503, 552))
"""5xx codes that are not final: 503 is a session out of step, 552 a full mailbox (RFC 5321 §4.5.3.1.10)."""

WANTS_LOGIN = frozenset((530, 534, 535, 538))
"""Codes of RFC 4954 §6: the server wants another login, whatever the command was."""

KEPT = frozenset(range(400, 600)) - {421}
"""Refusal codes after which the connection is still good."""

Fault = Literal["mail", "sender", "limit", "unclear"]
"""``mail``: this recipient or this text. ``sender``: our address. ``limit``: we send too much. ``unclear``: the
reply does not tell; a single one counts as the mail's, the same for several recipients does not."""

SENDER = frozenset(((1, 7), (1, 8), (7, 60)))
"""RFC 3463 §3.2: bad sender's mailbox or system address; Exchange's SendAsDenied."""
TOO_MANY = (5, 3)
"""RFC 3463 §3.6: too many recipients, which servers also reply for too many within an hour."""
TOO_BIG = (3, 4)
OF_THE_MAIL = frozenset((1, 2, 4, 6))
"""RFC 3463: address, mailbox, routing and content."""
POLICY = 7
NOT_OWNED = 553
"""With 5.7.1, the sender is not the login's (Postfix, Zimbra); alone, a recipient's name is wrong."""

_STATUS = re.compile(r"[245]\.(\d{1,3})\.(\d{1,3})\b")
_ADDRESS = re.compile(r"<[^>]*>|\S*@\S*")


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail from the outbox: final bytes, one recipient; ``id`` belongs to the caller.

    ``bare_from`` is tried once where the server refuses ``envelope_from``; "" = there is no other sender.
    """

    id: int
    envelope_from: str
    recipient: str
    raw: bytes
    bare_from: str = ""


@dataclass(frozen=True, slots=True)
class SendResult:
    """One mail's outcome; ``code`` is the server's (0 = no reply), ``phase`` is where the dialogue ended.

    ``unknown``: the final dot had been sent and no answer came, so the server may have the mail (RFC 1047).
    """

    id: int
    outcome: Outcome
    code: int
    text: str
    phase: Phase

    @property
    def tried(self) -> bool:
        """False when the channel failed before this mail's turn came."""
        return self.phase not in CHANNEL_PHASES

    @property
    def is_channels(self) -> bool:
        """True when the channel is at fault: this mail loses no attempt, and the others need not be tried."""
        return not self.tried or self.outcome in ("configuration", "limited")

    @property
    def refuses_sender(self) -> bool:
        """True when the server refuses the mail because of its envelope sender."""
        if self.phase == "mail":
            return self.outcome == "configuration" and self.code not in WANTS_LOGIN
        return self.outcome == "permanent" and whose_fault(self.code, self.text) == "sender"


class ChannelFailure(Exception):  # noqa: N818 - it is handled where it is raised from, not an error of a mail
    """The connection could not be made ready; ``outcome`` is temporary or configuration."""

    def __init__(self, outcome: Outcome, code: int, text: str, phase: Phase) -> None:
        super().__init__(text)
        self.outcome: Outcome = outcome
        self.code = code
        self.text = text
        self.phase: Phase = phase

    def result(self, mail_id: int) -> SendResult:
        """This failure as the result of one mail."""
        return SendResult(mail_id, self.outcome, self.code, self.text, self.phase)


def reply_outcome(code: int, phase: Phase, text: str = "") -> Outcome:
    """The meaning of a reply (RFC 5321 §4.2.1), by phase; a reply about a quota of ours concerns the channel.

    5xx to a recipient or to the data is final for this mail; 5xx to anything before is the channel's own trouble
    (greeting, STARTTLS, login, our return path), and no mail is to blame. A number that is no SMTP code is temporary.
    """
    if 200 <= code < 300:
        return "sent"
    if 400 <= code < 600 and phase not in CHANNEL_PHASES and whose_fault(code, text) == "limit":
        return "limited"
    if not 500 <= code < 600 or code in NOT_FINAL:
        return "temporary"
    if code in WANTS_LOGIN or phase not in ("rcpt", "body"):
        return "configuration"
    return "permanent"


def failure(error: BaseException, phase: Phase) -> tuple[Outcome, int, str]:
    """Outcome, code and one line for an error before the server decided; an unknown error is temporary."""
    if isinstance(error, SMTPResponseException):
        return reply_outcome(error.code, phase, said(error.message)), error.code, said(error.message)
    causes = (error, error.__cause__, error.__context__)
    refused = next((one for one in causes if isinstance(one, ssl.SSLError)), None)
    if refused is not None:
        return "configuration", 0, clean_line(_tls_fault(refused))[:300]
    if isinstance(error, (SMTPTimeoutError, TimeoutError)):
        return "temporary", 0, "no answer in time"
    if isinstance(error, SMTPServerDisconnected):
        return "temporary", 0, "the server closed the connection"
    if isinstance(error, ValueError):
        # Our own client refuses to write it: an address or a host name with a byte that no command may hold.
        return "configuration" if phase in CHANNEL_PHASES else "permanent", 0, clean_line(str(error))[:200]
    broken = next((one for one in causes if isinstance(one, OSError) and one.errno), None)
    if broken is not None and phase == "connect":
        return "temporary", 0, f"{os.strerror(broken.errno or 0)}; see host and port"
    return "temporary", 0, clean_line(str(error))[:200]


def _tls_fault(error: ssl.SSLError) -> str:
    """What is wrong with the certificate or the port, and what to do about it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS: {error.verify_message or error.reason}; {certificate_remedy(error)}"
    return f"TLS: this port does not begin with TLS ({error.reason}); {PORT_REMEDY}"


def said(reply: str) -> str:
    """A server's reply as one clean line of at most 300 characters."""
    return clean_line(reply)[:300]


def whose_fault(code: int, text: str) -> Fault:
    """The cause of a 4xx or 5xx at MAIL, RCPT or after DATA. ``text`` is the reply without its code."""
    match = _STATUS.match(text.lstrip())
    subject, detail = (int(match[1]), int(match[2])) if match else (0, 0)
    said = _ADDRESS.sub("", text).casefold()
    if _says("greylisting", said):
        return "mail"
    if _is_limit(code, (subject, detail), said):
        return "limit"
    if code < 500:
        return "mail"
    if (subject, detail) in SENDER or (code, subject, detail) == (NOT_OWNED, POLICY, 1):
        return "sender"
    if subject in OF_THE_MAIL or (subject, detail) == TOO_BIG:
        return "mail"
    if _says("sender", said):
        return "sender"
    return "mail" if _says("recipient", said) else "unclear"


def same_words(text: str) -> str:
    """A reply without the parts that differ from mail to mail: addresses, numbers, queue names."""
    return re.sub(r"\S*\d\S*", "", without_addresses(text)).casefold().strip()


def without_addresses(text: str) -> str:
    """A reply in a form that may be logged."""
    return _ADDRESS.sub("<…>", text)


def _is_limit(code: int, status: tuple[int, int], text: str) -> bool:
    """True for our own quota; a full mailbox is the recipient's."""
    if status[0] == 2 or status == TOO_BIG:
        return False
    policy = code < 500 and status[0] == POLICY and not _says("recipient", text)
    return status == TOO_MANY or policy or _says("limit", text)


def _says(what: str, text: str) -> bool:
    return any(words in text for words in _words()[what])


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """The file as shipped."""
    return {name: tuple(words) for name, words in Source().toml("smtp_replies.toml").items()}


RECIPIENTS_FOR = {"sender": 2, "unclear": 3}
"""How many recipients, refused alike with no mail taken in between, show that the channel itself is refused."""


@dataclass(slots=True)
class Doubt:
    """The refusals in doubt, all alike. One recipient's odd server must not stop all mail, and a channel that
    refuses us must not use up every mail's attempts; both begin with the same reply."""

    _kept: list[SendResult] = field(default_factory=list)
    _recipients: set[str] = field(default_factory=set)
    _alike: tuple[object, ...] = ()
    _proved: tuple[object, ...] | None = None
    """The refusal that proved to be the channel's: mails on other connections may still come back with it."""

    def added(self, recipient: str, result: SendResult) -> list[SendResult]:
        """The results that a permanent refusal settles: itself when it is the recipient's, or all that are alike."""
        fault = whose_fault(result.code, result.text)
        if fault not in RECIPIENTS_FOR:
            return [result]
        alike = (fault,) if fault == "sender" else (fault, result.code, result.phase, same_words(result.text))
        if alike == self._proved:
            return [replace(result, outcome="configuration")]
        before = self.cleared() if alike != self._alike else []
        self._alike = alike
        self._kept.append(result)
        self._recipients.add(recipient)
        enough = len(self._recipients) >= RECIPIENTS_FOR[fault]
        return before + (self._channels() if enough else [])

    def cleared(self) -> list[SendResult]:
        """The channel works, so the refusals in doubt were meant for their recipients."""
        kept, self._kept = self._kept, []
        self._recipients, self._alike = set(), ()
        return kept

    def ended(self) -> list[SendResult]:
        """No mail is left to show the cause: a reply that names our sender concerns us, any other the recipient."""
        return self._channels() if self._alike == ("sender",) else self.cleared()

    def _channels(self) -> list[SendResult]:
        self._proved = self._alike
        return [replace(one, outcome="configuration") for one in self.cleared()]
