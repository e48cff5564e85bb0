"""The database at work: one transaction at a time, faults named by their kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from daemon.config import Config
from daemon.errors import TemporaryError
from db.engine import open_engine


@contextmanager
def opened(config: Config) -> Iterator[Engine]:
    """The installation's database for one command; its connections are closed afterwards."""
    engine = open_engine(config.database.full_url().get_secret_value())
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction; a database that is busy, full, read-only or gone is a temporary error, and nothing is lost."""
    with database_faults(), engine.begin() as connection:
        yield connection


@contextmanager
def database_faults() -> Iterator[None]:
    """Name the database's faults by their kind."""
    try:
        yield
    except OperationalError as error:
        raise TemporaryError(f"database: {error.orig}") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise TemporaryError(f"database: connection lost: {error.orig}") from error
        raise
