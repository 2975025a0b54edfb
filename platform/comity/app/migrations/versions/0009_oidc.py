"""Providers of authorities, whom they vouch for, and what that gave."""

import sqlalchemy as sa
from alembic import op

from comity.core.db import JSONDocument, UTCDateTime

revision = "0009_oidc"
down_revision = "0008_record"
branch_labels = None
depends_on = None

_VOUCHED = ("sign_in_session", "half_sign_in")


def upgrade() -> None:
    op.create_table(
        "identity_provider",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(40), nullable=False),
        _to("identity_provider", "authority"),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("client_id", sa.String(300), nullable=False),
        sa.Column("sealed_secret", sa.Text, nullable=False),
        sa.Column("scopes", JSONDocument, nullable=False),
        sa.Column("domains", JSONDocument, nullable=False),
        sa.Column("groups_claim", sa.String(100), nullable=False),
        sa.Column("counts_factor", sa.Boolean, nullable=False),
        sa.Column("acr_values", JSONDocument, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("code", name="uq_identity_provider_code"),
        sa.UniqueConstraint("issuer", "client_id", name="uq_identity_provider_issuer_client_id"),
    )
    op.create_index("ix_identity_provider_authority_id", "identity_provider", ["authority_id"])
    op.create_table(
        "provider_group",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("provider_group", "identity_provider", "provider_id"),
        sa.Column("name", sa.String(300), nullable=False),
        _to("provider_group", "post"),
        sa.UniqueConstraint("provider_id", "name", "post_id", name="uq_provider_group_provider_id_name_post_id"),
    )
    op.create_index("ix_provider_group_post_id", "provider_group", ["post_id"])
    _subjects()
    _visits()
    for table in _VOUCHED:
        op.add_column(table, sa.Column("vouched_by", sa.String(64)))
        op.create_index(f"ix_{table}_vouched_by", table, ["vouched_by"])


def downgrade() -> None:
    for table in _VOUCHED:
        op.drop_index(f"ix_{table}_vouched_by", table)
        op.drop_column(table, "vouched_by")
    for table in (
        "spent_logout", "provider_flow", "provider_visit", "provider_holding", "provider_subject", "provider_group",
        "identity_provider",
    ):  # fmt: skip
        op.drop_table(table)


def _subjects() -> None:
    op.create_table(
        "provider_subject",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("provider_subject", "identity_provider", "provider_id"),
        sa.Column("subject", sa.String(255), nullable=False),
        _to("provider_subject", "account"),
        sa.Column("bound_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("provider_id", "subject", name="uq_provider_subject_provider_id_subject"),
        sa.UniqueConstraint("provider_id", "account_id", name="uq_provider_subject_provider_id_account_id"),
    )
    op.create_index("ix_provider_subject_account_id", "provider_subject", ["account_id"])
    op.create_table(
        "provider_holding",
        sa.Column(
            "holding_id",
            sa.Integer,
            sa.ForeignKey("holding.id", name="fk_provider_holding_holding_id_holding"),
            primary_key=True,
            autoincrement=False,
        ),
        _to("provider_holding", "identity_provider", "provider_id"),
    )
    op.create_index("ix_provider_holding_provider_id", "provider_holding", ["provider_id"])


def _visits() -> None:
    op.create_table(
        "provider_visit",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("provider_visit", "identity_provider", "provider_id"),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("sid", sa.String(255)),
        sa.Column("sealed_token", sa.Text, nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("reference", name="uq_provider_visit_reference"),
    )
    op.create_index("ix_provider_visit_subject", "provider_visit", ["subject"])
    op.create_index("ix_provider_visit_expires_at", "provider_visit", ["expires_at"])
    op.create_table(
        "provider_flow",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("provider_flow", "identity_provider", "provider_id"),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("onward", sa.Text, nullable=False),
        sa.Column("sign_in_id", sa.Integer),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("token_digest", name="uq_provider_flow_token_digest"),
    )
    op.create_index("ix_provider_flow_expires_at", "provider_flow", ["expires_at"])
    op.create_table(
        "spent_logout",
        sa.Column("id", sa.Integer, primary_key=True),
        _to("spent_logout", "identity_provider", "provider_id"),
        sa.Column("jti_digest", sa.String(64), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("provider_id", "jti_digest", name="uq_spent_logout_provider_id_jti_digest"),
    )
    op.create_index("ix_spent_logout_expires_at", "spent_logout", ["expires_at"])


def _to(table: str, target: str, column: str | None = None) -> sa.Column[int]:
    """A reference that must be there, named as the models name it."""
    name = column or f"{target}_id"
    key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, sa.Integer, key, nullable=False)
