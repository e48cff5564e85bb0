"""The table of what stands on the portal."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from db.metadata import metadata
from db.types import Instant

# One row a question whose answer was approved for everybody. A withdrawn one keeps its place, with a notice there.
publication = Table(
    "publication",
    metadata,
    Column("question_id", Integer, ForeignKey("question.id"), primary_key=True, autoincrement=False),
    Column("paper_id", Integer, ForeignKey("paper.id"), nullable=False),  # the text that the Head approved
    Column("path", String(120), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("digest", String(64), nullable=False),  # of what the page says; another one = updated
    Column("published_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Index("ix_publication_updated_at", "updated_at", "question_id"),
)
