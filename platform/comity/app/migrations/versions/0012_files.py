"""Files that belong to a message, or wait to be sent with one."""

import sqlalchemy as sa
from alembic import op

from comity.core.db import UTCDateTime

revision = "0012_files"
down_revision = "0011_api"
branch_labels = None
depends_on = None

_OTHERS = {"consultation_id": "consultation", "message_id": "message", "account_id": "account", "post_id": "post"}


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("file_id", sa.String(40), nullable=False),
        *(_reference(name) for name in _OTHERS),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("sealed_about", sa.LargeBinary, nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("file_id", name="uq_attachment_file_id"),
        sa.UniqueConstraint("account_id", "client_id", name="uq_attachment_account_id_client_id"),
    )
    op.create_index("ix_attachment_message_id", "attachment", ["message_id"])
    op.create_index("ix_attachment_consultation_id", "attachment", ["consultation_id"])


def downgrade() -> None:
    op.drop_table("attachment")


def _reference(name: str) -> sa.Column[int]:
    other = _OTHERS[name]
    key = sa.ForeignKey(f"{other}.id", name=f"fk_attachment_{name}_{other}")
    return sa.Column(name, sa.Integer, key, nullable=name == "message_id")
