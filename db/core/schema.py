"""Bring a database to the newest schema, or back to an older one, by Alembic's migrations.

Apart from :mod:`db.core.engine`, because Alembic is a tenth of the start and nearly no start has to migrate.
"""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from db.core.engine import MIGRATIONS, is_current


def alembic_config(connection: Connection) -> Config:
    """What Alembic wants to know: where the migrations lie, and the connection that it works on."""
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
