"""answers given in a session"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("question", sa.Column("live_answer", sa.Text, nullable=False, server_default=""))
    op.add_column("question", sa.Column("live_by", sa.Text, nullable=False, server_default=""))
    op.add_column("question", sa.Column("live_choice", sa.String(8), nullable=False, server_default=""))
    op.add_column("session", sa.Column("record_link", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("session", "record_link")
    for name in ("live_choice", "live_by", "live_answer"):
        op.drop_column("question", name)
