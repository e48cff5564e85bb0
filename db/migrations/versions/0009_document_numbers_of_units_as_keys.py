"""Document numbers of units as keys"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_document",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("raw_mail_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_unit_document_question_id")),
        sa.ForeignKeyConstraint(["raw_mail_id"], ["raw_mail.id"], name=op.f("fk_unit_document_raw_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_document")),
        sa.UniqueConstraint("unit", "number", "question_id", name=op.f("uq_unit_document_unit_number_question_id")),
    )
    with op.batch_alter_table("unit_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_document_question_id"), ["question_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("unit_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_document_question_id"))

    op.drop_table("unit_document")
