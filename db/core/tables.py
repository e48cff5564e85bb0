"""Every table. Whatever must be unique is unique in the schema, not by an ``if``.

Text that came from a mail has been cleaned at the border (``rules.text``); the raw bytes stay in ``raw_content``.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
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
    text,
)

from db.core.dialects import Instant, Json, index_where, where_set
from db.core.dialects import metadata as metadata
from db.core.session_tables import approval as approval
from db.core.session_tables import attendance as attendance
from db.core.session_tables import duty as duty
from db.core.session_tables import paper as paper
from db.core.session_tables import paper_file as paper_file
from db.core.session_tables import publication as publication
from db.core.session_tables import session as session

# The bytes as the server gave them, once per digest however often the mail was delivered.
raw_content = Table(
    "raw_content",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
)

# The bytes of denunciations: their row in ``raw_content`` keeps the digest and is empty (``db.mails.stored_mails``).
sealed_content = Table(
    "sealed_content",
    metadata,
    Column("sha256", String(64), ForeignKey("raw_content.sha256"), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    Column("sender", String(320), nullable=False, server_default="", index=True),
)

# The ledger: one row per mail on the server, known again by ``identity``, the digest without trace headers.
raw_mail = Table(
    "raw_mail",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("mailbox", String(255), nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("sha256", String(64), ForeignKey("raw_content.sha256"), nullable=False),
    Column("identity", String(64), nullable=False),
    Column("internaldate", Instant, nullable=False),
    Column("stored_at", Instant, nullable=False),
    Column("status", String(12), nullable=False),  # stored | done | held | quarantined
    Column("kind", String(16), nullable=False, default=""),
    Column("fate", String(12), nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("trace", Json, nullable=False, default=list),
    Column("acts", Json, nullable=False, default=list, server_default="[]"),  # [label, text] offered while it is held
    Column("purpose", String(16), nullable=False, default="", server_default=""),  # rules.values.states.Purpose
    Column("about_id", Integer),  # the question that a mail kept for officers is about; it is not attached to it yet
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt_at", Instant),
    Column("processed_at", Instant),
    Column("duplicate_of", Integer, ForeignKey("raw_mail.id")),
    Column("question_id", Integer, index=True),
    Column("message_id", String(998), nullable=False, default=""),
    Column("from_name", Text, nullable=False, default=""),
    Column("from_email", String(320), nullable=False, default=""),
    Column("subject", Text, nullable=False, default=""),
    Column("sealed", Boolean, nullable=False, default=False),  # a denunciation: shown nowhere
    Column("target_folder", String(255), nullable=False, default=""),
    Column("server_state", String(8), nullable=False, default="waiting"),  # waiting | moved | gone | told
    UniqueConstraint("mailbox", "uidvalidity", "uid"),
    Index("ix_raw_mail_status_next_attempt_at", "status", "next_attempt_at", "id"),
    Index("ix_raw_mail_server_state", "server_state", "mailbox", "uidvalidity"),
    Index("ix_raw_mail_sha256", "sha256"),
)

# The first mail of each identity: a mail is decided on once per identity, and once per letter (NULL: not compared).
mail_identity = Table(
    "mail_identity",
    metadata,
    Column("identity", String(64), primary_key=True),
    Column("raw_mail_id", Integer, ForeignKey("raw_mail.id"), nullable=False, unique=True),
    Column("letter", String(64)),
    Index("ix_mail_identity_letter", "letter", unique=True),
)

# The register (sổ ghi chép) of clause 8.2.
question = Table(
    "question",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("code", String(24), nullable=False, unique=True),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("raw_mail_id", Integer, ForeignKey("raw_mail.id"), unique=True),
    Column("channel", String(12), nullable=False, default="email"),
    Column("received_at", Instant, nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("status", String(16), nullable=False),
    Column("kind", String(16), nullable=False, default="question"),
    Column("asker_kind", String(16), nullable=False, default="individual"),
    Column("asker_name", Text, nullable=False, default=""),
    Column("asker_address", Text, nullable=False, default=""),
    Column("asker_phone", String(64), nullable=False, default=""),
    Column("asker_phone_e164", String(20), nullable=False, default=""),
    Column("asker_email", String(320), nullable=False, default=""),
    Column("subject", Text, nullable=False, default=""),
    Column("content", Text, nullable=False, default=""),
    Column("field", Text, nullable=False, default=""),
    Column("clause", String(16), nullable=False, default=""),
    Column("missing", String(40), nullable=False, default=""),  # comma separated: name,address,phone
    Column("message_id", String(998), nullable=False, default=""),  # of the citizen's mail, for threading
    Column("guess", Json, nullable=False, default=list),
    Column("session_id", Integer),
    Column("session_mark", String(12), nullable=False, default="", server_default=""),  # answered | g | h | i | k
    Column("session_marked_at", Instant),
    Column("live_answer", Text, nullable=False, default="", server_default=""),  # as given in the session
    Column("live_by", Text, nullable=False, default="", server_default=""),
    Column("live_choice", String(8), nullable=False, default="", server_default=""),  # live = put in the session
    Column("outcome", Text, nullable=False, default=""),
    Column("answered_at", Instant),
    Column("told_at", Instant),
    Column("link", Text, nullable=False, default=""),
    Column("officer", Text, nullable=False, default=""),
    Column("signed_at", Instant),
    Column("notes", Text, nullable=False, default=""),
    Column("content_with_answer", String(4), nullable=False, default="", server_default=""),  # yes | no, as said
    Column("name_consent", Boolean),  # may the name be published with the answer; NULL = the person has not said
    Column("asker_formerly", Text, nullable=False, default="", server_default=""),  # earlier names, by line
    UniqueConstraint("year", "number"),
    Index("ix_question_status", "status", "id"),
    Index("ix_question_asker_email", text("lower(asker_email)")),
    Index("ix_question_received_at", "received_at"),
    Index("ix_question_signed_at", "signed_at"),
    where_set("question", "session_id"),
)

# Similar questions (9.1); the smaller id comes first, so that a pair is one row.
question_link = Table(
    "question_link",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("first_id", Integer, ForeignKey("question.id"), nullable=False),
    Column("second_id", Integer, ForeignKey("question.id"), nullable=False, index=True),
    Column("score", Integer, nullable=False),  # thousandths
    Column("made_by", String(320), nullable=False),  # "daemon", or an officer's address
    Column("made_at", Instant, nullable=False),
    UniqueConstraint("first_id", "second_id"),
)

# One item of a question in one unit's hands. After a refusal another row follows, with round + 1.
assignment = Table(
    "assignment",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("question_id", Integer, ForeignKey("question.id"), nullable=False),
    Column("item", Integer, nullable=False, default=1),
    Column("item_text", Text, nullable=False, default=""),
    Column("unit", String(40), nullable=False),
    Column("role", String(8), nullable=False, default="lead"),  # lead | support
    Column("round", Integer, nullable=False, default=1),
    Column("status", String(12), nullable=False),  # forwarded | answered | refused | replaced
    Column("forwarded_at", Instant, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("due", Json, nullable=False),  # the CountedDate with its reason
    Column("told_until", Date),  # the date the citizen was last told
    Column("acknowledged_at", Instant),
    Column("asks_city_at", Instant),
    Column("wanted_until", Date),
    Column("wanted_why", Text, nullable=False, default=""),
    Column("answered_at", Instant),
    UniqueConstraint("question_id", "item", "unit", "round"),
    Index("ix_assignment_unit_status", "unit", "status"),
    Index("ix_assignment_status_due_on", "status", "due_on"),
)

answer = Table(
    "answer",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("question_id", Integer, ForeignKey("question.id"), nullable=False, index=True),
    Column("assignment_id", Integer, ForeignKey("assignment.id"), nullable=False),
    Column("raw_mail_id", Integer, ForeignKey("raw_mail.id"), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("text", Text, nullable=False, default=""),
    Column("document", String(120), nullable=False, default=""),
    Column("signer", Text, nullable=False, default=""),
    Column("signer_title", Text, nullable=False, default=""),
    Column("files", Json, nullable=False, default=list),
    Column("refs", Json, nullable=False, default=list, server_default="[]"),  # [part, name, type] in the raw mail
    Column("signatures", Json, nullable=False, default=list, server_default="[]"),  # the findings on them, in words
    Column("received_at", Instant, nullable=False),
    UniqueConstraint("assignment_id", "raw_mail_id"),
)

STATES_NOT_SENT = ("pending", "sending", "unknown", "failed", "recalled")
NOT_SENT = text(" OR ".join(f"status = '{one}'" for one in STATES_NOT_SENT))  # as ``outbox.stands`` asks, for SQLite

# Outgoing mails: Message-ID here, final bytes in ``outbox_content``; the deciding transaction fixes both.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(255), nullable=False, unique=True),
    Column("name", String(40), nullable=False),
    Column("clause", String(16), nullable=False, default=""),
    Column("recipient", String(320), nullable=False),
    Column("role", String(8), nullable=False),
    Column("question_id", Integer, index=True),
    Column("assignment_id", Integer),
    Column("raw_mail_id", Integer),
    Column("approval_id", Integer),
    Column("subject", Text, nullable=False),
    Column("message_id", String(255), nullable=False, unique=True),
    Column("envelope_from", String(320), nullable=False),
    Column("status", String(8), nullable=False),  # pending | sending | sent | failed | unknown | recalled
    Column("attempts", Integer, nullable=False, default=0),
    Column("created_at", Instant, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("claimed_by", String(64), nullable=False, default=""),
    Column("claimed_at", Instant),
    Column("sent_at", Instant),
    Column("smtp_code", Integer),
    Column("smtp_text", Text, nullable=False, default=""),
    Column("bounced_at", Instant),
    Column("bounce_status", String(16), nullable=False, default=""),
    index_where(NOT_SENT, "ix_outbox_status_next_attempt_at", "status", "next_attempt_at", "id"),
    Index("ix_outbox_name_created_at", "name", "created_at"),
    Index("ix_outbox_recipient", text("lower(recipient)"), "name", "created_at"),
)

# The bytes of our mails, in a table apart: SQLite rewrites a whole row with each change of state.
outbox_content = Table(
    "outbox_content",
    metadata,
    Column("outbox_id", Integer, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
)

# Append-only and hash-chained; citizens' data stay in the tables that it refers to (officers' reasons are its own).
journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(320), nullable=False),
    Column("act", String(40), nullable=False),
    Column("clause", String(16), nullable=False, default=""),
    Column("why", Text, nullable=False, default=""),
    Column("question_id", Integer),
    Column("raw_mail_id", Integer),
    Column("outbox_id", Integer),
    Column("data", Json, nullable=False, default=dict),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),  # no index: a random write per entry, and no look-up by hash
    where_set("journal", "question_id"),
    where_set("journal", "raw_mail_id"),
)

# Attached files that were checked: whether they may be passed on. A file without a row was not scanned.
file_check = Table(
    "file_check",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("raw_mail_id", Integer, ForeignKey("raw_mail.id"), nullable=False),
    Column("part", Integer, nullable=False),
    Column("status", String(12), nullable=False),  # clean | held | unscanned | released | refused
    Column("why", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    UniqueConstraint("raw_mail_id", "part"),
    Index("ix_file_check_status_at", "status", "at"),
)

# One-time tokens that were used: the primary key makes the second use fail.
used_token = Table(
    "used_token",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("person", String(320), nullable=False),
    Column("used_at", Instant, nullable=False),
    Column("raw_mail_id", Integer, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# Small facts about the house itself: last pass, last successful poll, UIDVALIDITY seen.
state = Table(
    "state",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("value", Text, nullable=False),
)

# The number under which a unit wrote about a question: a later mail that names only the number finds the question.
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
