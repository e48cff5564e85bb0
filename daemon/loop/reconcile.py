"""Once a night: does each mail lie where the ledger says? Officers are told which mails people moved or deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine

from daemon.base.logs import Log
from daemon.config.config import Config
from daemon.config.database import transaction
from daemon.installation.apply_decision import apply_decision
from daemon.installation.installation import Installation
from daemon.loop.fetch import received_since
from daemon.mailbox.mailbox import MailboxClient
from daemon.parsing.opening import one_id
from db.core import counters
from db.mails import ledger
from db.reports import conservation
from db.reports.conservation import Filed
from rules.decide.due.overviews import Missing, decide_reconciled
from rules.law.working_days import CITY_ZONE

log = Log("reconcile")

LAST_DAY = "reconciled_day"
PROBE = "probe-"
"""How the Message-IDs of the mails begin that ``doithoai check`` sends to the mailbox."""
NIGHT = range(1, 6)
"""The city's hours in which it runs; a daemon that was down all night runs it the next night."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The differences found. ``inbox`` and ``unknown`` count the UIDs in INBOX and those of them still to be fetched.

    ``missing``: moved or deleted by people. ``filed``: in their folder although a crash hid it. ``returned``: in
    INBOX although they were moved.
    """

    inbox: int
    unknown: int
    missing: tuple[Missing, ...]
    filed: tuple[int, ...]
    returned: tuple[int, ...]
    older: int = 0
    """Mails in INBOX from before ``mailbox.since``, which are not ours."""


def is_due(engine: Engine, installation: Installation) -> bool:
    """True at night, if it has not run yet this day."""
    now = installation.clock().astimezone(CITY_ZONE)
    with transaction(engine) as connection:
        last = counters.get_state(connection, LAST_DAY)
    return now.hour in NIGHT and last != now.date().isoformat()


def reconcile_mailbox(client: MailboxClient, engine: Engine, installation: Installation) -> Compared:
    """Compare, write the journal, tell the officers. INBOX is not the open folder afterwards."""
    found = compare(client, engine, installation.config)
    now = installation.clock()
    day = installation.board.law.today(now)
    with transaction(engine) as connection:
        apply_decision(
            connection, installation, decide_reconciled(found.missing, found.returned, installation.board, day), now
        )
        conservation.mark(connection, [one.mail for one in found.missing], "told")
        conservation.mark(connection, found.filed, "moved")
        counters.set_state(connection, LAST_DAY, day.isoformat())
    log.info("reconciled", missing=len(found.missing), returned=len(found.returned))
    return found


def compare(client: MailboxClient, engine: Engine, config: Config) -> Compared:
    """Find the differences; a mail that lies in INBOX although it was moved is marked to be moved again."""
    mailbox = config.mailbox.address
    uidvalidity = client.open("INBOX", readonly=True)
    uids = client.uids()
    with transaction(engine) as connection:
        returned = conservation.returned(connection, mailbox, uidvalidity, uids)
        unknown = ledger.unknown_uids(connection, mailbox, uidvalidity, uids)
        moved, taken = conservation.filed(connection, mailbox), conservation.taken(connection, mailbox, uidvalidity)
    since = config.mailbox.since
    ours = received_since(client, since) if since is not None else set(uids)
    older = len([uid for uid in unknown if uid not in ours])
    names: dict[str, str] = config.imap.folders.model_dump()
    shelf = Shelf(client, names)
    wanted = [one for one in moved if one.message_id and one.folder in names and not _is_probe(one)]
    lost = [one for one in wanted if not shelf.holds(one)]
    away = [one for one in taken if not _is_probe(one) and not shelf.holds(one)]
    places = _places(client, (one.message_id for one in (*lost, *away)))
    missing = [
        *(_missing(one, names[one.folder], places) for one in lost),
        *(_missing(one, "INBOX", places) for one in away),
    ]
    known = {one.id for one in away}
    filed = tuple(one.id for one in taken if one.id not in known)
    return Compared(len(uids), len(unknown) - older, tuple(missing), filed, tuple(returned), older)


def _is_probe(one: Filed) -> bool:
    """True for a mail by which ``doithoai check`` tried the server, and which it has taken away again itself."""
    return one.folder == "automatic" and one.message_id.removeprefix("<").startswith(PROBE)


class Shelf:
    """The content of our folders by Message-ID; each folder is read once, and only when somebody asks about it.

    A mail that an officer settled, or that was read again, lies where it was moved first.
    """

    def __init__(self, client: MailboxClient, names: dict[str, str]) -> None:
        self._client = client
        self._names = names
        self._there: dict[str, Counter[str]] = {}

    def holds(self, one: Filed) -> bool:
        """True when the mail lies where it should; it is taken off, so that one copy never counts for two mails."""
        names = [self._names[key] for key in (one.folder, "held", "quarantine") if key in self._names]
        for name in dict.fromkeys([*names, one.read_in]):
            if name and one.message_id:
                there = self._read(name)
                if there[one.message_id] > 0:
                    there[one.message_id] -= 1
                    return True
        return False

    def _read(self, folder: str) -> Counter[str]:
        if folder not in self._there:
            self._there[folder] = Counter(_ids_in(self._client, folder))
        return self._there[folder]


def _missing(one: Filed, folder: str, places: dict[str, str]) -> Missing:
    return Missing(one.id, one.code, folder, places.get(one.message_id, "") if one.message_id else None)


def _places(client: MailboxClient, wanted: Iterable[str]) -> dict[str, str]:
    """Message-ID → the folder, ours or not, in which a mail with this id lies."""
    sought = {one for one in wanted if one}
    found: dict[str, str] = {}
    for folder in client.folders() if sought else ():
        found |= {one: folder for one in _ids_in(client, folder) if one in sought}
    return found


def _ids_in(client: MailboxClient, folder: str) -> list[str]:
    """The Message-IDs as the ledger has them; none for a folder that does not exist."""
    if folder != "INBOX" and folder not in client.folders():
        return []
    client.open(folder, readonly=True)
    return [one_id(value) for value in client.message_ids(client.uids()).values()]


def told_of(found: Compared) -> list[str]:
    """One line per finding for the console: numbers of mails, never the sender."""
    lines = [_told(one) for one in found.missing]
    if found.returned:
        numbers = ", ".join(map(str, found.returned[:20]))
        lines.append(f"mails {numbers} lie in INBOX although they were moved: the next pass moves them again")
    return lines


def _told(one: Missing) -> str:
    if one.now_in == one.folder:
        return f"mail {one.mail}: fewer copies of it lie in {one.folder} than were moved there"
    where = f"it lies in {one.now_in}" if one.now_in else "where it lies is not known"
    return f"mail {one.mail} was moved or deleted in {one.folder} by people; {where}"
