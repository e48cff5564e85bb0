"""why a unit wishes for more time"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assignment", sa.Column("wanted_why", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("assignment", "wanted_why")
