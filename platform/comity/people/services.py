"""Accounts: invited by link, with a password of their own.

Hashing a password takes long, so no function here does both hash and write: prepare first (`new_password`,
`check_password`, no database), then write what was prepared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comity.core.actor import Role
from comity.core.errors import Conflict, Invalid, NotFound
from comity.core.i18n import N_
from comity.people.events import Kind, Origin, record
from comity.people.hashing import Hasher
from comity.people.models import Account, Invitation
from comity.people.preferences import clean_name, known_language, known_zone
from comity.people.rules import INVITATION_LASTS, InvitationState, invitation_state
from comity.people.sessions import end_other_sessions
from comity.people.strength import own_words, require_strong
from comity.people.tokens import digest, new_token

_LONGEST_ADDRESS = 254


class WrongCredentials(Invalid):
    """Address and password do not fit. It says no more on purpose: not even whether there is such an account."""

    code = "wrong-credentials"
    message = N_("The address and the password do not fit each other. Please check both.")


class UnusableInvitation(Conflict):
    """A link that was used, replaced or left too long. state: which."""

    code = "unusable-invitation"
    message = N_("This link cannot be used any more.")

    def __init__(self, state: InvitationState) -> None:
        super().__init__()
        self.state = state


@dataclass(frozen=True, slots=True)
class Credentials:
    """What sign-in compares with. account_id: None when nobody may sign in with the address."""

    account_id: int | None
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A password that was compared. new_hash: to be kept instead, when the one kept is outdated."""

    account_id: int | None
    passed: bool
    new_hash: str | None = None


def clean_email(email: str) -> str:
    """An addr-spec (RFC 5322, 3.4.1) in lower case. Raises Invalid."""
    cleaned = email.strip().lower()
    try:
        address = Address(addr_spec=cleaned)
    except (HeaderParseError, ValueError, IndexError):
        raise Invalid(N_("Please enter an e-mail address, like name@example.org."), field="email") from None
    if not address.username or "." not in address.domain or len(cleaned) > _LONGEST_ADDRESS or " " in cleaned:
        raise Invalid(N_("Please enter an e-mail address, like name@example.org."), field="email")
    return cleaned


def create_account(
    session: Session,
    *,
    email: str,
    display_name: str,
    locale: str,
    zone: str,
    roles: Iterable[Role],
    now: datetime,
    demonstration: bool = False,
) -> Account:
    """A new account, without a password. Raises Invalid with the field, Conflict when the address has one."""
    account = Account(
        email=clean_email(email),
        display_name=clean_name(display_name),
        locale=known_language(locale),
        zone=known_zone(zone),
        theme="auto",
        roles=sorted(role.value for role in roles),
        demonstration=demonstration,
        created_at=now,
    )
    if find_account(session, account.email) is not None:
        raise Conflict(N_("This address has an account already."), field="email")
    session.add(account)
    session.flush()
    return account


def find_account(session: Session, email: str) -> Account | None:
    """The account with an address, however it is written, or None."""
    return session.scalars(select(Account).where(Account.email == email.strip().lower())).one_or_none()


def invite(
    session: Session, email: str, display_name: str, locale: str, zone: str, roles: Iterable[Role], now: datetime
) -> str:
    """Invite a person, or give one who lost the password a new link.

    email: addr-spec. locale: one of the six languages. zone: IANA name. Returns the token of the link
    `/invitations/<token>`, good once and for a week; links sent before it end. The name, language and zone of a person
    who has an account stay as they are, roles are added. Raises Invalid with the field, Conflict for a closed account.
    """
    account = find_account(session, clean_email(email))
    if account is None:
        account = create_account(
            session, email=email, display_name=display_name, locale=locale, zone=zone, roles=roles, now=now
        )
    if not account.may_sign_in:
        raise Conflict(N_("This account is closed."), field="email")
    account.roles = sorted({*account.roles, *(role.value for role in roles)})
    _end_open_invitations(session, account.id, now)
    token = new_token()
    invitation = Invitation(
        account_id=account.id, token_digest=digest(token), created_at=now, expires_at=now + INVITATION_LASTS
    )
    session.add(invitation)
    session.flush()
    record(session, Kind.INVITED, account.id, now, invitation=invitation.id)
    return token


def find_invitation(session: Session, token: str, now: datetime) -> Account:
    """The person whom a link invites. Raises NotFound for an unknown link, UnusableInvitation with its state."""
    return _open_invitation(session, token, now).account


def accept_invitation(session: Session, token: str, password_hash: str | None, now: datetime) -> Account:
    """Use a link: the person has this password from now on, and every browser signed in before is signed out.

    password_hash: from `new_password`; None for who comes with a passkey and has no password from now on. Raises
    NotFound, UnusableInvitation.
    """
    invitation = _open_invitation(session, token, now, lock=True)
    invitation.used_at = now
    invitation.account.password_hash = password_hash
    record(session, Kind.INVITATION_ACCEPTED, invitation.account_id, now, invitation=invitation.id)
    end_other_sessions(session, invitation.account_id, now)
    return invitation.account


def new_password(account: Account, password: str, repeated: str, hasher: Hasher) -> str:
    """The hash of a password that somebody chose. Slow; touches no database.

    Raises WeakPassword, and Invalid when it was typed differently the second time.
    """
    require_strong(password, own_words(account.display_name, account.email))
    if password != repeated:
        raise Invalid(N_("The two passwords differ. Please type both again."), field="repeated")
    return hasher.hash(password)


def set_password(session: Session, account_id: int, password_hash: str, now: datetime, *, keep: int) -> None:
    """Change a password; the person's other browsers are signed out.

    password_hash: from `new_password`. keep: the sign-in session that stays.
    """
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    account.password_hash = password_hash
    record(session, Kind.PASSWORD_CHANGED, account_id, now, by=account_id)
    end_other_sessions(session, account_id, now, keep=keep)


def credentials(session: Session, email: str) -> Credentials:
    """What to compare a password with."""
    account = find_account(session, email)
    if account is None or not account.may_sign_in or account.password_hash is None:
        return Credentials(None, None)
    return Credentials(account.id, account.password_hash)


def check_password(known: Credentials, password: str, hasher: Hasher) -> Checked:
    """Compare a password. As slow for an address nobody has as for a wrong password; touches no database."""
    if not hasher.verify(known.password_hash or hasher.dummy, password) or known.password_hash is None:
        return Checked(known.account_id, passed=False)
    outdated = hasher.is_outdated(known.password_hash)
    return Checked(known.account_id, passed=True, new_hash=hasher.hash(password) if outdated else None)


def authenticate(session: Session, checked: Checked, origin: Origin, now: datetime) -> Account | None:
    """The person who may come in, or None; the failure is in the journal then, so let the unit of work commit."""
    account = session.get(Account, checked.account_id) if checked.account_id is not None else None
    if account is None or not checked.passed or not account.may_sign_in:
        record(session, Kind.SIGN_IN_FAILED, checked.account_id, now, address=origin.address)
        return None
    if checked.new_hash is not None:
        account.password_hash = checked.new_hash
    return account


def _open_invitation(session: Session, token: str, now: datetime, *, lock: bool = False) -> Invitation:
    query = select(Invitation).where(Invitation.token_digest == digest(token))
    invitation = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if invitation is None or not invitation.account.may_sign_in:
        raise NotFound
    state = invitation_state(invitation.expires_at, invitation.used_at, now)
    if state is not InvitationState.OPEN:
        raise UnusableInvitation(state)
    return invitation


def _end_open_invitations(session: Session, account_id: int, now: datetime) -> None:
    still_open = (Invitation.account_id == account_id, Invitation.used_at.is_(None), Invitation.expires_at > now)
    session.execute(update(Invitation).where(*still_open).values(expires_at=now))
