"""Clients of the API, what was allowed to them, codes and tokens, application passwords, answers kept for repeats."""

import sqlalchemy as sa
from alembic import op

from comity.core.db import JSONDocument, UTCDateTime

revision = "0011_api"
down_revision = "0010_vetting"
branch_labels = None
depends_on = None


def _to(table: str, column: str, other: str) -> sa.Column[int]:
    reference = sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{column}_{other}")
    return sa.Column(column, sa.Integer, reference, nullable=False)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UTCDateTime(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "oauth_client",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("client_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        _to("oauth_client", "authority_id", "authority"),
        _to("oauth_client", "post_id", "post"),
        _to("oauth_client", "account_id", "account"),
        sa.Column("secret_digest", sa.String(64)),
        sa.Column("redirect_uris", JSONDocument, nullable=False),
        sa.Column("scopes", JSONDocument, nullable=False),
        _at("created_at"),
        _at("used_at", nullable=True),
        _at("revoked_at", nullable=True),
        sa.UniqueConstraint("client_id", name="uq_oauth_client_client_id"),
    )
    op.create_index("ix_oauth_client_authority_id", "oauth_client", ["authority_id"])
    op.create_table(
        "oauth_allowance",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("oauth_allowance", "client_id", "oauth_client"),
        _to("oauth_allowance", "account_id", "account"),
        sa.Column("scopes", JSONDocument, nullable=False),
        _at("created_at"),
        _at("expires_at", nullable=True),
        _at("used_at", nullable=True),
        _at("revoked_at", nullable=True),
    )
    op.create_index("ix_oauth_allowance_client_id", "oauth_allowance", ["client_id"])
    op.create_index("ix_oauth_allowance_account_id", "oauth_allowance", ["account_id"])
    _create_tokens()
    _create_edge()


def _create_tokens() -> None:
    op.create_table(
        "oauth_code",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("oauth_code", "allowance_id", "oauth_allowance"),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("redirect_uri", sa.String(300), nullable=False),
        sa.Column("challenge", sa.String(128), nullable=False),
        _at("expires_at"),
        _at("used_at", nullable=True),
        sa.UniqueConstraint("digest", name="uq_oauth_code_digest"),
    )
    op.create_index("ix_oauth_code_expires_at", "oauth_code", ["expires_at"])
    op.create_table(
        "oauth_token",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("oauth_token", "allowance_id", "oauth_allowance"),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scopes", JSONDocument, nullable=False),
        _at("issued_at"),
        _at("expires_at"),
        _at("used_at", nullable=True),
        _at("revoked_at", nullable=True),
        sa.UniqueConstraint("digest", name="uq_oauth_token_digest"),
    )
    op.create_index("ix_oauth_token_allowance_id", "oauth_token", ["allowance_id"])
    op.create_index("ix_oauth_token_expires_at", "oauth_token", ["expires_at"])


def _create_edge() -> None:
    op.create_table(
        "application_password",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("application_password", "account_id", "account"),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        _at("created_at"),
        _at("used_at", nullable=True),
        _at("revoked_at", nullable=True),
        sa.UniqueConstraint("digest", name="uq_application_password_digest"),
    )
    op.create_index("ix_application_password_account_id", "application_password", ["account_id"])
    op.create_table(
        "api_answer",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("key_digest", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("claim", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", JSONDocument),
        sa.Column("headers", JSONDocument),
        _at("claimed_at"),
        sa.UniqueConstraint("owner", "key_digest", name="uq_api_answer_owner_key_digest"),
    )
    op.create_index("ix_api_answer_claimed_at", "api_answer", ["claimed_at"])


def downgrade() -> None:
    for table in (
        "api_answer", "application_password", "oauth_token", "oauth_code", "oauth_allowance", "oauth_client",
    ):  # fmt: skip
        op.drop_table(table)
