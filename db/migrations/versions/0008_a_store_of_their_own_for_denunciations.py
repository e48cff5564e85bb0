"""a store of their own for denunciations"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = ("sha256", "size", "bytes")
MAIL = sa.table("raw_mail", sa.column("sha256"), sa.column("status"), sa.column("sealed", sa.Boolean()))
OPEN = sa.table("raw_content", sa.column("sha256"), sa.column("size"), sa.column("bytes", sa.LargeBinary()))
APART = sa.table("sealed_content", sa.column("sha256"), sa.column("size"), sa.column("bytes", sa.LargeBinary()))


def upgrade() -> None:
    op.create_table(
        "sealed_content",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["raw_content.sha256"], name=op.f("fk_sealed_content_sha256")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sealed_content")),
    )
    # Mails that an earlier release sealed move, but for bytes that an open mail shares.
    same = sa.select(MAIL.c.sha256).where(MAIL.c.sha256 == OPEN.c.sha256)
    in_use = same.where(MAIL.c.sealed.is_(False), MAIL.c.status.in_(("done", "held"))).exists()
    found = sa.select(*(OPEN.c[name] for name in COLUMNS)).where(same.where(MAIL.c.sealed).exists(), ~in_use)
    op.execute(sa.insert(APART).from_select(COLUMNS, found))
    moved = OPEN.c.sha256.in_(sa.select(APART.c.sha256))
    op.execute(sa.update(OPEN).where(moved).values(bytes=b"", size=0))


def downgrade() -> None:
    moved = OPEN.c.sha256.in_(sa.select(APART.c.sha256))
    back = {
        name: sa.select(APART.c[name]).where(APART.c.sha256 == OPEN.c.sha256).scalar_subquery()
        for name in ("size", "bytes")
    }
    op.execute(sa.update(OPEN).where(moved).values(**back))
    op.drop_table("sealed_content")
