"""What the last look at each topic's chain found."""

import sqlalchemy as sa
from alembic import op

from comity.core.db import UTCDateTime

revision = "0006_audit"
down_revision = "0005_factors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_verification",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "topic_id",
            sa.Integer,
            sa.ForeignKey("topic.id", name="fk_audit_verification_topic_id_topic"),
            nullable=False,
        ),
        sa.Column("verified_position", sa.Integer, nullable=False),
        sa.Column("verified_at", UTCDateTime(), nullable=False),
        sa.Column("fault", sa.String(20)),
        sa.Column("fault_position", sa.Integer),
        sa.UniqueConstraint("topic_id", name="uq_audit_verification_topic_id"),
    )


def downgrade() -> None:
    op.drop_table("audit_verification")
