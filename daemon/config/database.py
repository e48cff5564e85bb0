"""Access to the database: one transaction at a time, its faults sorted into our error classes."""

from __future__ import annotations

import os
import pwd
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.config.config import Config
from db.core import engine as engine_module
from db.core.engine import NewerDatabaseError, open_engine, refuse_newer, sqlite_path

NO_POSTGRESQL = "start PostgreSQL, or see host, port, user and name in database.url"
WRONG_LOGIN = "see the password in database.password_file or database.credential"


def postgresql_remedy(text: str) -> str:
    """What to do if PostgreSQL cannot be opened, by its message (if that is English; else the general remedy)."""
    refused = "password authentication failed" in text or "no password supplied" in text
    return WRONG_LOGIN if refused else NO_POSTGRESQL


STATE = Path("/var/lib/doithoai")
"""The unit's StateDirectory, which systemd makes at the first start."""


def wrong_place(path: Path) -> str:
    """Why no start can make a SQLite register at ``path``, with what to do; "" where one can."""
    if path.is_dir():
        return f"{path} is a folder; name a file in it under database.url"
    if not path.parent.exists():
        return f"the folder {path.parent} is missing; make it: install -d -m 700 {path.parent}"
    return "" if path.parent.is_dir() else f"{path.parent} is no folder; name another place in database.url"


def not_there(path: Path) -> str:
    """What to say where a command finds no SQLite register at ``path``."""
    at_first_start = f"{path} is not there yet; `doithoai run` makes it"
    return at_first_start if path.parent == STATE else wrong_place(path) or at_first_start


@contextmanager
def opened(config: Config, *, of_any_version: bool = False) -> Iterator[Engine]:
    """The installation's database for one command; its connections are closed afterwards.

    Raises :class:`ConfigurationError` where a SQLite file is missing (only the daemon and ``restore`` make one), and
    for a database of a newer version, which a command of this one could read wrongly or spoil.
    """
    url = config.database.full_url().get_secret_value()
    path = sqlite_path(url)
    if path is not None and not path.is_file():
        raise ConfigurationError(f"database: {not_there(path)}")
    engine = open_engine(url)
    try:
        if not of_any_version:
            with database_faults(engine):
                refuse_newer(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction; a database that is busy, full, read-only or gone is a temporary error, and nothing is lost."""
    with database_faults(engine), engine.begin() as connection:
        yield connection


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """One consistent view for reading, with the same errors; the daemon goes on writing meanwhile."""
    with database_faults(engine), engine_module.looking(engine) as connection:
        yield connection


@contextmanager
def database_faults(engine: Engine) -> Iterator[None]:
    """Turn the database's faults into our errors by their kind; a SQLite file is named, with what to do about it."""
    try:
        yield
    except NewerDatabaseError as error:
        raise ConfigurationError(f"database: {error}") from None
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == _NO_TABLE or str(error.orig).startswith("no such table"):
            raise ConfigurationError("database: it has no tables yet; `doithoai run` makes them") from error
        text = f"database: {'; '.join(filter(None, told_of(engine, error.orig)))}"
        if _code(error.orig) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):  # no other try finds a register
            raise ConfigurationError(text) from error
        if isinstance(error, OperationalError):
            raise TemporaryError(text) from error
        if error.connection_invalidated:
            raise TemporaryError(f"database: connection lost: {error.orig}") from error
        raise


_NO_TABLE = "42P01"
"""PostgreSQL's undefined_table."""
_WRITE = (
    "{account} and the service's account must be able to write the file, those beside it (-wal, -shm) and {folder}"
)
_WAIT = "another process holds it; nothing is lost: try again in a moment"
_REMEDIES = {
    sqlite3.SQLITE_NOTADB: "lay a backup back (doithoai restore), or name another place in database.url",
    sqlite3.SQLITE_CORRUPT: "the file is damaged: stop the daemon and lay a backup back with `doithoai restore FILE`"
    " (docs/operations.md, Backup and restore)",
    sqlite3.SQLITE_READONLY: _WRITE,
    sqlite3.SQLITE_CANTOPEN: _WRITE,
    sqlite3.SQLITE_BUSY: _WAIT,
    sqlite3.SQLITE_LOCKED: _WAIT,
    sqlite3.SQLITE_IOERR: "see whether the disk is full",
}


def told_of(engine: Engine, fault: object) -> tuple[str, str]:
    """What a driver's fault says, with the SQLite file's name, and its remedy, "" where none is known."""
    path, text = sqlite_path(engine.url), " ".join(str(fault).split())
    if path is None:
        return text, ""
    return f"{path}: {text}", _REMEDIES.get(_code(fault), "").format(account=_account(), folder=path.parent)


def _code(fault: object) -> int:
    """SQLite's primary result code, 0 for another driver's fault."""
    return int(getattr(fault, "sqlite_errorcode", 0)) & 0xFF


def _account() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a user without a name, as in containers
        return f"user {os.geteuid()}"
