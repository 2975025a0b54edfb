"""Factors of an account: listed, added, renamed, removed; one-time and recovery codes, each good once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from comity.core.errors import Conflict, Invalid, NotFound
from comity.core.i18n import N_
from comity.people.events import Kind, Origin, record
from comity.people.factors import codes
from comity.people.factors.models import Authenticator, FactorRow, HalfSignIn, Passkey, RecoveryCode
from comity.people.factors.rules import MOST_FACTORS, may_remove
from comity.people.factors.sealing import unseal
from comity.people.models import Account
from comity.people.oauth.passwords import revoke_all_of
from comity.people.preferences import clean_name
from comity.people.sessions import end_other_sessions
from comity.people.tokens import digest

_NOBODYS = codes.new_secret()
"""Compared with where there is no authenticator, so that this takes as long."""


class FactorKind(StrEnum):
    PASSKEY = "passkey"
    AUTHENTICATOR = "authenticator"


class WrongCode(Invalid):
    """The second factor does not fit. One answer for a wrong code, a used one, and one of nobody's."""

    code = "wrong-code"
    message = N_("This code does not fit, or it was used before. Please wait for the next one.")


class LastFactor(Conflict):
    code = "last-factor"
    message = N_("This is the last way in. Please add another one before you remove it.")


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor, as its owner sees it."""

    kind: FactorKind
    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


def factors_of(session: Session, account_id: int) -> list[Factor]:
    """What a person can prove themselves with besides the password, passkeys first, each kind by age."""
    found: list[Factor] = []
    for kind, table in _TABLES.items():
        rows = session.scalars(select(table).where(table.account_id == account_id).order_by(table.id))
        found += [Factor(kind, row.id, row.name, row.created_at, row.used_at) for row in rows]
    return found


def has_factor(session: Session, account_id: int) -> bool:
    """Whether a person has set up a second factor."""
    tables = _TABLES.values()
    return any(session.scalar(select(table.id).where(table.account_id == account_id).limit(1)) for table in tables)


def require_room(session: Session, account_id: int, *, first: bool) -> None:
    """Lock the account until the commit, and see that it may have one more factor.

    first: whether it is added without showing another one, which only the first may be. Raises NotFound, Conflict.
    """
    if session.get(Account, account_id, with_for_update=True) is None:
        raise NotFound
    have = len(factors_of(session, account_id))
    if first and have:
        raise Conflict
    if have >= MOST_FACTORS:
        raise Conflict(N_("You have twenty factors. Please remove one that you do not use."))


def add_authenticator(
    session: Session,
    account_id: int,
    *,
    sealed: str,
    code: str,
    name: str,
    first: bool,
    secret_key: str,
    now: datetime,
) -> None:
    """Take in an application that shows one-time codes, once its first code fits.

    sealed: the secret, as the form was given it. first: see `require_room`. Raises WrongCode, Invalid with the field,
    Conflict when it was taken in.
    """
    secret = unseal(secret_key, account_id, sealed)
    if secret is None:
        raise Invalid(N_("This page has grown old. Please scan the new square below."), field="code")
    step = codes.matching_step(secret, codes.clean(code), now, after=0)
    if step is None:
        raise WrongCode(N_("This code does not fit. Please check the time of your device."), field="code")
    require_room(session, account_id, first=first)
    mark = digest(secret)
    if session.scalar(select(Authenticator.id).where(Authenticator.secret_digest == mark)):
        raise Conflict(N_("This application was added already."))
    session.add(
        Authenticator(
            account_id=account_id, sealed_secret=sealed, secret_digest=mark, last_step=step, name=_name(name),
            created_at=now, used_at=now,
        )
    )  # fmt: skip
    record(session, Kind.FACTOR_ADDED, account_id, now, by=account_id, factor=FactorKind.AUTHENTICATOR.value)


def rename_factor(
    session: Session, account_id: int, kind: FactorKind, factor_id: int, name: str, now: datetime
) -> None:
    """Call a factor something else. Raises NotFound for anybody else's, Invalid."""
    factor = _own(session, account_id, kind, factor_id)
    factor.name = _name(name)
    record(session, Kind.FACTOR_RENAMED, account_id, now, by=account_id, factor=kind.value, number=factor_id)


def remove_factor(
    session: Session, account_id: int, kind: FactorKind, factor_id: int, now: datetime, *, keep: int
) -> None:
    """Remove a factor; the person's other browsers are signed out, for it may be lost.

    keep: the sign-in session that stays. Raises NotFound for anybody else's, LastFactor.
    """
    account = session.get(Account, account_id, with_for_update=True)
    factor = _own(session, account_id, kind, factor_id)
    counts = {each: _count(session, table, account_id) for each, table in _TABLES.items()}
    if account is None or not may_remove(
        passkey=kind is FactorKind.PASSKEY,
        passkeys=counts[FactorKind.PASSKEY],
        authenticators=counts[FactorKind.AUTHENTICATOR],
        has_password=account.password_hash is not None,
    ):
        raise LastFactor
    session.delete(factor)
    record(session, Kind.FACTOR_REMOVED, account_id, now, by=account_id, factor=kind.value, number=factor_id)
    end_other_sessions(session, account_id, now, keep=keep)


def forget_factors(session: Session, account_id: int, now: datetime) -> None:
    """Take everything from an account that lets somebody in: for who has lost it all. An invitation follows.

    Password, passkeys, authenticators and recovery codes go, every browser is signed out, and so is every application.
    """
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound
    account.password_hash = None
    for table in (Passkey, Authenticator, RecoveryCode, HalfSignIn):
        session.execute(delete(table).where(table.account_id == account_id))
    record(session, Kind.FACTORS_FORGOTTEN, account_id, now)
    end_other_sessions(session, account_id, now)
    revoke_all_of(session, account_id, now)


def spend_code(
    session: Session, account_id: int, code: str, origin: Origin, now: datetime, *, secret_key: str
) -> str | None:
    """Use a one-time or recovery code: what it was, or None; a failure is in the journal then, so let the work commit.

    Of two that come with one code at once, one wins: the row is changed on the condition that nobody changed it before.
    """
    cleaned = codes.clean(code)
    if codes.is_one_time(cleaned):
        spent = "one-time-code" if _spend_one_time(session, account_id, cleaned, now, secret_key) else None
    else:
        spent = "recovery-code" if _spend_recovery(session, account_id, cleaned, now) else None
    if spent is None:
        record(session, Kind.FACTOR_REFUSED, account_id, now, factor="code", address=origin.address)
    return spent


def make_recovery_codes(session: Session, account_id: int, now: datetime) -> list[str]:
    """Ten new codes, to be shown once; the ones before are good no longer."""
    fresh = codes.new_recovery_codes()
    session.get(Account, account_id, with_for_update=True)
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    marks = (codes.recovery_digest(account_id, codes.clean(code)) for code in fresh)
    session.add_all(RecoveryCode(account_id=account_id, digest=mark, created_at=now) for mark in marks)
    record(session, Kind.RECOVERY_CODES_MADE, account_id, now, by=account_id, count=len(fresh))
    return fresh


def recovery_codes_left(session: Session, account_id: int) -> int:
    """How many recovery codes are still good."""
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def _spend_one_time(session: Session, account_id: int, code: str, now: datetime, secret_key: str) -> bool:
    rows = session.scalars(select(Authenticator).where(Authenticator.account_id == account_id)).all()
    if not rows:
        codes.matching_step(_NOBODYS, code, now, after=0)
    spent = False
    for row in rows:
        secret = unseal(secret_key, account_id, row.sealed_secret)
        step = codes.matching_step(secret or _NOBODYS, code, now, after=row.last_step)
        if secret is not None and step is not None:
            later = update(Authenticator).where(Authenticator.id == row.id, Authenticator.last_step < step)
            taken = session.scalars(later.values(last_step=step, used_at=now).returning(Authenticator.id)).all()
            spent = spent or bool(taken)
    return spent


def _spend_recovery(session: Session, account_id: int, code: str, now: datetime) -> bool:
    unused = (
        RecoveryCode.account_id == account_id,
        RecoveryCode.digest == codes.recovery_digest(account_id, code),
        RecoveryCode.used_at.is_(None),
    )
    used = session.scalars(update(RecoveryCode).where(*unused).values(used_at=now).returning(RecoveryCode.id)).all()
    if not used:
        return False
    left = recovery_codes_left(session, account_id)
    record(session, Kind.RECOVERY_CODE_USED, account_id, now, by=account_id, left=left)
    return True


def _own(session: Session, account_id: int, kind: FactorKind, factor_id: int) -> FactorRow:
    factor = session.get(_TABLES[kind], factor_id)
    if factor is None or factor.account_id != account_id:
        raise NotFound
    return factor


def _count(session: Session, table: type[FactorRow], account_id: int) -> int:
    return session.scalar(select(func.count()).select_from(table).where(table.account_id == account_id)) or 0


def _name(name: str) -> str:
    try:
        return clean_name(name)
    except Invalid as error:
        raise Invalid(error.message, field="name", **error.parameters) from None


_TABLES: dict[FactorKind, type[FactorRow]] = {
    FactorKind.PASSKEY: Passkey,
    FactorKind.AUTHENTICATOR: Authenticator,
}
