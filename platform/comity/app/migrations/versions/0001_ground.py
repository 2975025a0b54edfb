"""The ground: journal, outbox, accounts, invitations, sign-in sessions."""

import sqlalchemy as sa
from alembic import op

from comity.core.db import JSONDocument, UTCDateTime

revision = "0001_ground"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.UniqueConstraint("name", name="uq_topic_name"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("topic_id", sa.Integer, sa.ForeignKey("topic.id", name="fk_journal_topic_id_topic"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("payload", JSONDocument, nullable=False),
        sa.Column("account_id", sa.Integer),
        sa.Column("post_id", sa.Integer),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.UniqueConstraint("topic_id", "position", name="uq_journal_topic_id_position"),
    )
    op.create_index("ix_journal_at", "journal", ["at"])
    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("recipient", sa.String(300), nullable=False),
        sa.Column("recipient_name", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime()),
        sa.Column("gave_up_at", UTCDateTime()),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("last_error", sa.String(300)),
        sa.UniqueConstraint("message_id", name="uq_outbox_mail_message_id"),
    )
    op.create_index("ix_outbox_mail_due_at", "outbox_mail", ["due_at"])
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("display_name", sa.String(300), nullable=False),
        sa.Column("password_hash", sa.String(300)),
        sa.Column("locale", sa.String(20), nullable=False),
        sa.Column("zone", sa.String(60), nullable=False),
        sa.Column("theme", sa.String(5), nullable=False),
        sa.Column("roles", JSONDocument, nullable=False),
        sa.Column("demonstration", sa.Boolean, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime()),
        sa.UniqueConstraint("email", name="uq_account_email"),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "account_id",
            sa.Integer,
            sa.ForeignKey("account.id", name="fk_invitation_account_id_account"),
            nullable=False,
        ),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime()),
        sa.UniqueConstraint("token_digest", name="uq_invitation_token_digest"),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "account_id",
            sa.Integer,
            sa.ForeignKey("account.id", name="fk_sign_in_session_account_id_account"),
            nullable=False,
        ),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("previous_digest", sa.String(64)),
        sa.Column("rotated_at", UTCDateTime(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime()),
        sa.Column("user_agent", sa.String(300), nullable=False),
        sa.UniqueConstraint("token_digest", name="uq_sign_in_session_token_digest"),
    )
    op.create_index("ix_sign_in_session_account_id", "sign_in_session", ["account_id"])
    op.create_index("ix_sign_in_session_previous_digest", "sign_in_session", ["previous_digest"])


def downgrade() -> None:
    for table in ("sign_in_session", "invitation", "account", "outbox_mail", "journal", "topic"):
        op.drop_table(table)
