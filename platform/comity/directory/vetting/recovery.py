"""A new way in for who lost every factor: one office speaks to the person, another approves; mail alone opens nothing.

The link goes to the person by mail, the code to whoever vouched, who reads it out. The code is computed from the
installation's secret and never stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from comity.core.actor import Actor
from comity.core.errors import Conflict, Invalid, NotFound, Refused
from comity.core.i18n import N_
from comity.core.permissions import Action, may
from comity.directory.vetting.leaving import authorities_of
from comity.directory.vetting.machine import SamePerson
from comity.directory.vetting.mails import Sender, Text, focal_points, secretariat, tell, tell_all
from comity.directory.vetting.models import Recovery, Spoke
from comity.directory.vetting.nominations import required
from comity.people.events import Kind, record
from comity.people.factors.services import forget_factors
from comity.people.models import Account
from comity.people.services import find_account, invite
from comity.people.sessions import end_other_sessions
from comity.people.tokens import digest, new_token

WAITS, LINK_LASTS = timedelta(days=7), timedelta(days=1)
MOST_FAILURES = 5
_CODE_BYTES = 5


class RecoveryState(StrEnum):
    """Where a request for a new way in stands."""

    ASKED = "asked"
    VOUCHED = "vouched"
    APPROVED = "approved"
    OVER = "over"


class WrongRecoveryCode(Invalid):
    code = "wrong-recovery-code"
    message = N_("This code does not fit. Please ask for it again; after five wrong ones the link ends.")


def state_of(found: Recovery, now: datetime) -> RecoveryState:
    """Where a request stands at an instant."""
    if found.ended_at is not None or found.expires_at <= now:
        return RecoveryState.OVER
    if found.approved_at is not None:
        return RecoveryState.APPROVED
    return RecoveryState.VOUCHED if found.vouched_at is not None else RecoveryState.ASKED


def ask(session: Session, email: str, now: datetime, sender: Sender, origin: str) -> None:
    """Somebody says that they can no longer sign in. What comes of it is told to nobody here.

    origin: IP address, for the journal. An address nobody has, a closed account or one of the demonstration leaves a
    line in the journal and no more.
    """
    account = find_account(session, email)
    if account is None or not account.may_sign_in or account.demonstration:
        record(session, Kind.RECOVERY_ASKED, None, now, address=origin)
        return
    session.get(Account, account.id, with_for_update=True)
    record(session, Kind.RECOVERY_ASKED, account.id, now, address=origin)
    if _going(session, account.id, now) is not None:
        return
    found = Recovery(
        public_id=secrets.token_urlsafe(16),
        account_id=account.id,
        asked_at=now,
        expires_at=now + WAITS,
        account=account,
    )
    session.add(found)
    session.flush()
    tell(session, sender, Text.ASKED_YOURSELF, account, now)
    values = {"person": account.display_name, "link": path(found)}
    tell_all(session, sender, Text.ASKED, _vouchers(session, account, now), now, **values)


def vouch(session: Session, actor: Actor, now: datetime, public_id: str, spoke: str, sender: Sender) -> Recovery:
    """Say that one has spoken to the person. Raises NotFound, SamePerson, Refused, Conflict, Invalid."""
    found = recovery_for(session, actor, public_id, now, lock=True)
    if state_of(found, now) is not RecoveryState.ASKED:
        raise Conflict
    _check_may_vouch(session, actor, found, now)
    try:
        found.spoke = Spoke(spoke)
    except ValueError:
        raise Invalid(N_("Please say how you spoke to the person."), field="spoke") from None
    found.vouched_by_id, found.vouched_at = actor.account_id, now
    record(session, Kind.RECOVERY_VOUCHED, found.account_id, now, by=actor.account_id, spoke=found.spoke.value)
    others = secretariat(session, but=[actor.account_id, found.account_id])
    values = {"person": found.account.display_name, "by": actor.display_name, "link": path(found)}
    tell_all(session, sender, Text.TO_APPROVE, others, now, **values)
    return found


def approve(session: Session, actor: Actor, now: datetime, public_id: str, sender: Sender) -> Recovery:
    """Let the link out. Raises NotFound, SamePerson for who vouched or is the person, Conflict.

    The person's browsers are signed out at once; what they signed in with ends when link and code are used.
    """
    found = recovery_for(session, actor, public_id, now, lock=True)
    if not may(actor, Action.LET_IN):
        raise NotFound
    if state_of(found, now) is not RecoveryState.VOUCHED or found.vouched_by is None:
        raise Conflict
    if actor.account_id in (found.account_id, found.vouched_by_id):
        raise SamePerson
    token = new_token()
    found.approved_by_id, found.approved_at = actor.account_id, now
    found.token_digest, found.expires_at = digest(token), now + LINK_LASTS
    session.flush()
    record(session, Kind.RECOVERY_APPROVED, found.account_id, now, by=actor.account_id)
    end_other_sessions(session, found.account_id, now)
    by, person = found.vouched_by, found.account
    tell(session, sender, Text.NEW_WAY, person, now, by=by.display_name, link=f"/recovery/{token}")
    tell(session, sender, Text.READ_CODE, by, now, person=person.display_name, link=path(found))
    return found


def decline(session: Session, actor: Actor, now: datetime, public_id: str, reason: str, sender: Sender) -> Recovery:
    """End a request. Raises NotFound, SamePerson, Conflict, Invalid."""
    found = recovery_for(session, actor, public_id, now, lock=True)
    if state_of(found, now) is RecoveryState.OVER:
        raise Conflict
    if actor.account_id == found.account_id:
        raise SamePerson
    words = required(reason, N_("Please give a reason."), "reason")
    found.ended_at = now
    record(session, Kind.RECOVERY_DECLINED, found.account_id, now, by=actor.account_id, reason=words)
    told = _concerned(session, found, but=actor.account_id)
    tell_all(session, sender, Text.NOT_RECOVERED, told, now, person=found.account.display_name, reason=words)
    return found


def code_of(found: Recovery, secret_key: str) -> str:
    """The code that goes with the link: 40 bits, in Base32 (RFC 4648, 6), as XXXX-XXXX."""
    mac = hmac.new(secret_key.encode(), f"recovery:{found.public_id}:{found.token_digest}".encode(), hashlib.sha256)
    letters = base64.b32encode(mac.digest()[:_CODE_BYTES]).decode()
    return f"{letters[:4]}-{letters[4:]}"


def code_shown_to(actor: Actor, found: Recovery, secret_key: str, now: datetime) -> str:
    """The code, for whoever vouched while the link is good; else nothing."""
    if actor.account_id != found.vouched_by_id or state_of(found, now) is not RecoveryState.APPROVED:
        return ""
    return code_of(found, secret_key)


def by_link(session: Session, token: str, now: datetime, *, lock: bool = False) -> Recovery:
    """What a link belongs to. Raises NotFound for one that is unknown, used or over."""
    query = select(Recovery).where(Recovery.token_digest == digest(token))
    query = query.options(joinedload(Recovery.account, innerjoin=True))
    found = session.scalars(query.with_for_update(of=Recovery) if lock else query).one_or_none()
    if found is None or state_of(found, now) is not RecoveryState.APPROVED or not found.account.may_sign_in:
        raise NotFound
    return found


def use(session: Session, token: str, code: str, secret_key: str, now: datetime, sender: Sender) -> str | None:
    """Begin anew with link and code: everything that let the person in is gone.

    Returns the token of an invitation; None for a wrong code, which is counted, so let the unit of work commit.
    Raises NotFound.
    """
    found = by_link(session, token, now, lock=True)
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    if not hmac.compare_digest(typed.encode(), code_of(found, secret_key).replace("-", "").encode()):
        found.failures += 1
        if found.failures >= MOST_FAILURES:
            found.ended_at = now
        record(session, Kind.RECOVERY_REFUSED, found.account_id, now, failures=found.failures)
        return None
    found.ended_at, account = now, found.account
    forget_factors(session, account.id, now)
    record(session, Kind.RECOVERED, account.id, now)
    told = _concerned(session, found)
    tell_all(session, sender, Text.RECOVERED, told, now, person=account.display_name)
    return invite(session, account.email, account.display_name, account.locale, account.zone, (), now)


def recovery_for(session: Session, actor: Actor, public_id: str, now: datetime, *, lock: bool = False) -> Recovery:
    """A request, for a focal point of the person's authorities and the secretariat. Raises NotFound for others."""
    query = select(Recovery).where(Recovery.public_id == public_id)
    query = query.options(joinedload(Recovery.account, innerjoin=True), joinedload(Recovery.vouched_by))
    found = session.scalars(query.with_for_update(of=Recovery) if lock else query).one_or_none()
    if found is None or not may(actor, Action.CONFIRM_PERSON, authorities_of(session, found.account_id, now)):
        raise NotFound
    return found


def may_vouch(session: Session, actor: Actor, found: Recovery, now: datetime) -> bool:
    """Whether it is this person's to vouch."""
    try:
        _check_may_vouch(session, actor, found, now)
    except Refused:
        return False
    return True


def waiting(session: Session, actor: Actor, now: datetime) -> Sequence[Recovery]:
    """The requests that go on and that the actor may see, the oldest first."""
    query = select(Recovery).where(Recovery.ended_at.is_(None), Recovery.expires_at > now).order_by(Recovery.id)
    found = session.scalars(query.options(joinedload(Recovery.account), joinedload(Recovery.vouched_by))).all()
    return [one for one in found if may(actor, Action.CONFIRM_PERSON, authorities_of(session, one.account_id, now))]


def path(found: Recovery) -> str:
    return f"/people/recoveries/{found.public_id}"


def _check_may_vouch(session: Session, actor: Actor, found: Recovery, now: datetime) -> None:
    """A focal point of the person's authority; where there is no other, a member of the secretariat."""
    if actor.account_id == found.account_id:
        raise SamePerson
    authorities = authorities_of(session, found.account_id, now)
    if actor.focal_of & authorities:
        return
    others = [one for one in focal_points(session, authorities, now) if one.id != found.account_id]
    if others or not actor.is_secretariat:
        raise Refused(N_("The focal point of the person's authority speaks to them first."))


def _vouchers(session: Session, account: Account, now: datetime) -> Sequence[Account]:
    own = [one for one in focal_points(session, authorities_of(session, account.id, now), now) if one.id != account.id]
    return own or secretariat(session, but=[account.id])


def _concerned(session: Session, found: Recovery, *, but: int | None = None) -> Iterable[Account]:
    ids = {found.account_id, found.vouched_by_id, found.approved_by_id} - {None, but}
    return [account for one in sorted(filter(None, ids)) if (account := session.get(Account, one)) is not None]


def _going(session: Session, account_id: int, now: datetime) -> Recovery | None:
    query = select(Recovery).where(
        Recovery.account_id == account_id, Recovery.ended_at.is_(None), Recovery.expires_at > now
    )
    return session.scalars(query.limit(1)).one_or_none()
