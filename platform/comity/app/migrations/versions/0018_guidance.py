"""What States need from a request: requirements, texts, links."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from comity.core.db import JSONDocument, UTCDateTime

revision = "0018_guidance"
down_revision = "0017_exchange"
branch_labels = None
depends_on = None


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=False)


def _of_state(table: str, *columns: sa.Column[Any], unique: str = "") -> None:
    rules = [sa.UniqueConstraint("state_iso2", unique, name=f"uq_{table}_state_iso2_{unique}")] if unique else []
    op.create_table(
        table,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "state_iso2", sa.String(2), sa.ForeignKey("state.iso2", name=f"fk_{table}_state_iso2_state"), nullable=False
        ),
        *columns,
        sa.Column("demonstration", sa.Boolean, nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        *rules,
    )
    op.create_index(f"ix_{table}_state_iso2", table, ["state_iso2"])


def upgrade() -> None:
    _of_state(
        "guidance_requirement",
        *(_text(*column) for column in (("key", 40), ("element", 40), ("need", 40), ("case", 40))),
        sa.Column("kinds", JSONDocument, nullable=False),
        sa.Column("forms", JSONDocument, nullable=False),
        _text("law", 300),
        _text("original", 20),
        sa.Column("texts", JSONDocument, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        unique="key",
    )
    _of_state("guidance_text", _text("language", 20), sa.Column("body", sa.Text, nullable=False), unique="language")
    _of_state(
        "guidance_link",
        *(_text(*column) for column in (("kind", 40), ("title", 300), ("language", 20), ("url", 300))),
        sa.Column("position", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("guidance_link", "guidance_text", "guidance_requirement"):
        op.drop_table(table)
