"""what a mail that waits for an officer, or takes a wish back, is found by"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

HELD = {
    "Thư của đơn vị": "of_unit",
    "Người hỏi xin rút câu hỏi ": "withdraws",
    "Người hỏi xin rút câu hỏi, cần xem là câu nào (": "withdraws_one",
    "Người hỏi viết tiếp về yêu cầu rút câu hỏi ": "second_thoughts",
    "Người nhận thư cho biết không gửi câu hỏi ": "denies",
    "Người hỏi muốn nhận thư ở địa chỉ khác: câu ": "new_address",
}
"""How the reasons begin by which such mails were found until now."""
KEEPS = "Người hỏi không rút nữa câu hỏi "


def upgrade() -> None:
    op.add_column("raw_mail", sa.Column("purpose", sa.String(length=16), nullable=False, server_default=""))
    op.add_column("raw_mail", sa.Column("about_id", sa.Integer(), nullable=True))
    columns = ("id", "status", "reason", "question_id", "sealed", "purpose", "about_id")
    mail = sa.table("raw_mail", *(sa.column(one, sa.Boolean if one == "sealed" else None) for one in columns))
    shown = sa.not_(mail.c.sealed)  # the columns of what is sealed stay blank
    outbox = sa.table("outbox", *(sa.column(one) for one in ("raw_mail_id", "question_id", "name")))
    for begins, purpose in HELD.items():
        of_these = mail.c.reason.startswith(begins, autoescape=True)
        op.execute(sa.update(mail).where(mail.c.status == "held", of_these, shown).values(purpose=purpose))
    kept = sa.update(mail).where(mail.c.reason.startswith(KEEPS, autoescape=True), shown)
    op.execute(kept.values(purpose="keeps", about_id=mail.c.question_id))
    reviewed = sa.select(outbox.c.raw_mail_id, sa.func.max(outbox.c.question_id)).where(
        outbox.c.name == "officer_review",
        outbox.c.question_id.is_not(None),
        outbox.c.raw_mail_id.in_(sa.select(mail.c.id).where(mail.c.status == "held", mail.c.purpose != "")),
    )
    for number, about in op.get_bind().execute(reviewed.group_by(outbox.c.raw_mail_id)).all():
        op.execute(sa.update(mail).where(mail.c.id == number).values(about_id=about))


def downgrade() -> None:
    op.drop_column("raw_mail", "about_id")
    op.drop_column("raw_mail", "purpose")
