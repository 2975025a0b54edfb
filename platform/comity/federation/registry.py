"""Which providers there are: added, listed, changed and removed by whoever runs the installation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from comity.core import boxes, journal
from comity.core.addresses import RefusedAddress, checked_url
from comity.core.errors import Conflict, Invalid, NotFound
from comity.core.i18n import N_
from comity.directory.models import Authority
from comity.directory.posts import Post
from comity.federation.client import Settings
from comity.federation.desks import take_all
from comity.federation.errors import ProviderAway
from comity.federation.models import (
    IdentityProvider,
    ProviderFlow,
    ProviderGroup,
    ProviderHolding,
    ProviderSubject,
    ProviderVisit,
    SpentLogout,
)
from comity.people.sessions import end_vouched

_PURPOSE = "comity secrets of providers"
_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_CLAIM = re.compile(r"[!-~]{1,100}")
_LONGEST_ISSUER, _LONGEST_NAME = 500, 300
_FIXED_SCOPES = ("openid", "email")


@dataclass(frozen=True, slots=True)
class New:
    """A provider to be added: see `IdentityProvider`. authority: its code in the directory."""

    code: str
    authority: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    domains: tuple[str, ...]
    scopes: tuple[str, ...] = ()
    groups_claim: str = "groups"
    counts_factor: bool = False
    acr_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A provider, as it is listed. groups: name of the group, number and title of the post."""

    code: str
    name: str
    authority_id: int
    authority: str
    issuer: str
    client_id: str
    domains: tuple[str, ...]
    counts_factor: bool
    groups: tuple[tuple[str, int, str], ...]
    people: int


def check(new: New, *, loopback: bool) -> None:
    """See that a provider can be added as far as can be told without asking it. Raises Invalid with the field."""
    tests = (
        ("code", bool(_CODE.fullmatch(new.code))),
        ("name", 0 < len(new.name.strip()) <= _LONGEST_NAME),
        ("client_id", 0 < len(new.client_id) <= _LONGEST_NAME),
        ("client_secret", bool(new.client_secret)),
        ("domains", bool(new.domains) and all(_DOMAIN.fullmatch(each) for each in new.domains)),
        ("groups_claim", bool(_CLAIM.fullmatch(new.groups_claim))),
        ("scopes", all(_CLAIM.fullmatch(each) for each in new.scopes)),
        ("acr_values", all(_CLAIM.fullmatch(each) for each in new.acr_values)),
        ("issuer", len(new.issuer) <= _LONGEST_ISSUER and "?" not in new.issuer),
    )
    for field, holds in tests:
        if not holds:
            raise Invalid(N_("Please check what you typed."), field=field)
    try:
        checked_url(new.issuer, loopback=loopback)
    except RefusedAddress:
        raise Invalid(N_("Please check what you typed."), field="issuer") from None


def add(session: Session, new: New, now: datetime, *, secret_key: str) -> IdentityProvider:
    """Keep a provider that was checked. Raises NotFound for an unknown authority, Conflict for a code that is taken."""
    authority = session.scalars(select(Authority).where(Authority.code == new.authority)).one_or_none()
    if authority is None:
        raise NotFound
    same = (IdentityProvider.issuer == new.issuer) & (IdentityProvider.client_id == new.client_id)
    if session.scalar(select(IdentityProvider.id).where((IdentityProvider.code == new.code) | same)):
        raise Conflict
    row = IdentityProvider(
        code=new.code,
        authority_id=authority.id,
        name=new.name.strip(),
        issuer=new.issuer,
        client_id=new.client_id,
        sealed_secret=boxes.seal(secret_key, _PURPOSE, new.code, new.client_secret),
        scopes=list(dict.fromkeys([*_FIXED_SCOPES, *new.scopes])),
        domains=sorted({domain.lower() for domain in new.domains}),
        groups_claim=new.groups_claim,
        counts_factor=new.counts_factor,
        acr_values=list(new.acr_values),
        created_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, row, "added", now, authority=authority.code, issuer=row.issuer, counts_factor=row.counts_factor)
    return row


def set_secret(session: Session, code: str, secret: str, now: datetime, *, secret_key: str) -> None:
    """Take another client secret: the provider changed it, or the installation's secret key was. Raises NotFound."""
    row = by_code(session, code)
    row.sealed_secret = boxes.seal(secret_key, _PURPOSE, row.code, secret)
    _note(session, row, "secret-changed", now)


def map_group(session: Session, code: str, group: str, post_id: int, now: datetime) -> None:
    """Have a group's members hold a post at the provider's authority. Raises NotFound, Conflict when it does."""
    row = by_code(session, code)
    post = session.get(Post, post_id)
    if post is None or post.authority_id != row.authority_id:
        raise NotFound
    if not 0 < len(group) <= _LONGEST_NAME:
        raise Invalid(field="group")
    known = (ProviderGroup.provider_id == row.id, ProviderGroup.name == group, ProviderGroup.post_id == post_id)
    if session.scalar(select(ProviderGroup.id).where(*known)):
        raise Conflict
    session.add(ProviderGroup(provider_id=row.id, name=group, post_id=post_id))
    _note(session, row, "group-mapped", now, group=group, post=post_id)


def unmap_group(session: Session, code: str, group: str, post_id: int, now: datetime) -> None:
    """Have a group give a post no longer: each member loses it at the next sign-in. Raises NotFound."""
    row = by_code(session, code)
    known = (ProviderGroup.provider_id == row.id, ProviderGroup.name == group, ProviderGroup.post_id == post_id)
    if not session.scalars(delete(ProviderGroup).where(*known).returning(ProviderGroup.id)).all():
        raise NotFound
    _note(session, row, "group-unmapped", now, group=group, post=post_id)


def remove(session: Session, code: str, now: datetime) -> int:
    """Take a provider away: who came by it is signed out, and what its groups gave ends. Raises NotFound.

    Returns how many sessions ended.
    """
    row = by_code(session, code)
    references = session.scalars(select(ProviderVisit.reference).where(ProviderVisit.provider_id == row.id)).all()
    ended = end_vouched(session, references, now)
    take_all(session, row, now)
    _note(session, row, "removed", now)
    for table in (ProviderFlow, ProviderVisit, ProviderHolding, ProviderGroup, ProviderSubject, SpentLogout):
        session.execute(delete(table).where(table.provider_id == row.id))
    session.delete(row)
    return ended


def by_code(session: Session, code: str) -> IdentityProvider:
    """Raises NotFound."""
    found = session.scalars(select(IdentityProvider).where(IdentityProvider.code == code)).one_or_none()
    if found is None:
        raise NotFound
    return found


def all_providers(session: Session) -> Sequence[IdentityProvider]:
    """Those whose buttons stand on the sign-in page, by name."""
    return session.scalars(select(IdentityProvider).order_by(IdentityProvider.name, IdentityProvider.id)).all()


def confirming(session: Session, account_id: int) -> Sequence[IdentityProvider]:
    """Those that know an account and whose second factor counts."""
    query = (
        select(IdentityProvider)
        .join(ProviderSubject)
        .where(ProviderSubject.account_id == account_id, IdentityProvider.counts_factor)
    )
    return session.scalars(query.order_by(IdentityProvider.name)).all()


def visit(session: Session, reference: str) -> ProviderVisit | None:
    """The visit that vouched for a session, with its provider; or None."""
    query = select(ProviderVisit).where(ProviderVisit.reference == reference)
    return session.scalars(query.options(joinedload(ProviderVisit.provider))).one_or_none()


def lines(session: Session) -> list[Line]:
    """All providers as they are listed."""
    return [_line(session, row) for row in all_providers(session)]


def posts_of(session: Session, authority_id: int) -> list[tuple[int, str]]:
    """Numbers and titles of an authority's posts."""
    query = select(Post.id, Post.title).where(Post.authority_id == authority_id).order_by(Post.id)
    return [(number, title) for number, title in session.execute(query)]


def settings(row: IdentityProvider, secret_key: str) -> Settings:
    """What talking to a provider needs. Raises ProviderAway where its secret does not open any more."""
    secret = boxes.unseal(secret_key, _PURPOSE, row.code, row.sealed_secret)
    if secret is None:
        raise ProviderAway(row.name, "the client's secret does not open: set it again with `comity provider secret`")
    return Settings(
        row.id, row.code, row.name, row.issuer, row.client_id, secret, tuple(row.scopes), row.groups_claim,
        row.counts_factor, tuple(row.acr_values),
    )  # fmt: skip


def _line(session: Session, row: IdentityProvider) -> Line:
    groups: Iterable[ProviderGroup] = session.scalars(
        select(ProviderGroup).where(ProviderGroup.provider_id == row.id).order_by(ProviderGroup.name, ProviderGroup.id)
    )
    people = session.scalars(select(ProviderSubject.id).where(ProviderSubject.provider_id == row.id)).all()
    return Line(
        row.code, row.name, row.authority_id, row.authority.name_en, row.issuer, row.client_id, tuple(row.domains),
        row.counts_factor, tuple((each.name, each.post_id, each.post.title) for each in groups), len(people),
    )  # fmt: skip


def _note(session: Session, row: IdentityProvider, what: str, now: datetime, **payload: str | int) -> None:
    journal.append(session, f"provider:{row.code}", f"provider.{what}", dict(payload), now=now)
