"""Tables of sessions, of the papers that are approved for them, and of the requests for approval.

Also the table of answers published on the portal, and that of duties: most kinds of them are a session's.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from db.core.dialects import Instant, Json, metadata, where_set

# A session of dialogue (6.1): ``form`` holds the proposal, the other columns its later state.
session = Table(
    "session",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("code", String(24), nullable=False, unique=True),
    Column("level", String(8), nullable=False),  # city | unit
    Column("unit", String(40), nullable=False, default=""),
    Column("status", String(16), nullable=False),
    Column("topic", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("form", Json, nullable=False),
    Column("moves", Integer, nullable=False, default=0),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("link", Text, nullable=False, default=""),
    Column("record_link", Text, nullable=False, default="", server_default=""),
    Column("why", Text, nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Index("ix_session_status_starts_at", "status", "starts_at"),
)

# The last reply, by calendar, of each person invited to a session (7.1.b): accepted | declined | tentative.
attendance = Table(
    "attendance",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", Integer, ForeignKey("session.id"), nullable=False),
    Column("address", String(320), nullable=False),  # the unit's code, or the chair's address
    Column("unit", String(40), nullable=False, default=""),
    Column("answer", String(12), nullable=False),
    Column("comment", Text, nullable=False, default=""),
    Column("sequence", Integer, nullable=False),  # of the invitation that was answered
    Column("said_at", Instant, nullable=False),
    UniqueConstraint("session_id", "address"),
)

# Files of our own making, one row per digest.
paper_file = Table(
    "paper_file",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
)

# A text that must be approved before it is used (9.2, 9.3, 10.2). A new text voids the one before.
paper = Table(
    "paper",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(12), nullable=False),  # rules.law.session_rules.PaperKind
    Column("session_id", Integer, ForeignKey("session.id"), index=True),
    Column("question_id", Integer, ForeignKey("question.id"), index=True),
    Column("digest", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("files", Json, nullable=False, default=list),  # [name, type, sha256]
    Column("status", String(8), nullable=False),  # shown | approved | returned | void
    Column("about", String(120), nullable=False, default="", server_default=""),  # a routine duty's key
    Column("documents", Text, nullable=False, default="", server_default=""),  # what the files are made of
    Column("number", Text, nullable=False, default="", server_default=""),  # số văn bản, once issued
    Column("issued_on", Date),
    Column("made_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Index("ix_paper_kind_status", "kind", "status"),
    Index("ix_paper_about", "about"),
)

# Who was asked to approve which text, and the reply: one row per person and request.
approval = Table(
    "approval",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("paper_id", Integer, ForeignKey("paper.id"), nullable=False, index=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("person", String(320), nullable=False),
    Column("status", String(8), nullable=False),  # asked | record | decide | approved | returned | void
    Column("said", Text, nullable=False, default=""),
    Column("asked_at", Instant, nullable=False),
    Column("decided_at", Instant),
)


# One row per question whose answer was approved for everybody. A withdrawn one keeps its path, with a notice there.
publication = Table(
    "publication",
    metadata,
    Column("question_id", Integer, ForeignKey("question.id"), primary_key=True, autoincrement=False),
    Column("paper_id", Integer, ForeignKey("paper.id"), nullable=False),  # the text that the Head approved
    Column("path", String(120), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("digest", String(64), nullable=False),  # of the page's content; another one = updated
    Column("published_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Index("ix_publication_updated_at", "updated_at", "question_id"),
)

# What the law or the house requires by an instant. ``next_at`` is when its next step is due.
duty = Table(
    "duty",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("kind", String(24), nullable=False),  # answer | review | session | approval | routine | …
    Column("clause", String(16), nullable=False),
    Column("question_id", Integer, ForeignKey("question.id"), index=True),
    Column("assignment_id", Integer, ForeignKey("assignment.id"), index=True),
    Column("raw_mail_id", Integer, ForeignKey("raw_mail.id")),
    Column("session_id", Integer),
    Column("status", String(8), nullable=False),  # open | met | late | void
    Column("stage", Integer, nullable=False, default=0),
    Column("due_at", Instant, nullable=False),
    Column("next_at", Instant),
    Column("due", Json, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("was_late", Boolean, nullable=False, default=False),
    Column("why_late", Text, nullable=False, default=""),
    Index("ix_duty_status_next_at", "status", "next_at", "id"),
    where_set("duty", "raw_mail_id"),
    where_set("duty", "session_id"),
)
