"""Second factors: passkeys, one-time codes, recovery codes, the state between password and code; when one was shown."""

import sqlalchemy as sa
from alembic import op

from comity.core.db import UTCDateTime

revision = "0005_factors"
down_revision = "0004_rooms"
branch_labels = None
depends_on = None


def _account(table: str, *, nullable: bool = False) -> sa.Column[int]:
    reference = sa.ForeignKey("account.id", name=f"fk_{table}_account_id_account")
    return sa.Column("account_id", sa.Integer, reference, nullable=nullable)


def upgrade() -> None:
    op.add_column("sign_in_session", sa.Column("factor_at", UTCDateTime()))
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer, primary_key=True),
        _account("passkey"),
        sa.Column("credential_id", sa.String(1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("user_handle", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime()),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
    )
    op.create_index("ix_passkey_account_id", "passkey", ["account_id"])
    op.create_table(
        "authenticator",
        sa.Column("id", sa.Integer, primary_key=True),
        _account("authenticator"),
        sa.Column("sealed_secret", sa.String(300), nullable=False),
        sa.Column("secret_digest", sa.String(64), nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime()),
        sa.UniqueConstraint("secret_digest", name="uq_authenticator_secret_digest"),
    )
    op.create_index("ix_authenticator_account_id", "authenticator", ["account_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer, primary_key=True),
        _account("recovery_code"),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime()),
        sa.UniqueConstraint("account_id", "digest", name="uq_recovery_code_account_id_digest"),
    )
    _create_states()


def _create_states() -> None:
    op.create_table(
        "half_sign_in",
        sa.Column("id", sa.Integer, primary_key=True),
        _account("half_sign_in"),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("method", sa.String(30), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("token_digest", name="uq_half_sign_in_token_digest"),
    )
    op.create_index("ix_half_sign_in_expires_at", "half_sign_in", ["expires_at"])
    op.create_table(
        "passkey_challenge",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        _account("passkey_challenge", nullable=True),
        sa.Column("challenge", sa.LargeBinary, nullable=False),
        sa.Column("user_handle", sa.LargeBinary),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("token_digest", name="uq_passkey_challenge_token_digest"),
    )
    op.create_index("ix_passkey_challenge_expires_at", "passkey_challenge", ["expires_at"])


def downgrade() -> None:
    for table in ("passkey_challenge", "half_sign_in", "recovery_code", "authenticator", "passkey"):
        op.drop_table(table)
    op.drop_column("sign_in_session", "factor_at")
