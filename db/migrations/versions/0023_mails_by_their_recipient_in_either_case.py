"""mails by their recipient in either case"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NAME = "ix_outbox_recipient"


def upgrade() -> None:
    op.drop_index(NAME, table_name="outbox")
    op.create_index(NAME, "outbox", [sa.text("lower(recipient)"), "name", "created_at"])


def downgrade() -> None:
    op.drop_index(NAME, table_name="outbox")
    op.create_index(NAME, "outbox", ["recipient", "name", "created_at"])
