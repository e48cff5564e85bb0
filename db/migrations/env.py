"""Alembic's environment: the connection is handed over by ``db.core.engine``."""

from alembic import context

from db.core.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
