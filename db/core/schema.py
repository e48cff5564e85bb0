"""Bring a database to the newest schema, or back to an older one, by Alembic's migrations.

Kept apart from :mod:`db.core.engine`: importing Alembic takes a tenth of the start, and few starts migrate.
"""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from db.core.engine import MIGRATIONS, is_current


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration: where the migrations lie, and the connection to use."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate in one transaction. A database newer than the program raises ``CommandError``."""
    if revision == "head" and is_current(engine):
        return
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to an older revision."""
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), revision)
