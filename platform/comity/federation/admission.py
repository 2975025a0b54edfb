"""Letting somebody in on a provider's word: whom it means, what the journal keeps, what the groups give."""

from __future__ import annotations

import secrets as random
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core import boxes
from comity.federation.desks import apply_groups, authorities_of
from comity.federation.errors import Mismatch, NotVouched, Unverified
from comity.federation.identity import Identity
from comity.federation.models import IdentityProvider, ProviderSubject, ProviderVisit
from comity.federation.vouching import Candidate, Refusal, refusal
from comity.people.events import Kind, Origin, record
from comity.people.factors.rules import HALF_LASTS
from comity.people.models import Account
from comity.people.rules import LONGEST
from comity.people.services import find_account

_TOKEN_PURPOSE = "comity tokens of providers"  # noqa: S105 - a name  # nosec B105


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who comes in. reference: for `vouched_by` of what is opened."""

    account: Account
    reference: str


def admit(
    session: Session, provider_id: int, identity: Identity, origin: Origin, now: datetime, *, secret_key: str
) -> Admitted | Refusal:
    """The account that a provider vouches for; or why there is none, which is in the journal then: let the work commit.

    The first time, the provider's subject is bound to the account with the verified address. No account is ever made.
    """
    provider = session.get_one(IdentityProvider, provider_id)
    account = _meant(session, provider, identity)
    found = _judge(session, provider, account, identity, now)
    if account is None or found is not None:
        record(
            session, Kind.PROVIDER_REFUSED, account.id if account else None, now, provider=provider.code,
            reason=(found or Refusal.NO_ACCOUNT).value, address=origin.address,
        )  # fmt: skip
        return found or Refusal.NO_ACCOUNT
    if _subject(session, provider.id, account.id) is None:
        session.add(
            ProviderSubject(provider_id=provider.id, subject=identity.subject, account_id=account.id, bound_at=now)
        )
        record(session, Kind.PROVIDER_LINKED, account.id, now, provider=provider.code, address=origin.address)
    apply_groups(session, provider, account.id, identity.groups, now)
    return Admitted(account, _note_visit(session, provider, identity, now, secret_key))


def confirms(
    session: Session, provider_id: int, identity: Identity, account_id: int, origin: Origin, now: datetime
) -> bool:
    """Whether a provider says that it is still the same person; a failure is in the journal then."""
    provider = session.get_one(IdentityProvider, provider_id)
    bound = _subject(session, provider_id, account_id)
    if bound is not None and bound.subject == identity.subject and identity.factor:
        record(session, Kind.FACTOR_CONFIRMED, account_id, now, by=account_id, factor="provider")
        return True
    record(
        session, Kind.PROVIDER_REFUSED, account_id, now, by=account_id, provider=provider.code,
        reason=Refusal.OTHER_SUBJECT.value, address=origin.address,
    )  # fmt: skip
    return False


def problem(found: Refusal, name: str) -> NotVouched:
    """A refusal as the person is told of it. name: the provider's."""
    kinds = {Refusal.UNVERIFIED: Unverified, Refusal.OTHER_SUBJECT: Mismatch}
    return kinds.get(found, NotVouched)(name=name)


def open_token(visit: ProviderVisit, secret_key: str) -> str | None:
    """The id_token of a visit, or None where the installation's secret key was changed."""
    return boxes.unseal(secret_key, _TOKEN_PURPOSE, visit.reference, visit.sealed_token)


def _meant(session: Session, provider: IdentityProvider, identity: Identity) -> Account | None:
    """By the subject, where it is known; else by the verified address. Its row stays locked until the commit."""
    query = select(ProviderSubject).where(
        ProviderSubject.provider_id == provider.id, ProviderSubject.subject == identity.subject
    )
    bound = session.scalars(query).one_or_none()
    account = bound.account if bound else find_account(session, identity.email) if identity.email else None
    return account and session.get(Account, account.id, with_for_update=True, populate_existing=True)


def _judge(
    session: Session, provider: IdentityProvider, account: Account | None, identity: Identity, now: datetime
) -> Refusal | None:
    candidate = None
    if account is not None:
        bound = _subject(session, provider.id, account.id)
        candidate = Candidate(
            may_sign_in=account.may_sign_in,
            has_role=bool(account.roles),
            posts_at=authorities_of(session, account.id, now),
            subject=bound.subject if bound else None,
        )
    return refusal(
        candidate,
        subject=identity.subject,
        email=identity.email,
        domains=frozenset(provider.domains),
        authority_id=provider.authority_id,
    )


def _subject(session: Session, provider_id: int, account_id: int) -> ProviderSubject | None:
    query = select(ProviderSubject).where(
        ProviderSubject.provider_id == provider_id, ProviderSubject.account_id == account_id
    )
    return session.scalars(query).one_or_none()


def _note_visit(
    session: Session, provider: IdentityProvider, identity: Identity, now: datetime, secret_key: str
) -> str:
    reference = random.token_hex(32)
    session.add(
        ProviderVisit(
            provider_id=provider.id, reference=reference, subject=identity.subject, sid=identity.sid,
            sealed_token=boxes.seal(secret_key, _TOKEN_PURPOSE, reference, identity.token),
            expires_at=now + LONGEST + HALF_LASTS,
        )
    )  # fmt: skip
    session.flush()
    return reference
