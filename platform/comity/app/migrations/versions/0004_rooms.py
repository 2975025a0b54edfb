"""Rooms of consultations, and the media server's reports that were taken in."""

import sqlalchemy as sa
from alembic import op

from comity.core.db import UTCDateTime

revision = "0004_rooms"
down_revision = "0003_consultations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "room",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "consultation_id",
            sa.Integer,
            sa.ForeignKey("consultation.id", name="fk_room_consultation_id_consultation"),
            nullable=False,
        ),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("consultation_id", name="uq_room_consultation_id"),
        sa.UniqueConstraint("name", name="uq_room_name"),
    )
    op.create_table(
        "room_event",
        sa.Column("event_id", sa.String(120), primary_key=True),
        sa.Column("room_id", sa.Integer, sa.ForeignKey("room.id", name="fk_room_event_room_id_room"), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("occurred_at", UTCDateTime(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
    )
    op.create_index("ix_room_event_room_id", "room_event", ["room_id"])


def downgrade() -> None:
    op.drop_table("room_event")
    op.drop_table("room")
