"""an index of the mails out that have not left"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME, COLUMNS = "ix_outbox_status_next_attempt_at", ["status", "next_attempt_at", "id"]


def upgrade() -> None:
    waits = sa.text("status = 'pending' OR status = 'sending' OR status = 'unknown' OR status = 'failed'")
    op.drop_index(NAME, table_name="outbox")
    op.create_index(NAME, "outbox", COLUMNS, sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    op.drop_index(NAME, table_name="outbox")
    op.create_index(NAME, "outbox", COLUMNS)
