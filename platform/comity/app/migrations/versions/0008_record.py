"""The whole record: practitioners, coordinators, notifications, arrangements; territories and holidays."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from comity.core.db import JSONDocument, UTCDateTime

revision = "0008_record"
down_revision = "0007_keys"
branch_labels = None
depends_on = None

_NO_TERMS = sa.text("'[]'")


def _reference(table: str, name: str, target: str, *, nullable: bool = False, primary: bool = False) -> sa.Column[Any]:
    other, _, key = target.partition(".")
    kind: Any = {"id": sa.Integer(), "code": sa.String(20), "iso2": sa.String(2)}[key]
    link = sa.ForeignKey(target, name=f"fk_{table}_{name}_{other}")
    return sa.Column(name, kind, link, nullable=nullable, primary_key=primary)


def _text(name: str, length: int = 300, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _key() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, UTCDateTime(), nullable=nullable)


def _date(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date, nullable=nullable)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _indexes(table: str, *names: str) -> None:
    for name in names:
        op.create_index(f"ix_{table}_{name}", table, [name])


def upgrade() -> None:
    _extend()
    _practitioners()
    _notifications()
    _arrangements()


def _extend() -> None:
    for table, column, default in (
        ("authority", sa.Column("territories", JSONDocument, nullable=False, server_default=_NO_TERMS), True),
        ("authority", _text("holiday_calendar", 10, nullable=True), False),
        ("authority", sa.Column("closed_on", JSONDocument, nullable=False, server_default=_NO_TERMS), True),
        ("network", sa.Column("about", sa.Text, nullable=False, server_default=""), True),
        ("network", _text("web", nullable=True), False),
        ("post", sa.Column("focal", sa.Boolean, nullable=False, server_default=sa.false()), True),
    ):
        name = column.name
        op.add_column(table, column)
        if default and op.get_bind().dialect.name == "postgresql":
            op.alter_column(table, name, server_default=None)


def _practitioners() -> None:
    op.create_table(
        "practitioner",
        _key(),
        _text("public_id", 40),
        _reference("practitioner", "account_id", "account.id", nullable=True),
        _reference("practitioner", "authority_id", "authority.id"),
        _reference("practitioner", "post_id", "post.id", nullable=True),
        _reference("practitioner", "deputy_id", "practitioner.id", nullable=True),
        *(_text(name) for name in ("name", "name_latin")),
        _text("language", 20),
        _text("title"),
        _text("role", 40),
        *(sa.Column(name, JSONDocument, nullable=False) for name in ("languages", "specialities")),
        _text("zone", 60, nullable=True),
        _text("office_days", 7, nullable=True),
        *(sa.Column(name, sa.Time) for name in ("opens", "closes")),
        _text("vetting", 40),
        _date("confirmed_on", nullable=True),
        _text("confirmed_by"),
        _date("next_review_on", nullable=True),
        _flag("demonstration"),
        _instant("updated_at"),
        sa.UniqueConstraint("public_id", name="uq_practitioner_public_id"),
        sa.UniqueConstraint("account_id", name="uq_practitioner_account_id"),
    )
    _indexes("practitioner", "authority_id", "post_id", "vetting")
    op.create_table(
        "practitioner_network",
        _reference("practitioner_network", "practitioner_id", "practitioner.id", primary=True),
        _reference("practitioner_network", "network_code", "network.code", primary=True),
    )
    op.create_table(
        "contact_detail",
        _key(),
        _reference("contact_detail", "practitioner_id", "practitioner.id"),
        _text("kind", 40),
        _text("value", 254),
        _flag("functional"),
        _text("visibility", 40),
        _instant("bounced_at", nullable=True),
    )
    _indexes("contact_detail", "practitioner_id", "value")
    op.create_table(
        "liaison_posting",
        _reference("liaison_posting", "practitioner_id", "practitioner.id", primary=True),
        _reference("liaison_posting", "host_iso2", "state.iso2"),
        _text("city"),
        sa.Column("covers", JSONDocument, nullable=False),
        _date("since"),
        _date("until", nullable=True),
    )
    _indexes("liaison_posting", "host_iso2")
    op.create_table(
        "network_coordinator",
        _key(),
        _reference("network_coordinator", "network_code", "network.code"),
        _reference("network_coordinator", "post_id", "post.id"),
        _instant("since"),
        _instant("until", nullable=True),
    )
    _indexes("network_coordinator", "network_code", "post_id")


def _notifications() -> None:
    op.create_table(
        "notification",
        _key(),
        _text("code", 60),
        _reference("notification", "state_iso2", "state.iso2"),
        _text("provision", 40),
        sa.Column("text", sa.Text, nullable=False),
        _text("language", 20),
        _date("deposited_on", nullable=True),
        _reference("notification", "supersedes_id", "notification.id", nullable=True),
        _text("status", 40),
        _flag("demonstration"),
        _instant("updated_at"),
        sa.UniqueConstraint("code", name="uq_notification_code"),
    )
    _indexes("notification", "state_iso2", "provision")


def _arrangements() -> None:
    op.create_table(
        "arrangement",
        _key(),
        _text("code", 60),
        _text("kind", 40),
        *(_text(name) for name in ("name", "area")),
        sa.Column("about", sa.Text, nullable=False),
        _text("legal_basis"),
        _text("contact", 254),
        _date("since", nullable=True),
        _flag("demonstration"),
        _instant("updated_at"),
        sa.UniqueConstraint("code", name="uq_arrangement_code"),
    )
    op.create_table(
        "arrangement_state",
        _reference("arrangement_state", "arrangement_id", "arrangement.id", primary=True),
        _reference("arrangement_state", "state_iso2", "state.iso2", primary=True),
    )


def downgrade() -> None:
    for table in (
        "arrangement_state",
        "arrangement",
        "notification",
        "network_coordinator",
        "liaison_posting",
        "contact_detail",
        "practitioner_network",
        "practitioner",
    ):
        op.drop_table(table)
    for table, name in (
        ("post", "focal"),
        ("network", "web"),
        ("network", "about"),
        ("authority", "closed_on"),
        ("authority", "holiday_calendar"),
        ("authority", "territories"),
    ):
        op.drop_column(table, name)
