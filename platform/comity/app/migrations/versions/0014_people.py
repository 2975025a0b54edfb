"""A notification's courtesy translation into English."""

import sqlalchemy as sa
from alembic import op

revision = "0014_people"
down_revision = "0013_hardening"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notification", sa.Column("english", sa.Text, nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("notification", "english", server_default=None)


def downgrade() -> None:
    op.drop_column("notification", "english")
