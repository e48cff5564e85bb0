"""Fail points that the tests hang on the daemon from outside: statements, transactions, actions, commands, steps.

:func:`hang` does it once a process, before ``daemon.cli.main`` is called (:mod:`tests.crashing`); the product knows
nothing of it. What points there are follows from the registries of what is hung on: :func:`names`.
"""

import imaplib
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from aiosmtplib.protocol import SMTPProtocol
from sqlalchemy import Engine, event

from daemon.mailbox.connection import BoundedImap4, Connection
from db.core.engine import reached, step_hooks
from db.decision.apply import HANDLERS

NAMES = (
    "fetch.opened",
    "fetch.listed",
    "fetch.before_store",
    "fetch.stored",
    "decide.claimed",
    "decide.decided",
    "decide.applied",
    "decide.committed",
    "apply.registered",
    "apply.forwarded",
    "apply.composed",
    "apply.queued",
    "apply.finished",
    "due.claimed",
    "due.applied",
    "due.committed",
    "send.claimed",
    "send.marked",
    "send.accepted",
    "send.noted",
    "send.returned",
    "move.listed",
    "move.before",
    "move.moved",
    "move.noted",
)
"""Every crash point on a question's way, in the order of a mail's life; a session's proposal has one of its own."""

STATEMENTS = ("select", "insert", "update", "delete")
TRANSACTION = ("begin", "savepoint", "released", "commit", "ended")
NAMES_NO_TRANSACTION = ("daemon.config.database",)
"""Modules whose frames name no transaction: they open it for somebody else."""

SMTP_VERBS = ("ehlo", "helo", "starttls", "auth", "mail", "rcpt", "data", "rset", "quit")

STEPS = (
    ("daemon.installation.installation", "Installation.read"),
    ("daemon.installation.installation", "Installation.compose"),
    ("db.register.links", "SimilarQuestions.linked"),
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
    ("daemon.loop.due", "gather_duty"),
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


def arm(wish: str) -> None:
    """Set a crash for this process: ``NAME``, or ``NAME:3`` for the third time that it is reached.

    No clean-up runs, no buffer is flushed. ``record=FILE`` only records the steps that are reached.
    """
    name, _, count = wish.partition(":")
    left = int(count) if count.isdecimal() else 1

    def kill(step: str) -> None:
        nonlocal left
        left -= step == name
        if step == name and not left:
            os.kill(os.getpid(), signal.SIGKILL)

    def record(step: str) -> None:
        with Path(wish.removeprefix("record=")).open("a", encoding="utf-8") as file:
            file.write(f"{step}\n")

    step_hooks.append(record if wish.startswith("record=") else kill)


def names() -> tuple[str, ...]:
    """Every point that :func:`hang` hangs, those of statements and transactions aside."""
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
    _hang_on_database()
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


_STATEMENT = re.compile(
    r"\s*(?:(SELECT|DELETE)\b.*?\bFROM(?!\s+\(SELECT)|(INSERT) INTO|(UPDATE))\s+\(?\"?(\w+)",
    re.IGNORECASE | re.DOTALL,
)


def statement_point(statement: str) -> str:
    """Such as ``db.insert.question`` for a statement; the points are this with ``.before`` and ``.after``."""
    found = _STATEMENT.match(statement)
    if found is None:
        return "db.other"
    kind = next(one for one in found.groups()[:3] if one)
    return f"db.{kind.lower()}.{found.group(4).lower()}"


def statement_points(tables: Iterable[str]) -> set[str]:
    """Every name that :func:`statement_point` can give for these tables."""
    names = {"db.other", *(f"db.{kind}.{table}" for kind in STATEMENTS for table in tables)}
    return {f"{name}.{when}" for name in names for when in ("before", "after")}


def transaction_point(when: str) -> str:
    """Such as ``tx.fetch.fetch_new.commit``, after the function of the daemon whose transaction it is."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("daemon.") and module not in NAMES_NO_TRANSACTION:
            function = frame.f_code.co_qualname.rpartition(".")[2]
            return f"tx.{module.rpartition('.')[2]}.{function.strip('_<>')}.{when}"
        frame = frame.f_back
    return f"tx.other.{when}"


def _hang_on_database() -> None:
    """Around every statement and transaction of every engine."""

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        reached(f"{statement_point(statement)}.before")

    def after(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        reached(f"{statement_point(statement)}.after")

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    event.listen(Engine, "begin", lambda *_: reached(transaction_point("begin")))
    event.listen(Engine, "savepoint", lambda *_: reached(transaction_point("savepoint")))
    event.listen(Engine, "release_savepoint", lambda *_: reached(transaction_point("released")))
    event.listen(Engine, "commit", lambda *_: reached(transaction_point("commit")))
    event.listen(Engine, "checkin", lambda *_: reached(transaction_point("ended")))


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
