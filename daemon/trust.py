"""Whether a result below our server's own ``Received`` is believed: only after ``doithoai check`` has tested it.

The proof stands in the database, for one ``authserv-id`` and one server name; a test that fails takes it away.
"""

from __future__ import annotations

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
