"""The demonstration's people on their way in and out: a nomination at each desk, and a post that was handed over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from comity.consultations.handing_over import write_note
from comity.core.actor import Actor
from comity.core.outbox import OutboxMail
from comity.directory.acting import actor_for
from comity.directory.models import Authority
from comity.directory.posts import Holding, Post, in_force
from comity.directory.vetting.mails import Sender
from comity.directory.vetting.models import Nomination
from comity.directory.vetting.nominations import Draft, confirm, nominate, prove, send_link
from comity.directory.vocabulary import PractitionerRole
from comity.people.models import Account

_SENDER = Sender("https://comity.example", "demonstration.invalid")
_LEAVER = ("Berta Beispiel", "berta.beispiel@justice.at.example")
_NOTE = (
    "Good to know for this desk:\n\n- Bangkok answers quickest before noon our time.\n"
    "- Ask for the **translation rule** first; it saves a month.\n- The duty telephone is in the second drawer."
)
_HELD = timedelta(days=400)
_TITLE = "Duty officer"


def load_people(session: Session, now: datetime) -> None:
    """Write what is missing; call it again without harm. Its mails leave no trace: nobody is written to."""
    _hand_over(session, now)
    for code, name, email, confirmed in (
        ("th-a", "Malee Tuayang", "malee.tuayang@attorney.th.example", False),
        ("at-a", "Dora Muster", "dora.muster@justice.at.example", True),
    ):
        if session.scalar(select(Nomination.id).where(Nomination.email == email).limit(1)) is None:
            _nominate(session, now, code, name, email, confirmed)
    session.flush()
    session.execute(delete(OutboxMail).where(OutboxMail.message_id.endswith(f"@{_SENDER.domain}>")))


def _nominate(session: Session, now: datetime, code: str, name: str, email: str, confirmed: bool) -> None:
    authority = session.scalars(select(Authority).where(Authority.code == code)).one()
    focal = _holder(session, now, authority, Post.focal.is_(True))
    role = PractitionerRole.CENTRAL_AUTHORITY_OFFICER.value
    draft = Draft(authority.id, None, _TITLE, name, email, "en", role, ("en",))
    found = nominate(session, focal, now, draft, _SENDER)
    prove(session, send_link(session, found, now, _SENDER), name, "192.0.2.17", now, _SENDER)
    if confirmed:
        confirm(session, focal, now, found.public_id, "Sits next door", _SENDER)


def _hand_over(session: Session, now: datetime) -> None:
    name, email = _LEAVER
    if session.scalar(select(Account.id).where(Account.email == email)) is not None:
        return
    authority = session.scalars(select(Authority).where(Authority.code == "at-a")).one()
    post = session.scalars(select(Post).where(Post.authority_id == authority.id, Post.focal.is_(False))).first()
    holding = session.scalars(select(Holding).where(Holding.post_id == post.id)).first() if post else None
    if post is None or holding is None:
        return
    leaver = Account(
        email=email, display_name=name, locale="en", zone=authority.zone, roles=[], demonstration=True, created_at=now,
    )  # fmt: skip
    session.add(leaver)
    session.flush()
    before = Holding(post=post, account=leaver, since=now - _HELD, until=None)
    session.add(before)
    session.flush()
    write_note(session, actor_for(session, leaver, now), now, post.id, _NOTE)
    before.until, leaver.closed_at = now, now


def _holder(session: Session, now: datetime, authority: Authority, *which: object) -> Actor:
    query = select(Account).join(Holding, Holding.account_id == Account.id).join(Post, Holding.post_id == Post.id)
    query = query.where(Post.authority_id == authority.id, *which, *in_force(now))  # type: ignore[arg-type]
    return actor_for(session, session.scalars(query).first() or _nobody(authority), now)


def _nobody(authority: Authority) -> Account:
    raise LookupError(f"{authority.code} has no focal point")
