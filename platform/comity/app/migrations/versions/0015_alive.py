"""What keeps the directory true: versions of records, proposals, confirmations, reports, addresses that bounce."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from comity.core.db import JSONDocument, UTCDateTime

revision = "0015_alive"
down_revision = "0014_people"
branch_labels = None
depends_on = None


def _reference(table: str, name: str, target: str, *, nullable: bool = False) -> sa.Column[Any]:
    link = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}")
    return sa.Column(name, sa.Integer(), link, nullable=nullable)


def _text(name: str, length: int = 300, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, UTCDateTime(), nullable=nullable)


def _document(name: str) -> sa.Column[Any]:
    return sa.Column(name, JSONDocument, nullable=False)


def _long(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, *, nullable: bool = False, primary: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable, primary_key=primary)


def _indexes(table: str, *names: str) -> None:
    for name in names:
        op.create_index(f"ix_{table}_{name}", table, [name])


def upgrade() -> None:
    op.add_column("authority", _instant("mailbox_bounced_at", nullable=True))
    _versions()
    _proposals()
    _requests_and_reports()


def _versions() -> None:
    op.create_table(
        "record_version",
        _number("id", primary=True),
        _text("kind", 40),
        _text("ref", 60),
        _number("number"),
        _text("state_iso2", 2, nullable=True),
        _instant("valid_from"),
        _instant("valid_until", nullable=True),
        _document("fields"),
        _text("source", 40),
        _reference("record_version", "account_id", "account", nullable=True),
        _reference("record_version", "post_id", "post", nullable=True),
        _text("by"),
        _number("proposal_id", nullable=True),
        sa.UniqueConstraint("kind", "ref", "number", name="uq_record_version_kind_ref_number"),
    )
    _indexes("record_version", "state_iso2")


def _proposals() -> None:
    op.create_table(
        "change_proposal",
        _number("id", primary=True),
        _reference("change_proposal", "authority_id", "authority"),
        _number("based_on"),
        _document("before"),
        _document("after"),
        sa.Column("own", sa.Boolean(), nullable=False),
        _long("note"),
        _reference("change_proposal", "account_id", "account"),
        _reference("change_proposal", "post_id", "post", nullable=True),
        _text("by"),
        _text("status", 40),
        _instant("created_at"),
        _instant("decided_at", nullable=True),
        _reference("change_proposal", "decided_by_account_id", "account", nullable=True),
        _text("decided_by"),
        _long("reason"),
    )
    _indexes("change_proposal", "authority_id", "account_id", "status")


def _requests_and_reports() -> None:
    op.create_table(
        "confirmation_request",
        _number("id", primary=True),
        _text("kind", 40),
        _text("ref", 60),
        _instant("asked_at"),
        _number("sent"),
        _instant("last_sent_at"),
        sa.UniqueConstraint("kind", "ref", name="uq_confirmation_request_kind_ref"),
    )
    op.create_table(
        "outdated_report",
        _number("id", primary=True),
        _text("kind", 40),
        _text("ref", 60),
        _reference("outdated_report", "authority_id", "authority"),
        _long("words"),
        _reference("outdated_report", "account_id", "account"),
        _text("by"),
        _instant("created_at"),
        _instant("answered_at", nullable=True),
        _reference("outdated_report", "answered_by_account_id", "account", nullable=True),
        _long("answer"),
    )
    _indexes("outdated_report", "ref", "authority_id")


def downgrade() -> None:
    for table in ("outdated_report", "confirmation_request", "change_proposal", "record_version"):
        op.drop_table(table)
    op.drop_column("authority", "mailbox_bounced_at")
