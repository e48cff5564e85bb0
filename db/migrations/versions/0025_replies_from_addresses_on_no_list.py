"""which held mails answer our mail to a unit from an address on no list"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BEGINS = "Trả lời thư của hệ thống từ địa chỉ không có trong danh sách của đơn vị"
"""How the reasons of such mails began, in a unit's thread and elsewhere."""
MAIL = sa.table("raw_mail", *(sa.column(one) for one in ("id", "status", "reason", "kind", "purpose")))
SEALED = sa.column("sealed", sa.Boolean)
OUTBOX = sa.table("outbox", sa.column("raw_mail_id"), sa.column("name"))


def upgrade() -> None:
    told = sa.select(OUTBOX.c.raw_mail_id).where(OUTBOX.c.name == "unit_held")  # only in its thread a unit is told
    held = sa.and_(MAIL.c.status == "held", MAIL.c.purpose == "", sa.not_(SEALED))
    of_these = MAIL.c.reason.startswith(BEGINS, autoescape=True) & MAIL.c.kind.not_in(("complaint", "denunciation"))
    op.execute(sa.update(MAIL).where(held, of_these, MAIL.c.id.in_(told)).values(purpose="unlisted"))


def downgrade() -> None:
    op.execute(sa.update(MAIL).where(MAIL.c.purpose == "unlisted").values(purpose=""))
