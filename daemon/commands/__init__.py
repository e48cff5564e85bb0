"""One module per command, or for some that belong together; the table is all that the command line knows before one
is selected.

A module has ``add(subparsers)``, which adds its parser. The parser's default ``run(args) -> int`` returns the exit
code. A module is imported only when its command is called, so that a light command starts fast.

The room also holds option types that several commands share.
"""

from __future__ import annotations

import argparse
from datetime import date

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("daemon.commands.demo", "a whole session's life on embedded mail servers, in under a minute"),
    "run": ("daemon.commands.run", "the daemon; with --once one full pass, then exit"),
    "init": ("daemon.commands.explain", "write a commented example configuration and a fresh signing key"),
    "check": ("daemon.commands.check", "tell line by line what is right and wrong with this installation"),
    "explain": ("daemon.commands.explain", "what would happen to this mail, and why"),
    "deadlines": ("daemon.commands.status", "every duty of a session on that day, with clause and reason"),
    "calendar": ("daemon.commands.calendar", "check, confirm or import the days off"),
    "rules": ("daemon.commands.rules", "test and check the routing rules"),
    "texts": ("daemon.commands.rules", "the texts and rules that ship, and your own in their place"),
    "register": ("daemon.commands.register", "the register of questions"),
    "session": ("daemon.commands.session", "sessions of dialogue: from the proposal to the last answer"),
    "web": ("daemon.commands.web", "pages to look at on this machine: board, questions, sessions; changes nothing"),
    "publish": ("daemon.commands.session", "approved answers as a folder for the portal"),
    "mail": ("daemon.commands.mail", "raw mails and their fates; held and quarantined ones"),
    "backup": ("daemon.commands.backup", "copy the database while the daemon works"),
    "restore": ("daemon.commands.backup", "lay a backup back, and read again what came after it"),
    "status": ("daemon.commands.status", "one look: does it work, what waits, what is wrong"),
    "stats": ("daemon.commands.status", "figures by state and unit, what is late, when the daemon last worked"),
    "retention": ("daemon.commands.person", "delete what was kept long enough; shows first, --apply does it"),
    "person": ("daemon.commands.person", "what is kept about a mail address; erase it on request"),
    "verify": ("daemon.commands.check", "the journal's chain, the conservation law, the mailbox against the ledger"),
}
"""Name -> (module, one line for ``--help``)."""


FIRST_DAY = date(1900, 1, 1)
MOST = 2**63 - 1
"""The largest number that a database takes."""


def day(text: str) -> date:
    """The day of an option, ``YYYY-MM-DD``. Raises ``ArgumentTypeError``, which argparse reports in one line."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a date (YYYY-MM-DD): {text!r}") from None
    if found < FIRST_DAY:
        raise argparse.ArgumentTypeError(f"no day before {FIRST_DAY} is known here: {text!r}")
    return found


def number(text: str) -> int:
    """A number from 1, of a mail or of lines. Raises ``ArgumentTypeError`` too."""
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and 1 <= int(text) <= MOST):
        raise argparse.ArgumentTypeError(f"not a number from 1: {text!r}")
    return int(text)
