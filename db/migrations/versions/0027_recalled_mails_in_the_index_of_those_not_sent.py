"""recalled mails in the index of those not sent"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NAME, COLUMNS = "ix_outbox_status_next_attempt_at", ["status", "next_attempt_at", "id"]
BEFORE = "status = 'pending' OR status = 'sending' OR status = 'unknown' OR status = 'failed'"


def upgrade() -> None:
    _made_anew(f"{BEFORE} OR status = 'recalled'")


def downgrade() -> None:
    _made_anew(BEFORE)


def _made_anew(condition: str) -> None:
    op.drop_index(NAME, table_name="outbox")
    op.create_index(NAME, "outbox", COLUMNS, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))
