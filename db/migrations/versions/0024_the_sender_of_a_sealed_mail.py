"""the sender of a sealed mail, beside its bytes"""

import sqlalchemy as sa
from alembic import op

from db.mails.identity import claimed_sender

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

STORE = sa.table("sealed_content", sa.column("sha256"), sa.column("bytes"), sa.column("sender"))
HEAD = 65_536
"""From stands within so many bytes."""


def upgrade() -> None:
    op.add_column("sealed_content", sa.Column("sender", sa.String(320), nullable=False, server_default=""))
    op.create_index("ix_sealed_content_sender", "sealed_content", ["sender"])
    connection = op.get_bind()
    head = sa.func.substr(STORE.c.bytes, 1, HEAD).label("head")
    for digest in connection.execute(sa.select(STORE.c.sha256)).scalars().all():  # one mail's bytes at a time
        own = STORE.c.sha256 == digest
        first = connection.execute(sa.select(head).where(own)).scalar_one()
        connection.execute(sa.update(STORE).where(own).values(sender=claimed_sender(bytes(first))))


def downgrade() -> None:
    op.drop_index("ix_sealed_content_sender", table_name="sealed_content")
    op.drop_column("sealed_content", "sender")
