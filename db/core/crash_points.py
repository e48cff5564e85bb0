"""Named places at which a test may crash the process. Off unless ``DOITHOAI_FAILPOINT`` names one.

``DOITHOAI_FAILPOINT=NAME`` or ``NAME:3`` (the third time it is reached) ends the process as ``kill -9`` would:
no clean-up runs, no buffer is flushed. In production the variable is not set: a call costs one comparison, and the
points that hang on a seam (statements and transactions here, the rest in :mod:`daemon.base.seams`) are not
hung at all.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

VARIABLE = "DOITHOAI_FAILPOINT"

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
"""Every point that stands in the code, in the order of a mail's life; the others hang on seams."""

STATEMENTS = ("select", "insert", "update", "delete")
TRANSACTION = ("begin", "savepoint", "released", "commit", "ended")
SEAMS_OF_OTHERS = ("daemon.config.database", "daemon.base.seams")
"""Modules whose frames name no transaction."""


def _wanted(environ: str) -> tuple[str, int]:
    name, _, count = environ.partition(":")
    return name, int(count) if count.isdecimal() else 1


_name, _left = _wanted(os.environ.get(VARIABLE, ""))
_record: Path | None = None


def arm(wish: str) -> None:
    """Wish for a crash in this process; "" takes the wish back. ``record=FILE``: write down what is reached."""
    global _name, _left, _record  # noqa: PLW0603 - one process, one wish
    _record = Path(wish.removeprefix("record=")) if wish.startswith("record=") else None
    _name, _left = ("", 0) if _record else _wanted(wish)


def reached(name: str) -> None:
    """Die here when a test asked for it."""
    global _left  # noqa: PLW0603 - one process, one wish
    if _record is not None:
        with _record.open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
    if name != _name:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def wanted() -> bool:
    """True when a test wishes for a crash, or for a record of what is reached."""
    return bool(_name) or _record is not None


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


def reached_statement(statement: str, when: str) -> None:
    """On one side of a statement, whichever way it takes to the driver (:mod:`db.core.driver` has one of its own)."""
    reached(f"{statement_point(statement)}.{when}")


def statement_points(tables: Iterable[str]) -> set[str]:
    """Every name that :func:`statement_point` can give for these tables."""
    names = {"db.other", *(f"db.{kind}.{table}" for kind in STATEMENTS for table in tables)}
    return {f"{name}.{when}" for name in names for when in ("before", "after")}


def transaction_point(when: str) -> str:
    """Such as ``tx.fetching.fetch_new.commit``, after the function of the daemon whose transaction it is."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("daemon.") and module not in SEAMS_OF_OTHERS:
            function = frame.f_code.co_qualname.rpartition(".")[2]
            return f"tx.{module.rpartition('.')[2]}.{function.strip('_<>')}.{when}"
        frame = frame.f_back
    return f"tx.other.{when}"


def watch(engine: Engine) -> None:
    """Points around every statement and transaction of an engine; nothing at all unless a test wished for one."""
    if not wanted():
        return

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        reached_statement(statement, "before")

    def after(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        reached_statement(statement, "after")

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    event.listen(engine, "begin", lambda *_: reached(transaction_point("begin")))
    event.listen(engine, "savepoint", lambda *_: reached(transaction_point("savepoint")))
    event.listen(engine, "release_savepoint", lambda *_: reached(transaction_point("released")))
    event.listen(engine, "commit", lambda *_: reached(transaction_point("commit")))
    event.listen(engine, "checkin", lambda *_: reached(transaction_point("ended")))
