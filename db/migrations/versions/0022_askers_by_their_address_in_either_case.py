"""askers by their address in either case"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NAME = "ix_question_asker_email"


def upgrade() -> None:
    op.drop_index(NAME, table_name="question")
    op.create_index(NAME, "question", [sa.text("lower(asker_email)")])


def downgrade() -> None:
    op.drop_index(NAME, table_name="question")
    op.create_index(NAME, "question", ["asker_email"])
