"""The engine: SQLite in WAL with ``synchronous=FULL`` by default, PostgreSQL by URL.

Also brings a database to the newest schema, or back to an older one, by Alembic's migrations, gives the age of its
last backup, and names the steps between transactions at which tests end the process.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_MS = 10_000
BACKUP_NOTE = "last-backup"
"""The file that every backup leaves beside a SQLite register; its timestamp is the time of the backup."""
ONE_VIEW = "REPEATABLE READ"
"""PostgreSQL's isolation in which all statements of a transaction see one state; by default each sees a newer one."""
LOOKS = "doithoai_looks"
"""The execution option of a read-only connection: it does not take SQLite's write lock."""


step_hooks: list[Callable[[str], None]] = []
"""Called with the name of each step; only tests put anything here."""


def reached(name: str) -> None:
    """A named step of a mail's way, at which a test may end the process as ``kill -9`` would; else nothing."""
    for hook in step_hooks:
        hook(name)


class DatabaseInUseError(RuntimeError):
    """Another daemon holds this SQLite database; the message names the lock file."""


def open_engine(url: str) -> Engine:
    """An engine for ``url``. The folder of a SQLite file is not created here, so that a wrong path is noticed."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Set the pragmas; FULL because a commit that is not on the disk is a mail lost at the next power cut."""
    connection.isolation_level = None  # our own BEGIN below, not the driver's lazy one
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Take the write lock first: a reader that upgrades later would fail as busy without waiting."""
    looks = connection.get_execution_options().get(LOOKS)
    connection.exec_driver_sql("BEGIN" if looks else "BEGIN IMMEDIATE")


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database for reading, however long it takes; writers do not wait for it.

    Anything written through it is rolled back at the end.
    """
    options = {LOOKS: True} | ({} if engine.dialect.name == "sqlite" else {"isolation_level": ONE_VIEW})
    with engine.connect().execution_options(**options) as connection, connection.begin() as view:
        yield connection
        view.rollback()


@contextmanager
def sole_daemon(url: str) -> Iterator[None]:
    """Hold the lock file beside a SQLite database; on PostgreSQL several daemons may share the work.

    Raises :class:`DatabaseInUseError` when another process holds it. The kernel frees the lock when the process ends.
    """
    path = sqlite_path(url)
    if path is None:
        yield
        return
    with Path(f"{path}.lock").open("a") as handle:
        _lock(handle, path)
        give_to_folder(Path(f"{path}.lock"))
        yield


def daemon_runs(url: str) -> bool | None:
    """Whether a process holds the lock of :func:`sole_daemon`; None where there is no such file, as on PostgreSQL.

    The question holds a shared lock for its own moment; a daemon that starts in it is refused and tries again.
    """
    path = sqlite_path(url)
    try:
        with Path(f"{path}.lock").open() as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    return False


def take_place(fresh: Path, path: Path, kept: Path) -> None:
    """Move a SQLite database to ``path`` in one step; the database that was there gets the name ``kept``.

    Nobody may have either open. The old database's WAL is first written into it, if it can be read, so that a kill at
    any moment leaves a complete register; SQLite would read a WAL that was left behind into the new database.
    """
    give_to_folder(fresh)
    if path.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as opened:
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        try:
            os.link(path, kept)
        except OSError:  # a file system without such links
            shutil.copy2(path, kept)
    for ending in ("-wal", "-shm"):
        if (old := path.with_name(path.name + ending)).exists():
            shutil.move(old, kept.with_name(kept.name + ending))
    fresh.rename(path)


def give_to_folder(path: Path) -> None:
    """Give a file that root creates in the service's folder to the folder's owner: systemd sets owners only once."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _lock(handle: IO[str], path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DatabaseInUseError(f"another daemon is using {path}: stop it first, or use PostgreSQL") from None


def sqlite_path(url: str | URL) -> Path | None:
    """The file behind a SQLite URL; None for other databases and for an in-memory one."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)


def note_backup(register: Path, copy: Path) -> None:
    """Note beside the register that this copy was made now; the note gets its name when it is whole."""
    note = register.parent / BACKUP_NOTE
    part = note.with_name(f"{BACKUP_NOTE}.part")
    part.write_bytes(os.fsencode(f"{copy.name}\n"))
    give_to_folder(part)
    part.replace(note)


def since_backup(url: str, now: datetime) -> float | None:
    """Seconds since the last backup, None where none is noted; with PostgreSQL another program makes the backups."""
    register = sqlite_path(url)
    if register is None:
        return None
    try:
        noted = datetime.fromtimestamp((register.parent / BACKUP_NOTE).stat().st_mtime, UTC)
    except OSError:
        return None
    return max(0.0, (now - noted).total_seconds())


MIGRATIONS = Path(__file__).parent.parent / "migrations"


def newest_revision() -> str:
    """The revision that this program expects: migrations are numbered, and their files begin with the number."""
    return max(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def current_revision(engine: Engine) -> str:
    """The revision that the database is at; "" for an empty one."""
    with looking(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or ""


class NewerDatabaseError(Exception):
    """The database is at a revision that only a newer version of the program knows."""


def refuse_newer(engine: Engine) -> None:
    """Raises :class:`NewerDatabaseError`, with the remedy, for a database of a newer version."""
    found, newest = current_revision(engine), newest_revision()
    if found > newest:
        remedy = "install that version, or restore a backup from before the upgrade (docs/operations.md, Upgrade)"
        raise NewerDatabaseError(f"it is of a newer version ({found}; this one knows up to {newest}): {remedy}")


def is_current(engine: Engine) -> bool:
    """True when there is nothing to migrate."""
    return current_revision(engine) == newest_revision()


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration: where the migrations lie, and the connection to use."""
    from alembic.config import Config  # noqa: PLC0415 - Alembic takes a tenth of the start, and few starts migrate

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate in one transaction. A database newer than the program raises ``NewerDatabaseError``."""
    refuse_newer(engine)
    if revision == "head" and is_current(engine):
        return
    from alembic import command  # noqa: PLC0415 - as above

    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to an older revision."""
    from alembic import command  # noqa: PLC0415 - as above

    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), revision)
