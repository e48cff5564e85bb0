"""``doithoai backup FILE``: a complete copy of the register while the daemon works; the copy is checked.

``doithoai restore [FILE]``: restore a backup and read the mailbox again, writing to no citizen twice.

Before the loss, the mails in the folders of the fates had been decided on, and their senders had been written to.
They are read again in their order of arrival, so that they get the same numbers and tags; mail to citizens is written
to the outbox as failed, where a person sees it and sends what is missing (``mail retry --sent``).
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, func, select, update

from daemon.base import clock
from daemon.base.atomic_files import disk_faults
from daemon.base.errors import ConfigurationError, DoithoaiError, PermanentError, TemporaryError, UnreadableMail
from daemon.config.config import Config, load_config
from daemon.config.database import database_faults, transaction
from daemon.installation.apply_decision import apply_decision
from daemon.installation.installation import Installation, build_installation
from daemon.loop.fetch import portions
from daemon.mailbox.mailbox import MailboxClient
from db.core import counters, journal
from db.core.engine import DatabaseInUseError, note_backup, open_engine, sole_daemon, sqlite_path, take_place, upgrade
from db.core.journal import Entry
from db.core.tables import outbox, raw_mail
from db.mails import ledger
from db.mails.ledger import Arrived
from db.outbox.kept_back import NOT_SENT_AGAIN, RESTORED_AT
from db.outbox.leader import Presence
from rules.decide.base.notices import to_people
from rules.law.working_days import city_moment

IN_ONE_GO = -1
"""Pages: all of them in one read transaction. If it copied in batches, SQLite would begin anew after every commit."""
MARGIN = timedelta(days=2)
"""Mails from this long before the backup are compared too: a mail may have been moved long after it came."""


def add(subparsers: Any) -> None:
    """Register both commands."""
    copying = subparsers.add_parser("backup", help="copy the database while the daemon works (SQLite)")
    copying.add_argument("file", type=Path, help="the copy; must not exist yet")
    copying.set_defaults(run=back_up)
    parser = subparsers.add_parser("restore", help="lay a backup back, and read again what came after it")
    parser.add_argument(
        "file", type=Path, nargs="?", help="the copy (SQLite); PostgreSQL: after pg_restore, without it"
    )
    parser.add_argument(
        "--offline", action="store_true", help="do not look into the mailbox (then nothing is read again)"
    )
    parser.set_defaults(run=restore)


def back_up(args: argparse.Namespace) -> int:
    """0 when the copy is complete and noted for ``status``. Overwrites no file; for PostgreSQL it names the tool."""
    config = load_config(args.config)
    source = sqlite_path(config.database.full_url().get_secret_value())
    if source is None:
        raise ConfigurationError("backup: the database is PostgreSQL; use pg_dump --format=custom")
    if not source.is_file():
        raise PermanentError(f"backup: there is no database {source}")
    if args.file.exists():
        raise PermanentError(f"backup: {args.file} exists already")
    if not args.file.absolute().parent.is_dir():
        raise PermanentError(f"backup: there is no folder {args.file.absolute().parent}")
    copy(source, args.file)
    print(f"ok  {args.file}: {args.file.stat().st_size} bytes, checked")  # noqa: T201
    with disk_faults(source.parent):
        note_backup(source, args.file)
    return 0


def copy(source: Path, target: Path) -> None:
    """SQLite's online backup into a file that gets its name only when complete. Raises ``TemporaryError``."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.touch(mode=0o600)
        with (
            closing(sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(part)) as new,
        ):
            old.backup(new, pages=IN_ONE_GO)
            (verdict,) = new.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise TemporaryError(f"backup: the copy is damaged: {verdict}")
        part.rename(target)
    except (sqlite3.Error, OSError) as error:
        raise TemporaryError(f"backup: {error}") from None
    finally:
        part.unlink(missing_ok=True)


def restore(args: argparse.Namespace) -> int:
    """0 when the register is restored, 1 when mails came damaged. The old database is kept beside it.

    Refused while a daemon runs. What gets the register's name has the mark of the restore already and keeps back what
    waits, so that a daemon that starts after an error or a kill writes to nobody twice.
    """
    config = load_config(args.config)
    url = config.database.full_url().get_secret_value()
    target = sqlite_path(url)
    if target is None and args.file is not None:
        raise ConfigurationError("restore: the database is PostgreSQL; use pg_restore, then restore without a file")
    if target is not None and args.file is not None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # on a machine where no service ran yet
    try:
        with sole_daemon(url):
            installation = build_installation(config, config.secrets.signing_key(), clock.now)
            if target is None or args.file is None:
                return _read_into(url, installation, offline=args.offline)
            return _lay_back_and_read(target, args.file, url, installation, offline=args.offline)
    except DatabaseInUseError as error:
        raise TemporaryError(str(error)) from None


def _lay_back_and_read(target: Path, backup: Path, url: str, installation: Installation, *, offline: bool) -> int:
    """SQLite: make the new register beside the old one, reach the mailbox, and only then change the two."""
    fresh = target.with_name(f"{target.name}.restored")
    try:
        _prepare(fresh, backup)
        with _mailbox(installation.config, offline=offline, otherwise=NOTHING_DONE) as client:
            take_place(fresh, target, target.with_name(f"{target.name}.before-{clock.now():%Y%m%d-%H%M%S}"))
            return _read(url, installation, client)
    finally:
        _remove(fresh)


def _prepare(fresh: Path, backup: Path) -> None:
    """A checked, migrated copy of the backup that is marked as restored and keeps back what waits."""
    if not backup.is_file():
        raise PermanentError(f"restore: there is no file {backup}")
    _remove(fresh)
    copy(backup, fresh)  # checks it
    with closing(sqlite3.connect(fresh)) as opened:
        tables = opened.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('raw_mail', 'journal')").fetchone()
    if tables != (2,):
        raise PermanentError(f"restore: {backup} is no register of this program")
    engine = open_engine(f"sqlite:///{fresh}")
    try:
        with database_faults(engine):
            upgrade(engine)
        _mark(engine, clock.now())
    finally:
        engine.dispose()  # the last connection brings what stands in the WAL into the file


def _remove(fresh: Path) -> None:
    """Also what a killed restore left beside it: SQLite would read a WAL of this name into the next copy."""
    for ending in ("", "-wal", "-shm"):
        fresh.with_name(fresh.name + ending).unlink(missing_ok=True)


def _read_into(url: str, installation: Installation, *, offline: bool) -> int:
    """Restore the register that is there: PostgreSQL's after pg_restore, or one whose folders were not read yet."""
    engine = open_engine(url)
    presence = Presence(engine, "restore")
    try:
        with database_faults(engine):
            upgrade(engine)
        if not presence.may_poll(installation.config.mailbox.address):
            raise DatabaseInUseError("a daemon is working on this database: stop all of them first")
        _mark(engine, clock.now())
        with _mailbox(installation.config, offline=offline, otherwise=IN_PLACE) as client:
            return _read(url, installation, client)
    finally:
        presence.hide()
        engine.dispose()


NOTHING_DONE = "nothing was laid back, the register is as it was"
IN_PLACE = (
    "the restored register is in place and keeps back what waited for citizens, but the folders were not read:"
    " run `doithoai restore` again, without a file, before the service starts"
)


@contextmanager
def _mailbox(config: Config, *, offline: bool, otherwise: str) -> Iterator[MailboxClient | None]:
    """The mailbox with all its folders, None when offline; ``otherwise`` ends the error when it cannot be reached."""
    with ExitStack() as opened:
        client = None
        if not offline:
            try:
                client = opened.enter_context(MailboxClient.connect(config.imap.for_client()))
                client.ensure_folders(config.imap.folders.names())
            except DoithoaiError as error:
                raise _with(error, otherwise) from None
        yield client


def _with(error: DoithoaiError, what: str) -> DoithoaiError:
    """The same error, with a second line that says what is in place."""
    stays = isinstance(error, ConfigurationError)
    return (ConfigurationError if stays else TemporaryError)(f"{error}\n{what}")


def _read(url: str, installation: Installation, client: MailboxClient | None) -> int:
    engine = open_engine(url)
    try:
        done = after_restore(engine, installation, client)
    except DoithoaiError as error:
        raise _with(error, IN_PLACE) from None
    finally:
        engine.dispose()
    until = f"{done.known_until:%Y-%m-%d %H:%M} UTC" if done.known_until else "before the first mail"
    print(f"ok  the register is as of {until}; {done.read_again} mails of the folders will be read again")  # noqa: T201
    print(f"ok  {done.kept_back} mails to citizens kept back: doithoai mail list --sent --status failed")  # noqa: T201
    for one in done.damaged:
        sys.stderr.write(f"doithoai restore: not read, look at it in the mailbox: {one}\n")
    return 1 if done.damaged else 0


@dataclass(frozen=True, slots=True)
class Restored:
    """The last mail in the backup, the numbers of mails read again and of ours kept back, what came damaged."""

    known_until: datetime | None
    read_again: int
    kept_back: int
    damaged: tuple[str, ...] = ()


_READS_FROM = "restore_reads_from"
"""The state that says until when the backup knew (:data:`_ALL`: nothing), as long as the folders wait to be read."""
_ALL = "beginning"


def _mark(engine: Engine, now: datetime) -> None:
    """Store the time of the restore, and keep back the mails that waited in the backup: they may have left since."""
    waits = outbox.c.status.in_(["pending", "sending", "unknown"])
    values = {"status": "failed", "claimed_by": "", "smtp_text": NOT_SENT_AGAIN}
    with transaction(engine) as connection:
        journal.take_turn(connection)
        counters.set_instant(connection, RESTORED_AT, now)
        if not counters.get_state(connection, _READS_FROM):
            until = _known_until(connection)
            counters.set_state(connection, _READS_FROM, until.isoformat() if until else _ALL)
        connection.execute(update(outbox).where(waits, outbox.c.role == "citizen").values(**values))


def after_restore(engine: Engine, installation: Installation, client: MailboxClient | None) -> Restored:
    """Read the folders of a register that is marked as restored, and tell the officers.

    With ``client`` None the mailbox is not opened, and what lies in its folders is then not in the register.
    """
    now = installation.clock()
    with transaction(engine) as connection:
        known = counters.get_state(connection, _READS_FROM)
        until = None if known == _ALL else datetime.fromisoformat(known)
        kept = connection.execute(_KEPT_BACK).scalar_one()
    again, damaged = _read_again(engine, installation, client, until, now) if client is not None else (0, [])
    done = Restored(until, again, kept, tuple(damaged))
    with transaction(engine) as connection:
        entry = Entry(
            "restored", "Phục hồi từ bản sao lưu", actor="operator", data={"mails": again, "kept_back": kept}
        )
        journal.append(connection, entry, now)
        counters.set_state(connection, _READS_FROM, "")
        apply_decision(connection, installation, _alert(installation, done, now), now)
    return done


_KEPT_BACK = select(func.count()).where(outbox.c.status == "failed", outbox.c.smtp_text == NOT_SENT_AGAIN)


def _known_until(connection: Connection) -> datetime | None:
    instants = [
        counters.get_instant(connection, "last_pass"),
        connection.execute(select(func.max(raw_mail.c.stored_at))).scalar_one(),
    ]
    return max((one for one in instants if one is not None), default=None)


def _read_again(
    engine: Engine, installation: Installation, client: MailboxClient, until: datetime | None, now: datetime
) -> tuple[int, list[str]]:
    """Take in the mails in our folders that the ledger does not know, the oldest first; returns how many.

    Their bytes are stored as they come, a portion at a time; their rows follow in one transaction, so that a broken
    connection leaves none of them and the next restore asks for all. Also named is each mail that came damaged.
    """
    rows: list[dict[str, Any]] = []
    damaged: list[str] = []
    since = (until - MARGIN).date() if until is not None else None
    for folder in installation.config.imap.folders.names():
        uidvalidity = client.open(folder, readonly=True)
        place = f"{installation.config.mailbox.address}#{folder}"
        for portion in portions(_all_of(client, folder, client.uids(since=since), damaged)):
            with transaction(engine) as connection:
                new = [one for one in portion if not ledger.is_known(connection, one.raw)]
                rows += ledger.keep_bytes(connection, place, uidvalidity, new, now)
    with transaction(engine) as connection:
        count = ledger.enter(connection, sorted(rows, key=lambda row: row["internaldate"]))
        lies_there = raw_mail.c.mailbox.startswith(f"{installation.config.mailbox.address}#", autoescape=True)
        waits = raw_mail.c.server_state == "waiting"  # what was told as deleted before is not told again
        connection.execute(update(raw_mail).where(lies_there, waits).values(server_state="moved"))
    return count, damaged


def _all_of(client: MailboxClient, folder: str, uids: list[int], damaged: list[str]) -> Iterator[Arrived]:
    """Every mail that comes whole: what a fetch left out is asked for once more, until the server says why."""
    left = uids
    while left:
        came: set[int] = set()
        try:
            for one in client.fetch(left):
                came.add(one.uid)
                yield Arrived(one.uid, one.raw, one.internaldate)
        except UnreadableMail as error:
            damaged += (f"{folder}: UID {uid} {why}" for uid, why in error.reasons.items())
            return
        left = [uid for uid in left if uid not in came] if came else []


def _alert(installation: Installation, done: Restored, now: datetime) -> tuple[Any, ...]:
    when = city_moment(done.known_until) if done.known_until else "chưa có thư nào"
    unread = f"{len(done.damaged)} thư trong hộp thư không đọc được nguyên vẹn, chưa có trong sổ: "
    values = {
        "what": "Sổ vừa được phục hồi từ bản sao lưu",
        "details": [
            f"Bản sao có dữ liệu đến {when}; {done.read_again} thư đến sau đó được đọc lại từ các thư mục"
            " của hộp thư.",
            "Người dân không nhận lại thư nào. Thư lẽ ra gửi cho người dân được giữ với trạng thái “failed”; thư "
            f"đã giữ khi phục hồi: {done.kept_back}. Đề nghị đối chiếu với hộp thư và gửi thư còn thiếu: "
            "doithoai mail list --sent --status failed, rồi doithoai mail retry --sent SỐ.",
            "Đơn vị có thể nhận lại thư chuyển câu hỏi; lệnh gõ trên máy (không qua thư) sau bản sao phải làm lại.",
            *([unread + "; ".join(done.damaged[:3])] if done.damaged else []),
        ],
        "commands": [],
    }
    return to_people("officer_alert", installation.board.officers, "", values, key=f"restored:{now:%Y%m%d%H%M%S}")
