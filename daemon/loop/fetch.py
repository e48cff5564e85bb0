"""Mail in: from the server into the ledger, committed before anything changes on the server; then into folders.

Once a night: does each mail lie where the ledger says? Officers are told which mails people moved or deleted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from daemon.base.errors import NeverStartsError
from daemon.base.logs import Log
from daemon.config.config import Config
from daemon.config.database import transaction
from daemon.installation.apply_decision import apply_decision
from daemon.installation.installation import Installation
from daemon.mailbox.mailbox import MailboxClient
from daemon.parsing.opening import one_id
from db.core import counters
from db.core.engine import reached
from db.mails import ledger
from db.mails.ledger import Arrived
from db.reports import conservation
from db.reports.conservation import Filed
from rules.decide.due.overviews import Missing, decide_reconciled
from rules.law.working_days import CITY_ZONE, city_day

log = Log("fetch")
reconcile_log = Log("reconcile")

# One commit stores at most this many bytes: a batch of large mails must not fill the memory.
COMMIT_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened mailbox: its name in the ledger, and its UIDVALIDITY (RFC 3501 §2.3.1.1)."""

    mailbox: str
    uidvalidity: int


def open_inbox(client: MailboxClient, engine: Engine, mailbox: str, *, readonly: bool = False) -> Opened:
    """Open INBOX and notice a changed UIDVALIDITY, after which the old UIDs are void."""
    uidvalidity = client.open("INBOX", readonly=readonly)
    name = f"uidvalidity:{mailbox}"
    with transaction(engine) as connection:
        before = counters.get_state(connection, name)
        if before != str(uidvalidity):
            counters.set_state(connection, name, str(uidvalidity))
            if before:
                forgotten = ledger.forget_other_uidvalidity(connection, mailbox, uidvalidity)
                log.warning("uidvalidity_changed", before=before, now=uidvalidity, forgotten=forgotten)
    reached("fetch.opened")
    return Opened(mailbox, uidvalidity)


def fetch_new(
    client: MailboxClient,
    engine: Engine,
    opened: Opened,
    clock: Callable[[], datetime],
    alive: Callable[[], None],
    since: date | None = None,
) -> int:
    """Store every mail that the ledger does not know; returns how many. ``alive`` is called between commits.

    Mails that the server received before ``since`` are counted and left. Without it the first fetch from a mailbox
    that people have used raises :class:`daemon.base.errors.NeverStartsError`: old letters would all be answered.

    Neither \\Seen nor any other flag matters, because people read the mailbox too.
    """
    uids = client.uids()
    with transaction(engine) as connection:
        new = ledger.unknown_uids(connection, opened.mailbox, opened.uidvalidity, uids)
        gone = ledger.vanished(connection, opened.mailbox, opened.uidvalidity, set(uids))
        first = counters.get_instant(connection, counters.LAST_POLL) is None
    if gone:
        log.info("moved_by_people", count=gone)
    if since is not None:
        new = _without_older(client, engine, opened, new, since)
    elif first:
        _refuse_used(client, new, city_day(clock()))
    reached("fetch.listed")
    count = 0
    for portion in portions(Arrived(one.uid, one.raw, one.internaldate) for one in client.fetch(new)):
        reached("fetch.before_store")
        with transaction(engine) as connection:
            count += ledger.store(connection, opened.mailbox, opened.uidvalidity, portion, clock())
        reached("fetch.stored")
        alive()
    return count


def _without_older(client: MailboxClient, engine: Engine, opened: Opened, new: list[int], since: date) -> list[int]:
    """The UIDs received on that day or later; the older ones are counted, and logged when their number changes."""
    recent = received_since(client, since) if new else set()
    taken = [uid for uid in new if uid in recent]
    older, name = len(new) - len(taken), f"older_left:{opened.mailbox}"
    with transaction(engine) as connection:
        changed = (counters.get_state(connection, name) or "0") != str(older)
        if changed:
            counters.set_state(connection, name, str(older))
    if changed:
        log.info("older_left", count=older, since=since)
    return taken


def received_since(client: MailboxClient, day: date) -> set[int]:
    """The UIDs in the open folder that the server received on that day of the city's, or later.

    A server searches by days of its own clock, whatever the zone (RFC 9051 §6.4.4). So for mails near the beginning
    of the day their exact time is asked for; a mail without one is included, since it must not be lost.
    """
    later = set(client.uids(day + timedelta(days=1)))
    near = [uid for uid in client.uids(day - timedelta(days=1)) if uid not in later]
    moments = client.received(near)
    return later.union(uid for uid in near if uid not in moments or city_day(moments[uid]) >= day)


def _refuse_used(client: MailboxClient, new: list[int], today: date) -> None:
    if used := used_before(client, new, today):
        raise NeverStartsError("; ".join(used))


def used_before(client: MailboxClient, uids: list[int], today: date) -> tuple[str, str] | None:
    """Why a first start would answer letters that people have dealt with, and the remedy; None for a new mailbox.

    A new mailbox holds only mails of yesterday and today, read or not: an officer may look into it beside the daemon.
    """
    recent = received_since(client, today - timedelta(days=1)) if uids else set()
    older = len([uid for uid in uids if uid not in recent])
    if not older:
        return None
    return (
        f"INBOX holds {older} mails received before yesterday",
        f"to leave old mails alone write since = {today.isoformat()} under [mailbox], "
        "to have all of them answered since = 2000-01-01",
    )


def portions(arriving: Iterator[Arrived]) -> Iterator[list[Arrived]]:
    """Lists of at most 50 mails and about :data:`COMMIT_BYTES` bytes."""
    portion: list[Arrived] = []
    size = 0
    for mail in arriving:
        portion.append(mail)
        size += len(mail.raw)
        if size >= COMMIT_BYTES or len(portion) >= 50:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def move_decided(client: MailboxClient, engine: Engine, opened: Opened, folders: Mapping[str, str]) -> int:
    """Move every decided mail to the folder that shows its fate; returns how many.

    A mail that a person has taken away meanwhile is noted as gone: its fate stands in the database.
    """
    moved = 0
    while True:
        with transaction(engine) as connection:
            waiting = ledger.waiting_to_move(connection, opened.mailbox, opened.uidvalidity)
        if not waiting:
            return moved
        by_folder: dict[str, list[tuple[int, int]]] = {}
        for row in waiting:
            by_folder.setdefault(folders[row.target_folder], []).append((row.id, row.uid))
        for folder, members in by_folder.items():
            moved += _move(client, engine, folder, members)


def _move(client: MailboxClient, engine: Engine, folder: str, members: list[tuple[int, int]]) -> int:
    reached("move.listed")
    present = set(client.uids())
    there = [uid for _, uid in members if uid in present]
    if there:
        reached("move.before")
        client.move(there, folder)
    reached("move.moved")
    with transaction(engine) as connection:
        ledger.mark_server_state(connection, [each for each, uid in members if uid in present], "moved")
        ledger.mark_server_state(connection, [each for each, uid in members if uid not in present], "gone")
    reached("move.noted")
    return len(there)


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
    comparison = compare(client, engine, installation.config)
    now = installation.clock()
    day = installation.board.law.today(now)
    with transaction(engine) as connection:
        apply_decision(
            connection,
            installation,
            decide_reconciled(comparison.missing, comparison.returned, installation.board, day),
            now,
        )
        conservation.mark(connection, [one.mail for one in comparison.missing], "told")
        conservation.mark(connection, comparison.filed, "moved")
        counters.set_state(connection, LAST_DAY, day.isoformat())
    reconcile_log.info("reconciled", missing=len(comparison.missing), returned=len(comparison.returned))
    return comparison


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


def told_of(comparison: Compared) -> list[str]:
    """One line per finding for the console: numbers of mails, never the sender."""
    lines = [_told(one) for one in comparison.missing]
    if comparison.returned:
        numbers = ", ".join(map(str, comparison.returned[:20]))
        lines.append(f"mails {numbers} lie in INBOX although they were moved: the next pass moves them again")
    return lines


def _told(one: Missing) -> str:
    if one.now_in == one.folder:
        return f"mail {one.mail}: fewer copies of it lie in {one.folder} than were moved there"
    where = f"it lies in {one.now_in}" if one.now_in else "where it lies is not known"
    return f"mail {one.mail} was moved or deleted in {one.folder} by people; {where}"
