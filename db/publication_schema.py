"""The tables of what stands on the portal, and of units' own document numbers."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

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

# Under which number a unit has written about which question: a later mail that names only the number finds it.
unit_document = Table(
    "unit_document",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("unit", String(40), nullable=False),
    Column("number", String(120), nullable=False),
    Column("question_id", Integer, ForeignKey("question.id"), nullable=False, index=True),
    Column("raw_mail_id", Integer, ForeignKey("raw_mail.id"), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("unit", "number", "question_id"),
)
