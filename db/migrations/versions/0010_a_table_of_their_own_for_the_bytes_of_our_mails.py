"""a table of their own for the bytes of our mails"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MAIL = sa.table("outbox", sa.column("id"), sa.column("bytes", sa.LargeBinary()))
CONTENT = sa.table("outbox_content", sa.column("outbox_id"), sa.column("bytes", sa.LargeBinary()))


def upgrade() -> None:
    op.create_table(
        "outbox_content",
        sa.Column("outbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_outbox_content_outbox_id")),
        sa.PrimaryKeyConstraint("outbox_id", name=op.f("pk_outbox_content")),
    )
    op.execute(sa.insert(CONTENT).from_select(("outbox_id", "bytes"), sa.select(MAIL.c.id, MAIL.c.bytes)))
    # Not in a batch: that copies the table and drops the old one, which the rows just made refer to.
    op.drop_column("outbox", "bytes")
    op.drop_index("ix_outbox_name_created_at", table_name="outbox")
    op.create_index("ix_outbox_name_created_at", "outbox", ["name", "created_at"])
    op.create_index("ix_outbox_recipient", "outbox", ["recipient", "name", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_outbox_recipient", table_name="outbox")
    op.drop_index("ix_outbox_name_created_at", table_name="outbox")
    op.create_index("ix_outbox_name_created_at", "outbox", ["name", "created_at", "recipient"])
    with op.batch_alter_table("outbox") as batch:
        batch.add_column(sa.Column("bytes", sa.LargeBinary(), nullable=True))
    back = sa.select(CONTENT.c.bytes).where(CONTENT.c.outbox_id == MAIL.c.id).scalar_subquery()
    op.execute(sa.update(MAIL).values(bytes=back))
    op.drop_table("outbox_content")
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("bytes", existing_type=sa.LargeBinary(), nullable=False)
