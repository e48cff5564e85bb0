"""Alembic migrations; ``db.migrate.upgrade`` runs them."""
