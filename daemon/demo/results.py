"""What came of it, counted from the stores: the database, the IMAP folders, what the SMTP server took.

The timeline on the screen: one line a scene, under the day it happened on.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from daemon.config.database import transaction
from daemon.demo.installation import Town
from daemon.demo.letters import CITY, read
from daemon.demo.stage import Scene
from db.core import journal
from db.core.tables import assignment, duty, outbox, question, raw_mail
from db.reports import conservation

ANSWERED = ("answered", "approved", "published")


def _count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def summary(town: Town) -> dict[str, int]:
    """The numbers of the last line of ``demo --json``.

    ``registered`` questions in the register; ``forwarded`` of them went to a unit; ``answered``, ``rejected``
    how they ended, mails rejected without a number among the latter; ``waiting`` neither;
    ``notified`` mails sent to citizens; ``late`` answers that units owed past their due date;
    ``lost`` and ``duplicated``: see there.
    """
    with transaction(town.engine) as connection:
        fates = Counter[str](row.fate for row in connection.execute(select(raw_mail.c.fate)))
        registered = _count(connection, question)
        leads = select(assignment.c.id).where(assignment.c.role == "lead")
        rejected_questions = _count(connection, question, question.c.status == "rejected")
        answered = _count(connection, question, question.c.status.in_(ANSWERED))
        return {
            "registered": registered,
            "forwarded": _forwarded(connection),
            "answered": answered,
            "notified": _count(connection, outbox, outbox.c.role == "citizen", outbox.c.status == "sent"),
            "rejected": rejected_questions + fates["reject"],
            "late": _count(connection, duty, duty.c.assignment_id.in_(leads), duty.c.was_late.is_(True)),
            "lost": len(lost(town, connection)),
            "duplicated": len(duplicated(town, connection)),
            "waiting": registered - answered - rejected_questions,
            "held": _count(connection, raw_mail, raw_mail.c.status == "held"),
            "ignored": fates["ignore"],
            "quarantined": _count(connection, raw_mail, raw_mail.c.status == "quarantined"),
            "bounced": _count(connection, outbox, outbox.c.bounced_at.is_not(None)),
            "mails_in": _count(connection, raw_mail),
            "mails_out": _count(connection, outbox, outbox.c.sent_at.is_not(None)),
        }


def _forwarded(connection: Connection) -> int:
    return int(connection.execute(select(func.count(assignment.c.question_id.distinct()))).scalar_one())


def lost(town: Town, connection: Connection) -> list[str]:
    """Mails that the IMAP server has and the ledger does not, or whose fate does not show on the server;
    mails marked as sent that the SMTP server never took; and every fault of the books."""
    mailbox = town.play.mailbox
    on_server = sum(len(town.servers.mails(mailbox, folder)) for folder in town.servers.folders(mailbox))
    in_ledger = _count(connection, raw_mail)
    left = len(town.servers.mails(mailbox))
    taken = _taken(town)
    missing = [
        row.message_id
        for row in connection.execute(select(outbox.c.message_id).where(outbox.c.status == "sent"))
        if not taken[f"<{row.message_id.strip('<>')}>"]
    ]
    faults = [f"{on_server} mails on the server, {in_ledger} in the ledger"] if on_server != in_ledger else []
    faults += [f"{left} mails are still in INBOX"] if left else []
    faults += [f"{message_id} was never taken" for message_id in missing]
    broken = journal.broken_link(connection)
    return [*faults, *conservation.conservation_faults(connection), *([broken.what] if broken else [])]


def duplicated(town: Town, connection: Connection) -> list[str]:
    """Mails that went out more than once, and mails of people that were registered more than once."""
    twice = [f"{message_id} went out {count} times" for message_id, count in _taken(town).items() if count > 1]
    identities = select(raw_mail.c.identity).where(raw_mail.c.fate == "register")
    registered = Counter[str](row.identity for row in connection.execute(identities))
    return twice + [f"a mail was registered {count} times" for count in registered.values() if count > 1]


def _taken(town: Town) -> Counter[str]:
    """How often the SMTP server took each Message-ID of ours."""
    own = town.play.mailbox.partition("@")[0] + "+"
    return Counter(read(sent.raw).message_id for sent in town.servers.sent if sent.sender.startswith(own))


def register_rows(connection: Connection) -> list[dict[str, Any]]:
    """The register for the page, oldest first, each question with its units."""
    rows = [dict(row._mapping) for row in connection.execute(select(question).order_by(question.c.id))]
    for row in rows:
        held = connection.execute(
            select(assignment).where(assignment.c.question_id == row["id"]).order_by(assignment.c.id)
        )
        row["assignments"] = [dict(one._mapping) for one in held]
    return rows


WIDTH = 76
FATES = {
    "register": "registered",
    "attach": "attached to its case",
    "hold": "held for an officer",
    "reject": "rejected",
    "ignore": "filed, never answered",
    "quarantine": "quarantined",
}
LABELS = {
    "registered": "questions registered",
    "forwarded": "forwarded to a department",
    "answered": "answered",
    "notified": "mails to citizens",
    "rejected": "rejected, with the reason",
    "late": "departments' answers late, citizens told",
    "lost": "lost",
    "duplicated": "registered or sent twice",
    "waiting": "still open",
    "held": "held for a person",
    "bounced": "came back undeliverable",
    "mails_in": "mails in",
    "mails_out": "mails out",
}


class Screen:
    """Prints scenes as they come, and remembers them for the page."""

    def __init__(self) -> None:
        self.scenes: list[Scene] = []
        self._day: date | None = None

    def __call__(self, scene: Scene) -> None:
        """One more scene."""
        self.scenes.append(scene)
        at = scene.at.astimezone(CITY)
        if at.date() != self._day:
            self._day = at.date()
            _say(f"\n{at:%A %d %B %Y}")
        _say(f"  {at:%H:%M} {_line(scene)}")


def _line(scene: Scene) -> str:
    match scene.way:
        case "in":
            note = f"  ({scene.note})" if scene.note else ""
            return f"-> {_short(scene.who, 24)}: {_short(scene.what)}{note}"
        case "out":
            return f"<- {_short(scene.who, 30)}: {_short(scene.what)}"
        case "desk":
            return f"## {scene.what}"
        case _:
            state = f", {scene.note}" if scene.note in {"held", "quarantined"} and scene.who != "hold" else ""
            return f"   = {FATES.get(scene.who, scene.who)}{state}"


def _short(text: str, width: int = WIDTH) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def tell_summary(figures: Mapping[str, int], seconds: float) -> None:
    """What came of it, a line each."""
    _say("\nWhat came of it (counted from the database and the mail servers):")
    for key, label in LABELS.items():
        _say(f"  {figures[key]:>4}  {label}")
    _say(f"  {figures['days']} days passed in {seconds:.1f} seconds.")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
