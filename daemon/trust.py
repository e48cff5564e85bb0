"""Whether a result below our server's own ``Received`` is believed: only after ``doithoai check`` has tested it.

The proof stands in the database, for one ``authserv-id`` and one server name; a test that fails takes it away.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection

from daemon.config_mail import MailboxSettings
from db import counters

PROVED = "forged_results_removed"


def believed_below(connection: Connection, mailbox: MailboxSettings) -> str:
    """The name of the server whose result below its own ``Received`` counts, "" for none."""
    wanted = _about(mailbox)
    return mailbox.results_below_received if wanted and counters.get_state(connection, PROVED) == wanted else ""


def note_proof(connection: Connection, mailbox: MailboxSettings, *, removed: bool) -> None:
    """Keep what the test of the server has shown."""
    counters.set_state(connection, PROVED, _about(mailbox) if removed else "")


def _about(mailbox: MailboxSettings) -> str:
    below = mailbox.results_below_received.lower()
    return f"{mailbox.authserv_id.lower()} {below}" if below and mailbox.authserv_id else ""


_FIELD = re.compile(rb"([!-9;-~]+):[ \t]*(.*)", re.DOTALL)
_FOLD = re.compile(rb"\r?\n([ \t])")


def as_written(raw: bytes) -> tuple[tuple[str, str], ...]:
    """The header as the mail server saw it, nothing mended: lower-case names, unfolded values, from the top.

    Our reading of mail is forgiving (a space before the colon, a lone CR as a line end) where the filter that removes
    a sender's results is not: what only we take for a result would stand. One lone CR or NUL, and there is nothing.
    """
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    if b"\r" in head.replace(b"\r\n", b"\n") or b"\0" in head:
        return ()
    found = (_FIELD.fullmatch(line) for line in re.split(rb"\r?\n", _FOLD.sub(rb"\1", head)))
    return tuple(
        (one[1].decode("ascii").lower(), one[2].decode("utf-8", "replace").strip()) if one else ("", "")
        for one in found
    )
