"""the orders offered with a held mail"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("raw_mail", sa.Column("acts", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("raw_mail", "acts")
