"""numbers of papers, papers of routine duties"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.String(length=120), server_default="", nullable=False))
        batch_op.add_column(sa.Column("documents", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("number", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("issued_on", sa.Date(), nullable=True))
        batch_op.create_index("ix_paper_about", ["about"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("paper", schema=None, recreate="never") as batch_op:  # others refer to its rows
        batch_op.drop_index("ix_paper_about")
        batch_op.drop_column("issued_on")
        batch_op.drop_column("number")
        batch_op.drop_column("documents")
        batch_op.drop_column("about")
