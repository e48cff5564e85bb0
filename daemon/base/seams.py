"""Fail points that hang on the daemon's seams: actions applied, IMAP and SMTP commands, steps of a mail's way.

One hook a seam, hung only where a test wishes for a crash (:mod:`db.core.crash_points`); in production nothing
of this
is in the way. What points there are follows from the seams' own registries: :func:`names`.
"""

from __future__ import annotations

import imaplib
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

from aiosmtplib.protocol import SMTPProtocol

from daemon.mailbox.connection import BoundedImap4, Connection
from db.core.crash_points import reached
from db.decision.apply import HANDLERS

SMTP_VERBS = ("ehlo", "helo", "starttls", "auth", "mail", "rcpt", "data", "rset", "quit")

STEPS = (
    ("daemon.installation.installation", "Office.read"),
    ("daemon.installation.installation", "Office.compose"),
    ("daemon.installation.similar_index", "LikeBook.linked"),
    ("daemon.letters.compose", "Composer.compose"),
    ("daemon.smtp.connection", "Connection.open"),
    ("daemon.smtp.connection", "Connection.send"),
    ("daemon.smtp.connection", "Connection.close"),
    ("daemon.mailbox.mailbox", "MailboxClient.ensure_folders"),
    ("daemon.mailbox.mailbox", "MailboxClient.move"),
    ("daemon.mailbox.mailbox", "MailboxClient.close"),
    ("daemon.loop.service", "Service.start"),
    ("daemon.loop.service", "Service._show"),
    ("daemon.loop.service", "Service._overview"),
    ("daemon.loop.service", "Service._fetch"),
    ("daemon.loop.service", "Service._decide"),
    ("daemon.loop.service", "Service._due"),
    ("daemon.loop.service", "Service._send"),
    ("daemon.loop.service", "Service._move"),
    ("db.mails.ledger", "store"),
    ("db.mails.ledger", "claim_identity"),
    ("db.decision.gather_facts", "gather"),
    ("db.decision.gather_facts", "gather_duty"),
    ("db.core.journal", "take_turn"),
    ("db.core.journal", "append_all"),
    ("db.register.questions", "register"),
    ("db.register.duties", "open_for_assignment"),
    ("db.register.duties", "close"),
    ("db.outbox.outbox", "queue"),
    ("db.outbox.outbox", "mark_sending"),
    ("db.outbox.outbox", "mark_sent"),
    ("db.register.search", "renew"),
)
"""Functions that are a step of a mail's way, or of a duty's, each with a point on both sides."""


def names() -> tuple[str, ...]:
    """Every point that :func:`hang` hangs."""
    actions = [f"apply.{action.__name__}.{when}" for action in HANDLERS for when in ("before", "after")]
    imap = [f"imap.{name}.{when}" for name in imap_commands() for when in ("before", "sent", "answered")]
    smtp = [f"smtp.{verb}.{when}" for verb in SMTP_VERBS for when in ("before", "answered")]
    steps = [f"{step_name(*step)}.{when}" for step in STEPS for when in ("before", "after")]
    return (*actions, *imap, *smtp, *steps)


def imap_commands() -> list[str]:
    """The commands of the protocol, UID ones by themselves, asking for sizes apart from asking for mails."""
    plain = [name.lower() for name in imaplib.Commands if name != "UID"]
    return [*plain, "uid-search", "uid-fetch", "uid-fetch-body", "uid-move", "uid-copy", "uid-store", "uid-expunge"]


def step_name(module: str, function: str) -> str:
    """Such as ``step.connection.send_body``."""
    return f"step.{module.rpartition('.')[2]}.{function.rpartition('.')[2].strip('_')}"


def hang() -> None:
    """Hang every point, once a process."""
    for action, handler in list(HANDLERS.items()):
        HANDLERS[action] = _around(handler, f"apply.{action.__name__}")
    for module, function in STEPS:
        owner: Any = import_module(module)
        *path, name = function.split(".")
        for part in path:
            owner = getattr(owner, part)
        setattr(owner, name, _around(getattr(owner, name), step_name(module, function)))
    _hang_on_imap()
    _hang_on_smtp()


def _around(work: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The function with a point before and after it; a coroutine's after is when it is made good."""
    if work.__code__.co_flags & 0x80:  # inspect.CO_COROUTINE

        @wraps(work)
        async def awaited(*arguments: Any, **named: Any) -> Any:
            reached(f"{name}.before")
            result = await work(*arguments, **named)
            reached(f"{name}.after")
            return result

        return awaited

    @wraps(work)
    def called(*arguments: Any, **named: Any) -> Any:
        reached(f"{name}.before")
        result = work(*arguments, **named)
        reached(f"{name}.after")
        return result

    return called


def imap_name(name: str, arguments: tuple[Any, ...]) -> str:
    """What a command is called in a point's name."""
    if name != "UID":
        return name.lower()
    found = f"uid-{_text(arguments[0]).lower()}"
    return f"{found}-body" if found == "uid-fetch" and "BODY" in _text(arguments[-1]) else found


def _text(value: Any) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)


def _hang_on_imap() -> None:
    send, complete = BoundedImap4._command, BoundedImap4._command_complete  # type: ignore[attr-defined]
    last = [""]

    def command(self: Any, name: str, *arguments: Any) -> Any:
        last[0] = imap_name(name, arguments)
        reached(f"imap.{last[0]}.before")
        tag = send(self, name, *arguments)
        reached(f"imap.{last[0]}.sent")
        return tag

    def completed(self: Any, name: str, tag: Any) -> Any:
        answer = complete(self, name, tag)
        reached(f"imap.{last[0]}.answered")
        return answer

    BoundedImap4._command, BoundedImap4._command_complete = command, completed  # type: ignore[attr-defined]
    raw = Connection._raw_command  # imapclient's own way around imaplib, for SEARCH and STORE

    def raw_command(self: Any, name: Any, arguments: Any, uid: bool = True) -> Any:
        point = f"imap.{'uid-' if uid else ''}{_text(name).lower()}"
        reached(f"{point}.before")
        answer = raw(self, name, arguments, uid)
        reached(f"{point}.answered")
        return answer

    Connection._raw_command = raw_command


def _hang_on_smtp() -> None:
    execute = SMTPProtocol.execute_command

    async def executed(self: SMTPProtocol, *arguments: bytes, **named: Any) -> Any:
        verb = arguments[0].decode("ascii", "replace").lower()
        reached(f"smtp.{verb}.before")
        answer = await execute(self, *arguments, **named)
        reached(f"smtp.{verb}.answered")
        return answer

    SMTPProtocol.execute_command = executed  # type: ignore[method-assign]
    give = SMTPProtocol.execute_data_command

    async def given(self: SMTPProtocol, message: bytes, timeout: float | None = None) -> Any:
        reached("smtp.data.before")
        answer = await give(self, message, timeout)
        reached("smtp.data.answered")
        return answer

    SMTPProtocol.execute_data_command = given  # type: ignore[method-assign]
