"""Alembic migrations; ``db.core.engine.upgrade`` runs them."""
