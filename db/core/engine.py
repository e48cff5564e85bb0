"""The engine: SQLite in WAL with ``synchronous=FULL`` by default, PostgreSQL by URL.

Bring a database to the newest schema, or say where it stands.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import make_url

from db.core import crash_points, driver

BUSY_MS = 10_000
LOOKS = "doithoai_looks"
"""The connection only reads: SQLite's write lock is not taken."""


class DatabaseInUseError(RuntimeError):
    """Another daemon holds this SQLite database; the message names the lock file."""


def open_engine(url: str) -> Engine:
    """An engine for ``url``. The folder of a SQLite file is not created here: a wrong path should show."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        shared = create_engine(url, pool_pre_ping=True)
        crash_points.watch(shared)
        return shared
    engine = create_engine(parsed.set(drivername="sqlite+immediate"), connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    crash_points.watch(engine)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """FULL because a commit that is not on the disk is a mail lost at the next power cut."""
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's lazy one
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class ImmediateDialect(SQLiteDialect_pysqlite):
    """Takes the write lock first: a reader that upgrades later would fail as busy without waiting.

    Not in a listener to "begin": an engine with any has every connection and transaction look for listeners, which
    made the transaction itself twice as dear.
    """

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """On the driver's connection, with the fail points of any other statement."""
        statement = "BEGIN" if dbapi_connection.info.get(LOOKS) else "BEGIN IMMEDIATE"
        watched = crash_points.wanted()
        if watched:
            crash_points.reached_statement(statement, "before")
        dbapi_connection.dbapi_connection.execute(statement)
        if watched:
            crash_points.reached_statement(statement, "after")

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Whatever may wait (:func:`db.core.driver.later`) is there for a statement that goes this way."""
        driver.write_waiting(cursor.connection)
        super().do_execute(cursor, statement, parameters, context)  # type: ignore[no-untyped-call]

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """The same."""
        driver.write_waiting(cursor.connection)
        super().do_executemany(cursor, statement, parameters, context)  # type: ignore[no-untyped-call]

    def do_commit(self, dbapi_connection: Any) -> None:
        """Nothing that waits is left behind."""
        driver.write_waiting(dbapi_connection.dbapi_connection)
        super().do_commit(dbapi_connection)  # type: ignore[no-untyped-call]

    def do_rollback(self, dbapi_connection: Any) -> None:
        """What waits is as if it had been executed: undone."""
        driver.drop_waiting(dbapi_connection.dbapi_connection)
        super().do_rollback(dbapi_connection)  # type: ignore[no-untyped-call]

    def do_rollback_to_savepoint(self, connection: Connection, name: str) -> None:
        """The same: what was to be written before the savepoint is there since it was set."""
        driver.drop_waiting(connection.connection.dbapi_connection)
        super().do_rollback_to_savepoint(connection, name)  # type: ignore[no-untyped-call]


registry.register("sqlite.immediate", __name__, ImmediateDialect.__name__)


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """One view of the database for reading, however long it takes: nobody who writes waits for it meanwhile.

    What is written to it is taken back at the end.
    """
    with engine.connect() as connection:
        known = connection.info  # held, as one that is lost cannot be asked for it
        known[LOOKS] = True
        try:
            with connection.begin() as view:
                yield connection
                view.rollback()
        finally:
            known.pop(LOOKS, None)


@contextmanager
def sole_daemon(url: str) -> Iterator[None]:
    """Hold the lock file beside a SQLite database; on PostgreSQL several daemons may share the work.

    Raises :class:`DatabaseInUseError` when another process holds it. The kernel frees it when we die.
    """
    path = sqlite_path(url)
    if path is None:
        yield
        return
    with Path(f"{path}.lock").open("a") as handle:
        _lock(handle, path)
        give_to_folder(Path(f"{path}.lock"))
        yield


def give_to_folder(path: Path) -> None:
    """What root makes in the service's folder is the service's: systemd gives it the folder only once."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _lock(handle: IO[str], path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DatabaseInUseError(f"another daemon is using {path}: stop it first, or use PostgreSQL") from None


def sqlite_path(url: str) -> Path | None:
    """The file behind a SQLite URL; None for other databases and for memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)


if TYPE_CHECKING:  # Alembic is a tenth of the start, and nearly every start finds nothing to migrate
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def newest_revision() -> str:
    """The revision that this program expects: migrations are numbered, and their files begin with the number."""
    return max(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def current_revision(engine: Engine) -> str:
    """The revision that the database has; "" for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or ""


def is_current(engine: Engine) -> bool:
    """True when there is nothing to migrate."""
    return current_revision(engine) == newest_revision()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate in one transaction. A database newer than the program raises ``CommandError``."""
    if revision == "head" and is_current(engine):
        return
    from alembic import command

    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to an older revision."""
    from alembic import command

    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)
