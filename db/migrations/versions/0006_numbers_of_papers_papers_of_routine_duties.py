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
    # An older program takes an open routine duty for one about a question, and lets it lie for ever. Without its row
    # it is opened again, and its paper drafted again, when this program is back.
    paper = sa.table("paper", sa.column("id"), sa.column("about"), sa.column("status"))
    approval = sa.table("approval", sa.column("paper_id"), sa.column("status"))
    duty = sa.table("duty", sa.column("kind"), sa.column("status"))
    shown = sa.select(paper.c.id).where(paper.c.about.like("routine:%"), paper.c.status == "shown")
    asked = sa.update(approval).where(approval.c.paper_id.in_(shown), approval.c.status == "asked")
    op.execute(asked.values(status="void"))
    op.execute(sa.update(paper).where(paper.c.id.in_(shown)).values(status="void"))
    op.execute(sa.delete(duty).where(duty.c.kind == "routine", duty.c.status == "open"))
    with op.batch_alter_table("paper", schema=None, recreate="never") as batch_op:  # others refer to its rows
        batch_op.drop_index("ix_paper_about")
        batch_op.drop_column("issued_on")
        batch_op.drop_column("number")
        batch_op.drop_column("documents")
        batch_op.drop_column("about")
