"""Vetting: nominations and their steps, absences, recoveries, suspension, what posts hand over."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from comity.core.db import JSONDocument, UTCDateTime

revision = "0010_vetting"
down_revision = "0009_oidc"
branch_labels = None
depends_on = None


def _to(table: str, column: str, other: str, *, nullable: bool = False) -> sa.Column[Any]:
    link = sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{column}_{other}")
    return sa.Column(column, sa.Integer, link, nullable=nullable)


def _text(name: str, length: int = 300, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _key() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _at(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, UTCDateTime(), nullable=nullable)


def _indexes(table: str, *names: str) -> None:
    for name in names:
        op.create_index(f"ix_{table}_{name}", table, [name])


def upgrade() -> None:
    op.add_column("account", _at("suspended_at", nullable=True))
    _nominations()
    _absences()
    _recoveries()
    _handing_over()


def _nominations() -> None:
    op.create_table(
        "nomination",
        _key(),
        _text("public_id", 40),
        _to("nomination", "authority_id", "authority"),
        _to("nomination", "post_id", "post", nullable=True),
        _to("nomination", "account_id", "account", nullable=True),
        _text("post_title"),
        sa.Column("focal", sa.Boolean, nullable=False),
        _text("name"),
        _text("email", 254),
        _text("locale", 20),
        _text("role", 40),
        sa.Column("languages", JSONDocument, nullable=False),
        _text("stage", 40),
        _text("token_digest", 64),
        _at("link_expires_at"),
        _at("created_at"),
        sa.UniqueConstraint("public_id", name="uq_nomination_public_id"),
        sa.UniqueConstraint("token_digest", name="uq_nomination_token_digest"),
    )
    _indexes("nomination", "authority_id", "stage")
    op.create_table(
        "nomination_step",
        _key(),
        _to("nomination_step", "nomination_id", "nomination"),
        _text("step", 40),
        _text("office", 40),
        _to("nomination_step", "account_id", "account", nullable=True),
        _at("at"),
        _text("address", 45),
        _text("note"),
    )
    _indexes("nomination_step", "nomination_id")


def _absences() -> None:
    op.create_table(
        "absence",
        _key(),
        _to("absence", "post_id", "post"),
        _to("absence", "deputy_post_id", "post"),
        _to("absence", "named_by_id", "account"),
        _at("since"),
        _at("until"),
    )
    _indexes("absence", "post_id", "deputy_post_id")


def _recoveries() -> None:
    op.create_table(
        "recovery",
        _key(),
        _text("public_id", 40),
        _to("recovery", "account_id", "account"),
        _at("asked_at"),
        _at("expires_at"),
        _to("recovery", "vouched_by_id", "account", nullable=True),
        _at("vouched_at", nullable=True),
        _text("spoke", 40, nullable=True),
        _to("recovery", "approved_by_id", "account", nullable=True),
        _at("approved_at", nullable=True),
        _text("token_digest", 64, nullable=True),
        sa.Column("failures", sa.Integer, nullable=False),
        _at("ended_at", nullable=True),
        sa.UniqueConstraint("public_id", name="uq_recovery_public_id"),
        sa.UniqueConstraint("token_digest", name="uq_recovery_token_digest"),
    )
    _indexes("recovery", "account_id")


def _handing_over() -> None:
    op.create_table(
        "hand_over",
        _key(),
        _to("hand_over", "post_id", "post"),
        _to("hand_over", "author_account_id", "account"),
        sa.Column("sealed_note", sa.LargeBinary, nullable=False),
        _at("updated_at"),
        sa.UniqueConstraint("post_id", name="uq_hand_over_post_id"),
    )
    op.create_table(
        "taken_over",
        _key(),
        _to("taken_over", "holding_id", "holding"),
        _at("at"),
        sa.UniqueConstraint("holding_id", name="uq_taken_over_holding_id"),
    )


def downgrade() -> None:
    for table in ("taken_over", "hand_over", "recovery", "absence", "nomination_step", "nomination"):
        op.drop_table(table)
    op.drop_column("account", "suspended_at")
