"""Mail in: from the server into the ledger, committed before anything changes on the server; then into folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from daemon.base.errors import NeverStartsError
from daemon.base.logs import Log
from daemon.config.database import transaction
from daemon.mailbox.mailbox import MailboxClient
from db.core import counters
from db.core.crash_points import reached
from db.mails import ledger
from db.mails.ledger import Arrived
from rules.law.working_days import city_day

log = Log("fetch")

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
