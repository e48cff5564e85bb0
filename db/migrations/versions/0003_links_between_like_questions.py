"""links between like questions"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_link",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["question.id"], name=op.f("fk_question_link_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["question.id"], name=op.f("fk_question_link_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_link")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_question_link_first_id_second_id")),
    )
    with op.batch_alter_table("question_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_link_second_id"), ["second_id"], unique=False)

    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_signed_at", ["signed_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index("ix_question_signed_at")

    with op.batch_alter_table("question_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_link_second_id"))

    op.drop_table("question_link")
