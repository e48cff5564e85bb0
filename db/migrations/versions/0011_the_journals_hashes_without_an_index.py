"""the journal's hashes without an index"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("journal") as batch:
        batch.drop_constraint("uq_journal_hash", type_="unique")


def downgrade() -> None:
    with op.batch_alter_table("journal") as batch:
        batch.create_unique_constraint("uq_journal_hash", ["hash"])
