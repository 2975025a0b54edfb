"""Sign-in sessions: one for each signed-in browser, found by the digest of a random token."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from comity.core.errors import NotFound
from comity.people.events import Kind, Origin, record
from comity.people.factors.models import HalfSignIn
from comity.people.models import Account, SignInSession
from comity.people.rules import Step, next_step, session_end
from comity.people.tokens import digest, new_token

_LONGEST_AGENT = 300


@dataclass(frozen=True, slots=True)
class Found:
    """A session that a token opens.

    step: what it needs now; see `refresh`. factor_at: when a second factor was last proved in it, or None.
    vouched_by: see `SignInSession`.
    """

    id: int
    account: Account
    step: Step
    factor_at: datetime | None
    vouched_by: str | None = None


def open_session(
    session: Session,
    account: Account,
    origin: Origin,
    now: datetime,
    *,
    method: str,
    with_factor: bool = False,
    vouched_by: str | None = None,
    proved_at: datetime | None = None,
) -> str:
    """Sign a person in on a browser.

    method: how they proved who they are, for the journal. with_factor: whether a second factor was among it; a session
    without one opens nothing. vouched_by: see `SignInSession`. proved_at: when the factor was shown, if not now.
    Returns the token for the cookie.
    """
    token = new_token()
    row = SignInSession(
        account_id=account.id,
        token_digest=digest(token),
        rotated_at=now,
        created_at=now,
        expires_at=session_end(now, now),
        user_agent=origin.user_agent[:_LONGEST_AGENT],
        factor_at=(proved_at or now) if with_factor else None,
        vouched_by=vouched_by,
    )
    session.add(row)
    session.flush()
    record(
        session, Kind.SIGNED_IN, account.id, now, by=account.id, sign_in=row.id, method=method, address=origin.address
    )
    return token


def find_session(session: Session, token: str, now: datetime) -> Found | None:
    """The session that a token opens, or None when it ended, ran out, or its account was closed. Writes nothing."""
    row = _live(session, token, now)
    return None if row is None else Found(row.id, row.account, _step(row, token, now), row.factor_at, row.vouched_by)


def refresh(session: Session, token: str, now: datetime) -> str | None:
    """Do what `Found.step` asks for. Returns the new token when the session got one."""
    row = _live(session, token, now, lock=True)
    if row is None:
        return None
    step = _step(row, token, now)
    if step is Step.NOTHING:
        return None
    row.expires_at = session_end(row.created_at, now)
    if step is Step.SETTLE:
        row.previous_digest = None
    if step is not Step.ROTATE:
        return None
    fresh = new_token()
    row.previous_digest, row.token_digest, row.rotated_at = digest(token), digest(fresh), now
    return fresh


def factor_shown(session: Session, session_id: int, now: datetime) -> None:
    """A second factor was proved in a session: it is fresh from now on."""
    session.execute(update(SignInSession).where(SignInSession.id == session_id).values(factor_at=now))


def end_session(session: Session, account_id: int, session_id: int, now: datetime, kind: Kind) -> None:
    """Sign one of a person's browsers out.

    kind: SIGNED_OUT from that browser itself, SESSION_ENDED from another, ENDED_ELSEWHERE by what vouched for it.
    Raises NotFound for anybody else's.
    """
    row = session.get(SignInSession, session_id)
    if row is None or row.account_id != account_id:
        raise NotFound
    if row.ended_at is None:
        row.ended_at = now
        by = None if kind is Kind.ENDED_ELSEWHERE else account_id
        record(session, kind, account_id, now, by=by, sign_in=row.id)


def end_vouched(session: Session, references: Iterable[str], now: datetime) -> int:
    """End, and leave no way to finish, what was begun on somebody else's word. Returns how many sessions ended.

    references: as in `SignInSession.vouched_by`.
    """
    wanted = list(references)
    session.execute(delete(HalfSignIn).where(HalfSignIn.vouched_by.in_(wanted)))
    rows = session.scalars(select(SignInSession).where(SignInSession.vouched_by.in_(wanted), *_open(now))).all()
    for row in rows:
        end_session(session, row.account_id, row.id, now, Kind.ENDED_ELSEWHERE)
    return len(rows)


def end_other_sessions(session: Session, account_id: int, now: datetime, *, keep: int | None = None) -> int:
    """Sign a person out everywhere but in one session. Returns how many ended."""
    others = [row for row in sessions_of(session, account_id, now) if row.id != keep]
    for row in others:
        end_session(session, account_id, row.id, now, Kind.SESSION_ENDED)
    return len(others)


def sessions_of(session: Session, account_id: int, now: datetime) -> Sequence[SignInSession]:
    """Where a person is signed in now, the latest first."""
    query = select(SignInSession).where(SignInSession.account_id == account_id, *_open(now))
    return session.scalars(query.order_by(SignInSession.created_at.desc(), SignInSession.id.desc())).all()


def is_open(session: Session, session_id: int, now: datetime) -> bool:
    """Whether a session still lasts: for connections that outlive the request they began with."""
    query = select(SignInSession.id).join(Account).where(SignInSession.id == session_id, *_open(now))
    return session.scalar(query.where(Account.closed_at.is_(None))) is not None


def _live(session: Session, token: str, now: datetime, *, lock: bool = False) -> SignInSession | None:
    mark = digest(token)
    fits = or_(SignInSession.token_digest == mark, SignInSession.previous_digest == mark)
    query = select(SignInSession).where(fits, *_open(now))
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    return row if row is not None and row.account.may_sign_in else None


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (SignInSession.ended_at.is_(None), SignInSession.expires_at > now)


def _step(row: SignInSession, token: str, now: datetime) -> Step:
    return next_step(
        with_previous=row.token_digest != digest(token),
        has_previous=row.previous_digest is not None,
        created_at=row.created_at,
        rotated_at=row.rotated_at,
        expires_at=row.expires_at,
        now=now,
    )
