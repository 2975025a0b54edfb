"""Nominations: a person on the way in, step by step. Who may take a step says `machine.py`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from comity.core import journal
from comity.core.actor import Actor, Role
from comity.core.errors import Conflict, Invalid, NotFound
from comity.core.i18n import N_
from comity.core.permissions import Action, may
from comity.directory.models import Authority
from comity.directory.posts import Holding, Post, in_force
from comity.directory.vetting.machine import Case, Done, Office, Step, take
from comity.directory.vetting.mails import Sender, Text, To, focal_points, tell, tell_all
from comity.directory.vetting.mails import secretariat as secretariat_of
from comity.directory.vetting.models import Nomination, NominationStep
from comity.directory.vocabulary import PractitionerRole, Vetting
from comity.people.models import Account
from comity.people.preferences import clean_name, known_language
from comity.people.services import clean_email, find_account
from comity.people.tokens import digest, new_token

LINK_LASTS = timedelta(days=7)
OPEN = (Vetting.NOMINATED, Vetting.ADDRESS_PROVED, Vetting.CONFIRMED)
MOST_WORDS = 280
AGREE = N_("Please confirm that you have read this and agree.")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a nomination's form holds. post_id: an existing post, or None for a new one called post_title."""

    authority_id: int
    post_id: int | None
    post_title: str
    name: str
    email: str
    locale: str
    role: str
    languages: tuple[str, ...] = ()
    focal: bool = False


def office_of(actor: Actor, authority_id: int) -> Office:
    """In what capacity somebody acts for an authority's people. Raises NotFound for who may not."""
    if authority_id in actor.focal_of:
        return Office.FOCAL_POINT
    if Role.SECRETARIAT in actor.roles:
        return Office.SECRETARIAT
    raise NotFound


def nominate(session: Session, actor: Actor, now: datetime, draft: Draft, sender: Sender) -> Nomination:
    """Nominate a person and write to them. Raises NotFound, Invalid with the field, Conflict, Refused."""
    if not may(actor, Action.TEND_PEOPLE, [draft.authority_id]):
        raise NotFound
    authority, office = session.get(Authority, draft.authority_id), office_of(actor, draft.authority_id)
    if authority is None:
        raise NotFound
    post = _post(session, draft)
    focal = post.focal if post else draft.focal and office is Office.SECRETARIAT
    _check_needed(session, office, authority, focal, now)
    found = Nomination(
        public_id=secrets.token_urlsafe(16), authority_id=authority.id, post_id=post.id if post else None,
        post_title=post.title if post else _title(draft.post_title), focal=focal, name=clean_name(draft.name),
        email=clean_email(draft.email), locale=known_language(draft.locale), role=_role(draft.role),
        languages=sorted(set(draft.languages)), token_digest="", link_expires_at=now, created_at=now,  # nosec B106
    )  # fmt: skip
    known = find_account(session, found.email)
    found.account_id = known.id if known else None
    if _in_progress(session, found):
        raise Conflict(N_("This person has been nominated already."), field="email")
    found.authority = authority
    found.stage = (
        take(Case(person=found.account_id), Done(Step.NOMINATE, office, actor.account_id)).stage or found.stage
    )
    session.add(found)
    _note(session, found, Done(Step.NOMINATE, office, actor.account_id), now)
    send_link(session, found, now, sender)
    return found


def send_link(session: Session, found: Nomination, now: datetime, sender: Sender) -> str:
    """Send the link that proves the address; one sent before is good no longer. Returns the token."""
    token = new_token()
    found.token_digest, found.link_expires_at = digest(token), now + LINK_LASTS
    session.flush()
    to = To(found.email, found.name, found.locale)
    name = found.authority.name_en
    tell(session, sender, Text.PROVE, to, now, authority=name, post=found.post_title, link=f"/prove/{token}")
    return token


def remind(session: Session, actor: Actor, now: datetime, public_id: str, sender: Sender) -> Nomination:
    """Send the link anew, for another week. Raises NotFound, Conflict once the address was proved."""
    found = nomination_for(session, actor, public_id, lock=True)
    if found.stage is not Vetting.NOMINATED:
        raise Conflict
    journal.append(session, found.topic, "nomination.link-sent", {}, now=now, account_id=actor.account_id)
    send_link(session, found, now, sender)
    return found


def by_link(session: Session, token: str, now: datetime, *, lock: bool = False) -> Nomination:
    """The nomination whose address a link proves. Raises NotFound for one that is unknown, used or over."""
    query = select(Nomination).where(Nomination.token_digest == digest(token), Nomination.link_expires_at > now)
    query = query.options(selectinload(Nomination.steps), selectinload(Nomination.authority))
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None or found.stage is not Vetting.NOMINATED:
        raise NotFound
    return found


def prove(session: Session, token: str, name: str, origin: str, now: datetime, sender: Sender) -> Nomination:
    """The person confirms address and name. origin: IP address. Raises NotFound, Invalid. It signs nobody in."""
    found = by_link(session, token, now, lock=True)
    given, before = clean_name(name), found.name
    found.name = given
    # A name that differs stands with the step, for whoever confirms and lets in.
    differs = "" if given == before else before
    _step(session, found, Done(Step.PROVE, Office.PERSON), now, note=differs, address=origin)
    found.link_expires_at = now
    tell_all(
        session, sender, Text.TO_CONFIRM, _confirmers(session, found, now), now, person=found.name, link=path(found)
    )
    return found


def confirm(session: Session, actor: Actor, now: datetime, public_id: str, note: str, sender: Sender) -> Nomination:
    """Confirm that it is the right person.

    note: how that was made sure. Raises NotFound, Invalid, Refused, Conflict.
    """
    found = nomination_for(session, actor, public_id, lock=True)
    if not may(actor, Action.CONFIRM_PERSON, [found.authority_id]):
        raise NotFound
    words = required(note, N_("Please say how you made sure."))
    office = office_of(actor, found.authority_id)
    _step(session, found, Done(Step.CONFIRM, office, actor.account_id), now, note=words)
    others = secretariat_of(session, but=consented(found))
    name = found.authority.name_en
    tell_all(session, sender, Text.TO_ACTIVATE, others, now, person=found.name, authority=name, link=path(found))
    return found


def decline(session: Session, actor: Actor, now: datetime, public_id: str, reason: str, sender: Sender) -> Nomination:
    """End a nomination, at any step. Raises NotFound, Invalid, Refused, Conflict."""
    found = nomination_for(session, actor, public_id, lock=True)
    office = office_of(actor, found.authority_id)
    return _declined(session, found, Done(Step.DECLINE, office, actor.account_id), reason, "", now, sender)


def decline_by_link(
    session: Session, token: str, reason: str, origin: str, now: datetime, sender: Sender
) -> Nomination:
    """The person says no. Raises NotFound, Invalid."""
    found = by_link(session, token, now, lock=True)
    return _declined(session, found, Done(Step.DECLINE, Office.PERSON), reason, origin, now, sender)


def nomination_for(session: Session, actor: Actor, public_id: str, *, lock: bool = False) -> Nomination:
    """A nomination, for the authority's focal point and the secretariat. Raises NotFound for everybody else."""
    query = select(Nomination).where(Nomination.public_id == public_id)
    query = query.options(selectinload(Nomination.steps).joinedload(NominationStep.account))
    query = query.options(selectinload(Nomination.authority), selectinload(Nomination.post))
    if lock:
        query = query.with_for_update(of=Nomination).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None or not may(actor, Action.TEND_PEOPLE, [found.authority_id]):
        raise NotFound
    return found


def in_progress(session: Session, authority_id: int | None = None) -> Sequence[Nomination]:
    """Nominations that wait for a step, the oldest first; of one authority or of all. For who may see them."""
    query = select(Nomination).where(Nomination.stage.in_(OPEN)).order_by(Nomination.id)
    if authority_id is not None:
        query = query.where(Nomination.authority_id == authority_id)
    options = selectinload(Nomination.steps), selectinload(Nomination.authority), selectinload(Nomination.post)
    return session.scalars(query.options(*options)).all()


def step(session: Session, found: Nomination, done: Done, now: datetime) -> None:
    """Take a step that another module completes. Raises as `machine.take`."""
    _step(session, found, done, now)


def consented(found: Nomination) -> list[int | None]:
    """Who nominated or confirmed: somebody else lets in."""
    return [one.account_id for one in found.steps if one.step in (Step.NOMINATE, Step.CONFIRM)]


def path(found: Nomination) -> str:
    return f"/people/nominations/{found.public_id}"


def required(text: str, message: str, field: str = "note") -> str:
    """A few words that must be there. Raises Invalid."""
    words = " ".join(text.split())
    if not words:
        raise Invalid(message, field=field)
    return words[:MOST_WORDS]


def _step(session: Session, found: Nomination, done: Done, now: datetime, note: str = "", address: str = "") -> None:
    found.stage = take(found.case(), done).stage or found.stage
    _note(session, found, done, now, note, address)


def _note(session: Session, found: Nomination, done: Done, now: datetime, note: str = "", address: str = "") -> None:
    found.steps.append(
        NominationStep(step=done.step, office=done.office, account_id=done.who, at=now, note=note, address=address)
    )
    session.flush()
    payload = {"office": done.office.value, "authority": found.authority_id, "stage": found.stage.value}
    kind = f"nomination.{done.step.name.lower()}"
    journal.append(session, found.topic, kind, payload, now=now, account_id=done.who)


def _declined(
    session: Session, found: Nomination, done: Done, reason: str, origin: str, now: datetime, sender: Sender
) -> Nomination:
    words = required(reason, N_("Please give a reason."), "reason")
    was = found.stage
    _step(session, found, done, now, note=words, address=origin)
    found.link_expires_at = now
    by = [session.get(Account, one.account_id) for one in found.steps if one.account_id and one.step is Step.NOMINATE]
    values = {"person": found.name, "authority": found.authority.name_en, "reason": words}
    tell_all(session, sender, Text.DECLINED, [one for one in by if one], now, **values)
    if was is not Vetting.NOMINATED:
        tell(session, sender, Text.DECLINED, To(found.email, found.name, found.locale), now, **values)
    return found


def _confirmers(session: Session, found: Nomination, now: datetime) -> Sequence[Account]:
    nominated = found.case().by(Step.NOMINATE)
    if nominated and nominated.office is Office.SECRETARIAT:
        return secretariat_of(session, but=[found.account_id])
    return focal_points(session, [found.authority_id], now)


def _post(session: Session, draft: Draft) -> Post | None:
    if draft.post_id is None:
        return None
    post = session.get(Post, draft.post_id)
    if post is None or post.authority_id != draft.authority_id:
        raise Invalid(N_("Please choose a post of this authority."), field="post")
    return post


def _title(title: str) -> str:
    try:
        return clean_name(title)
    except Invalid:
        raise Invalid(N_("Please choose a post, or name a new one."), field="post_title") from None


def _role(value: str) -> PractitionerRole:
    try:
        return PractitionerRole(value)
    except ValueError:
        raise Invalid(N_("Please choose what the person is."), field="role") from None


def _check_needed(session: Session, office: Office, authority: Authority, focal: bool, now: datetime) -> None:
    """The secretariat nominates focal points alone, and in an authority that has none."""
    if office is Office.SECRETARIAT and not focal and focal_points(session, [authority.id], now):
        raise Invalid(N_("This authority has a focal point, who nominates its people."), field="post")


def _in_progress(session: Session, found: Nomination) -> bool:
    same = (Nomination.email == found.email, Nomination.authority_id == found.authority_id)
    held = (
        select(Holding.id)
        .where(Holding.account_id == found.account_id, Holding.post_id == found.post_id, *in_force(found.created_at))
        .limit(1)
    )
    going = select(Nomination.id).where(*same, Nomination.stage.in_(OPEN)).limit(1)
    return session.scalar(going) is not None or (found.post_id is not None and session.scalar(held) is not None)
