"""what askers think of their answers"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    content = sa.Column("content_with_answer", sa.String(4), nullable=False, server_default="")
    op.add_column("question", content)


def downgrade() -> None:
    op.drop_column("question", "content_with_answer")
