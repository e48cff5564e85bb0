"""names before a correction"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("question", sa.Column("asker_formerly", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("question", "asker_formerly")
