"""attached files that were looked at"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_check",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("raw_mail_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["raw_mail_id"], ["raw_mail.id"], name=op.f("fk_file_check_raw_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_check")),
        sa.UniqueConstraint("raw_mail_id", "part", name=op.f("uq_file_check_raw_mail_id_part")),
    )
    with op.batch_alter_table("file_check", schema=None) as batch_op:
        batch_op.create_index("ix_file_check_status_at", ["status", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("file_check", schema=None) as batch_op:
        batch_op.drop_index("ix_file_check_status_at")

    op.drop_table("file_check")
