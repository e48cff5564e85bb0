"""``doithoai backup FILE``: a complete copy of the register while the daemon works; the copy is checked.

``doithoai restore [FILE]``: restore a backup and read the mailbox again, writing to no citizen twice.

The lost state had decided on the mails that lie in the folders of the fates, and had written to their senders. They
are read again in their order of arrival, so that they get the same numbers and tags; mail to citizens is written to
the outbox as failed, where a person sees it and sends what is missing (``mail retry --sent``).
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, or_, select, update

from daemon.base import clock
from daemon.base.errors import ConfigurationError, PermanentError, TemporaryError
from daemon.config.config import Config, load_config
from daemon.config.database import transaction
from daemon.installation.apply_decision import apply_decision
from daemon.installation.installation import Installation, build_installation
from daemon.mailbox.mailbox import MailboxClient
from db.core import counters, journal
from db.core.engine import DatabaseInUseError, give_to_folder, open_engine, sole_daemon, sqlite_path, upgrade
from db.core.journal import Entry
from db.core.tables import outbox, raw_mail
from db.mails import ledger
from db.mails.identity import identity_of
from db.mails.ledger import Arrived
from db.outbox.kept_back import NOT_SENT_AGAIN, RESTORED_AT
from db.outbox.leader import Presence
from rules.decide.base.notices import to_people
from rules.law.working_days import city_moment

PAGES = 256
"""Pages copied at a time (1 MB); between two portions the daemon may write."""
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
    """0 when the copy is complete. Never overwrites a file; for PostgreSQL it names the tool to use."""
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
    return 0


def copy(source: Path, target: Path) -> None:
    """SQLite's online backup into a file that gets its name only when complete. Raises ``TemporaryError``."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.touch(mode=0o600)
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(part)) as new,
        ):
            old.backup(new, pages=PAGES)
            (verdict,) = new.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise TemporaryError(f"backup: the copy is damaged: {verdict}")
        part.rename(target)
    except (sqlite3.Error, OSError) as error:
        raise TemporaryError(f"backup: {error}") from None
    finally:
        part.unlink(missing_ok=True)


def restore(args: argparse.Namespace) -> int:
    """0 when the register is restored. The old database is kept beside it; refused while a daemon runs."""
    config = load_config(args.config)
    url = config.database.full_url().get_secret_value()
    target = sqlite_path(url)
    if target is not None and args.file is not None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # on a machine where no service ran yet
    try:
        with sole_daemon(url):
            if args.file is not None:
                _lay_back(target, args.file)
            return _read(config, url, offline=args.offline)
    except DatabaseInUseError as error:
        raise TemporaryError(str(error)) from None


def _lay_back(target: Path | None, backup: Path) -> None:
    if target is None:
        raise ConfigurationError("restore: the database is PostgreSQL; use pg_restore, then restore without a file")
    if not backup.is_file():
        raise PermanentError(f"restore: there is no file {backup}")
    fresh = target.with_name(f"{target.name}.restored")
    fresh.unlink(missing_ok=True)
    copy(backup, fresh)  # checks it
    with closing(sqlite3.connect(fresh)) as opened:
        tables = opened.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('raw_mail', 'journal')").fetchone()
    if tables != (2,):
        fresh.unlink()
        raise PermanentError(f"restore: {backup} is no register of this program")
    stamp = f"{clock.now():%Y%m%d-%H%M%S}"
    for ending in ("", "-wal", "-shm"):
        old = target.with_name(target.name + ending)
        if old.exists():
            shutil.move(old, target.with_name(f"{target.name}.before-{stamp}{ending}"))
    give_to_folder(fresh)
    fresh.rename(target)


def _read(config: Config, url: str, *, offline: bool) -> int:
    engine = open_engine(url)
    presence = Presence(engine, "restore")
    try:
        upgrade(engine)
        if not presence.may_poll(config.mailbox.address):
            raise DatabaseInUseError("a daemon is working on this database: stop all of them first")
        installation = build_installation(config, config.secrets.signing_key(), clock.now)
        if offline:
            done = after_restore(engine, installation, None)
        else:
            with MailboxClient.connect(config.imap.for_client()) as client:
                client.ensure_folders(config.imap.folders.names())
                done = after_restore(engine, installation, client)
    finally:
        presence.hide()
        engine.dispose()
    until = f"{done.known_until:%Y-%m-%d %H:%M} UTC" if done.known_until else "before the first mail"
    print(f"ok  the register is as of {until}; {done.read_again} mails of the folders will be read again")  # noqa: T201
    print(f"ok  {done.kept_back} mails to citizens kept back: doithoai mail list --sent --status failed")  # noqa: T201
    return 0


@dataclass(frozen=True, slots=True)
class Restored:
    """The result: the last mail in the backup, the number of mails read again, and our mails that were kept back."""

    known_until: datetime | None
    read_again: int
    kept_back: int


def after_restore(engine: Engine, installation: Installation, client: MailboxClient | None) -> Restored:
    """Store the time of the restore, keep back waiting mail to citizens, read the folders again, tell the officers.

    With ``client`` None the mailbox is not opened, and what lies in its folders is then not in the register.
    """
    now = installation.clock()
    with transaction(engine) as connection:
        until = _known_until(connection)
        counters.set_instant(connection, RESTORED_AT, now)
        kept = _keep_back_what_waits(connection)
    again = _read_again(engine, installation, client, until, now) if client is not None else 0
    with transaction(engine) as connection:
        entry = Entry(
            "restored", "Phục hồi từ bản sao lưu", actor="operator", data={"mails": again, "kept_back": kept}
        )
        journal.append(connection, entry, now)
        apply_decision(connection, installation, _alert(installation, until, again, kept, now), now)
    return Restored(until, again, kept)


def _known_until(connection: Connection) -> datetime | None:
    instants = [
        counters.get_instant(connection, "last_pass"),
        connection.execute(select(func.max(raw_mail.c.stored_at))).scalar_one(),
    ]
    return max((one for one in instants if one is not None), default=None)


def _keep_back_what_waits(connection: Connection) -> int:
    """Keep back the mails that waited in the backup, as they may have left since."""
    waits = outbox.c.status.in_(["pending", "sending", "unknown"])
    values = {"status": "failed", "claimed_by": "", "smtp_text": NOT_SENT_AGAIN}
    return connection.execute(update(outbox).where(waits, outbox.c.role == "citizen").values(**values)).rowcount


def _read_again(
    engine: Engine, installation: Installation, client: MailboxClient, until: datetime | None, now: datetime
) -> int:
    """Store the mails in our folders that the ledger does not know, the oldest first; returns how many."""
    found: list[tuple[str, int, Arrived]] = []
    since = (until - MARGIN).date() if until is not None else None
    for folder in installation.config.imap.folders.names():
        uidvalidity = client.open(folder, readonly=True)
        found += (
            (folder, uidvalidity, Arrived(one.uid, one.raw, one.internaldate))
            for one in client.fetch(client.uids(since=since))
            if not _is_known(engine, one.raw)
        )
    count = 0
    with transaction(engine) as connection:
        for folder, uidvalidity, mail in sorted(found, key=lambda each: each[2].internaldate):
            place = f"{installation.config.mailbox.address}#{folder}"
            count += ledger.store(connection, place, uidvalidity, [mail], now)
        lies_there = raw_mail.c.mailbox.startswith(f"{installation.config.mailbox.address}#", autoescape=True)
        waits = raw_mail.c.server_state == "waiting"  # what was told as deleted before is not told again
        connection.execute(update(raw_mail).where(lies_there, waits).values(server_state="moved"))
    return count


def _is_known(engine: Engine, raw: bytes) -> bool:
    with transaction(engine) as connection:
        wanted = or_(raw_mail.c.identity == identity_of(raw), raw_mail.c.sha256 == hashlib.sha256(raw).hexdigest())
        return connection.execute(select(raw_mail.c.id).where(wanted).limit(1)).first() is not None


def _alert(
    installation: Installation, until: datetime | None, again: int, kept: int, now: datetime
) -> tuple[Any, ...]:
    when = city_moment(until) if until else "chưa có thư nào"
    values = {
        "what": "Sổ vừa được phục hồi từ bản sao lưu",
        "details": [
            f"Bản sao có dữ liệu đến {when}; {again} thư đến sau đó được đọc lại từ các thư mục của hộp thư.",
            "Người dân không nhận lại thư nào. Thư lẽ ra gửi cho người dân được giữ với trạng thái “failed”; thư "
            f"đã giữ khi phục hồi: {kept}. Đề nghị đối chiếu với hộp thư và gửi thư còn thiếu: "
            "doithoai mail list --sent --status failed, rồi doithoai mail retry --sent SỐ.",
            "Đơn vị có thể nhận lại thư chuyển câu hỏi; lệnh gõ trên máy (không qua thư) sau bản sao phải làm lại.",
        ],
        "commands": [],
    }
    return to_people("officer_alert", installation.board.officers, "", values, key=f"restored:{now:%Y%m%d%H%M%S}")
