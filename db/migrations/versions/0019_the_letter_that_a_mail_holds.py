"""the letter that a mail holds"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mail_identity", sa.Column("letter", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_mail_identity_letter"), "mail_identity", ["letter"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_mail_identity_letter"), table_name="mail_identity")
    op.drop_column("mail_identity", "letter")
