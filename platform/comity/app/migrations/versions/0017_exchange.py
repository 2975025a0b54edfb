"""Files on their way into the directory and out of it."""

import sqlalchemy as sa
from alembic import op

from comity.core.db import JSONDocument, UTCDateTime

revision = "0017_exchange"
down_revision = "0016_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange_task",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("public_id", sa.String(40), nullable=False),
        sa.Column(
            "account_id",
            sa.Integer,
            sa.ForeignKey("account.id", name="fk_exchange_task_account_id_account"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("asked", JSONDocument, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("file_name", sa.String(300), nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("outcome", sa.LargeBinary),
        sa.Column("trouble", sa.String(300), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("touched_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("public_id", name="uq_exchange_task_public_id"),
    )
    op.create_index("ix_exchange_task_account_id", "exchange_task", ["account_id"])
    op.create_index("ix_exchange_task_stage", "exchange_task", ["stage"])


def downgrade() -> None:
    op.drop_table("exchange_task")
