"""``doithoai restore [FILE]``: restore a backup and read the mailbox again, writing to no citizen twice."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from daemon.admin.restore import after_restore
from daemon.base import clock
from daemon.base.errors import ConfigurationError, PermanentError, TemporaryError
from daemon.commands.backup import copy
from daemon.config.config import Config, load_config
from daemon.installation.installation import build_installation
from daemon.mailbox.mailbox import MailboxClient
from db.core.engine import DatabaseInUseError, give_to_folder, open_engine, sole_daemon, sqlite_path, upgrade
from db.outbox.leader import Presence


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser("restore", help="lay a backup back, and read again what came after it")
    parser.add_argument(
        "file", type=Path, nargs="?", help="the copy (SQLite); PostgreSQL: after pg_restore, without it"
    )
    parser.add_argument(
        "--offline", action="store_true", help="do not look into the mailbox (then nothing is read again)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
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
