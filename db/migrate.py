"""Bring a database to the newest schema, or say where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

if TYPE_CHECKING:  # Alembic is a tenth of the start, and nearly every start finds nothing to migrate
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


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
