"""What the pages about people show, prepared for their reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from comity.core import times
from comity.core.actor import Actor
from comity.core.errors import NotFound
from comity.core.i18n import N_
from comity.core.permissions import Action, may
from comity.directory.models import Authority
from comity.directory.posts import Holding, Post, in_force
from comity.directory.vetting.deputies import absences, away_now, first_day, last_day
from comity.directory.vetting.machine import Office, Step, may_take
from comity.directory.vetting.models import Absence, Nomination
from comity.directory.vetting.nominations import in_progress, office_of
from comity.directory.vocabulary import PractitionerRole, Vetting

STAGES: dict[Vetting, str] = {
    Vetting.NOMINATED: N_("Waits for the person to prove the address"),
    Vetting.ADDRESS_PROVED: N_("Waits for the confirmation that it is the right person"),
    Vetting.CONFIRMED: N_("Waits for the secretariat"),
    Vetting.ACTIVE: N_("Active"),
    Vetting.SUSPENDED: N_("Suspended"),
    Vetting.LEFT: N_("Declined"),
}
STEPS: dict[Step, str] = {
    Step.NOMINATE: N_("Nominated"),
    Step.PROVE: N_("Address proved"),
    Step.CONFIRM: N_("Confirmed as the right person"),
    Step.ACTIVATE: N_("Let in"),
    Step.DECLINE: N_("Declined"),
}
OFFICES: dict[Office, str] = {
    Office.FOCAL_POINT: N_("Focal point"),
    Office.SECRETARIAT: N_("Secretariat"),
    Office.PERSON: N_("The person"),
    Office.OPERATOR: N_("Operator"),
}
PRACTITIONERS: dict[PractitionerRole, str] = {
    PractitionerRole.CENTRAL_AUTHORITY_OFFICER: N_("Officer of a central authority"),
    PractitionerRole.PROSECUTOR: N_("Prosecutor"),
    PractitionerRole.JUDGE: N_("Judge"),
    PractitionerRole.INVESTIGATING_MAGISTRATE: N_("Investigating magistrate"),
    PractitionerRole.POLICE: N_("Police officer"),
    PractitionerRole.LIAISON_MAGISTRATE: N_("Liaison magistrate"),
    PractitionerRole.LIAISON_OFFICER: N_("Liaison officer"),
    PractitionerRole.ASSET_RECOVERY: N_("Asset recovery practitioner"),
}


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post and who holds it. away: "until 3 Dec", deputy: title of the post that stands in; empty when not away."""

    post: Post
    holding: Holding | None
    away: str
    deputy: str
    own: bool

    @property
    def holder(self) -> str:
        return self.holding.account.display_name if self.holding else ""


@dataclass(frozen=True, slots=True)
class AuthorityPeople:
    """An authority's posts, and who is on the way in. tends: the reader nominates there."""

    authority: Authority
    rows: tuple[PostRow, ...]
    nominations: tuple[Nomination, ...]
    tends: bool


@dataclass(frozen=True, slots=True)
class PostPage:
    """One post. others: posts with a holder who could stand in. absences: with their first and last day in words."""

    row: PostRow
    others: tuple[tuple[str, str], ...]
    absences: tuple[tuple[Absence, str, str], ...]
    may_name: bool
    may_end: bool
    may_give: bool


@dataclass(frozen=True, slots=True)
class NominationPage:
    """One nomination, with what the reader may do about it. replaces: who holds the post until the last step."""

    nomination: Nomination
    may_remind: bool
    may_confirm: bool
    may_activate: bool
    may_decline: bool
    replaces: str


def people_of(session: Session, actor: Actor, authority_id: int, now: datetime) -> AuthorityPeople:
    """An authority's people, for who belongs to it or tends them. Raises NotFound for everybody else."""
    authority = session.get(Authority, authority_id)
    tends = may(actor, Action.TEND_PEOPLE, [authority_id])
    if authority is None or (authority_id not in actor.authority_ids and not tends):
        raise NotFound
    posts = session.scalars(select(Post).where(Post.authority_id == authority_id).order_by(Post.id)).all()
    rows = tuple(_row(session, actor, post, now) for post in posts)
    coming = tuple(in_progress(session, authority_id)) if tends else ()
    return AuthorityPeople(authority, rows, coming, tends)


def post_page(session: Session, actor: Actor, post_id: int, now: datetime) -> PostPage:
    """A post, for who may do something about it. Raises NotFound for everybody else."""
    post = session.get(Post, post_id, options=[joinedload(Post.authority)])
    if post is None:
        raise NotFound
    tends = may(actor, Action.TEND_PEOPLE, [post.authority_id])
    names = may(actor, Action.NAME_DEPUTY, [post.authority_id], posts=[post.id])
    if not tends and not names:
        raise NotFound
    row = _row(session, actor, post, now)
    colleagues = people_of(session, actor, post.authority_id, now).rows
    others = tuple(
        (str(one.post.id), f"{one.holder} · {one.post.title}")
        for one in colleagues
        if one.holding and one.post.id != post.id
    )
    away = tuple(
        (one, times.day(first_day(one), actor.locale), times.day(last_day(one), actor.locale))
        for one in absences(session, [post.authority_id], now)
        if one.post_id == post.id
    )
    mine = row.holding is not None and row.holding.account_id == actor.account_id
    return PostPage(
        row=row,
        others=others,
        absences=away,
        may_name=names,
        may_end=tends and row.holding is not None and not mine,
        may_give=may(actor, Action.GIVE_OFFICES) and post.id not in actor.post_ids,
    )


def nomination_page(session: Session, actor: Actor, found: Nomination, now: datetime) -> NominationPage:
    """What the reader may do about a nomination."""
    case, office = found.case(), office_of(actor, found.authority_id)
    row = _row(session, actor, found.post, now) if found.post else None
    going = found.stage in STAGES and found.stage not in (Vetting.ACTIVE, Vetting.LEFT)
    return NominationPage(
        nomination=found,
        may_remind=found.stage is Vetting.NOMINATED,
        may_confirm=may_take(case, Step.CONFIRM, office, actor.account_id),
        may_activate=may(actor, Action.LET_IN) and may_take(case, Step.ACTIVATE, Office.SECRETARIAT, actor.account_id),
        may_decline=may_take(case, Step.DECLINE, office, actor.account_id),
        replaces=row.holder if row and going else "",
    )


def _row(session: Session, actor: Actor, post: Post, now: datetime) -> PostRow:
    query = select(Holding).where(Holding.post_id == post.id, *in_force(now)).options(joinedload(Holding.account))
    holding = session.scalars(query.order_by(Holding.id.desc()).limit(1)).one_or_none()
    away = away_now(session, [post.authority_id], now).get(post.id)
    return PostRow(
        post=post,
        holding=holding if holding and holding.account.may_sign_in else None,
        away=times.day(last_day(away), actor.locale, year=False) if away else "",
        deputy=away.deputy.title if away else "",
        own=post.id in actor.held_ids,
    )
