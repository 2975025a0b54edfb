"""The last step in: the secretariat lets a confirmed person in, and the post is theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from comity.core import journal
from comity.core.actor import Actor
from comity.core.errors import Conflict, NotFound
from comity.core.permissions import Action, may
from comity.directory.enlisting import enlist
from comity.directory.posts import Holding, Post
from comity.directory.vetting import entries, nominations
from comity.directory.vetting.leaving import take_over
from comity.directory.vetting.machine import Done, Office, Step
from comity.directory.vetting.mails import Sender, Text, tell
from comity.directory.vetting.models import Nomination
from comity.directory.vocabulary import LanguageLevel
from comity.people.events import Kind, record
from comity.people.factors.services import forget_factors, has_factor
from comity.people.models import Account
from comity.people.services import create_account, find_account, invite


def activate(session: Session, actor: Actor, now: datetime, public_id: str, sender: Sender) -> Holding:
    """Let a confirmed person in. Raises NotFound, SamePerson, NotNow, Conflict for a suspended account."""
    found = nominations.nomination_for(session, actor, public_id, lock=True)
    if not may(actor, Action.LET_IN):
        raise NotFound
    return _let_in(session, found, Done(Step.ACTIVATE, Office.SECRETARIAT, actor.account_id), now, sender)


def activate_as_operator(session: Session, found: Nomination, now: datetime, sender: Sender) -> Holding:
    """The same at the command line, in place of a second member of the secretariat. Raises NotNow, Conflict."""
    return _let_in(session, found, Done(Step.ACTIVATE, Office.OPERATOR), now, sender)


def _let_in(session: Session, found: Nomination, done: Done, now: datetime, sender: Sender) -> Holding:
    nominations.step(session, found, done, now)
    account = _account(session, found, now)
    post = found.post or _new_post(session, found, done.who, now)
    holding = take_over(session, post, account, now, by=done.who, sender=sender)
    _list(session, found, post, account, done.who, now)
    _tell(session, found, post, account, now, sender)
    return holding


def _account(session: Session, found: Nomination, now: datetime) -> Account:
    """The person's account: a new one, or the one they had, opened again when they had left."""
    account = find_account(session, found.email)
    if account is None:
        account = create_account(
            session, email=found.email, display_name=found.name, locale=found.locale, zone=found.authority.zone,
            roles=(), now=now,
        )  # fmt: skip
    elif account.suspended_at is not None:
        raise Conflict
    elif not account.may_sign_in:
        account.closed_at = None
        forget_factors(session, account.id, now)
        record(session, Kind.REOPENED, account.id, now)
    found.account_id = account.id
    return account


def _new_post(session: Session, found: Nomination, by: int | None, now: datetime) -> Post:
    post = Post(authority_id=found.authority_id, title=found.post_title, focal=found.focal, created_at=now)
    session.add(post)
    session.flush()
    found.post = post
    journal.append(session, f"post:{post.id}", "post.made", {"focal": found.focal}, now=now, account_id=by)
    return post


def _list(session: Session, found: Nomination, post: Post, account: Account, by: int | None, now: datetime) -> None:
    entry = enlist(session, post, account, now)
    entry.role = found.role
    known = {code: level for code, level in entry.languages.items() if code in found.languages}
    entry.languages = dict.fromkeys(found.languages, LanguageLevel.WORKING.value) | known or entry.languages
    entry.confirmed_on, entry.confirmed_by = now.date(), Office.FOCAL_POINT.value
    entries.keep(session, entry, by, now)


def _tell(session: Session, found: Nomination, post: Post, account: Account, now: datetime, sender: Sender) -> None:
    values = {"authority": found.authority.name_en, "post": post.title}
    if account.password_hash is None and not has_factor(session, account.id) and not account.demonstration:
        token = invite(session, account.email, account.display_name, account.locale, account.zone, (), now)
        tell(session, sender, Text.INVITED, account, now, link=f"/invitations/{token}", **values)
    else:
        tell(session, sender, Text.APPOINTED, account, now, link="/", **values)
    by = found.case().by(Step.NOMINATE)
    nominator = session.get(Account, by.who) if by and by.who else None
    if nominator is not None:
        link = nominations.path(found)
        tell(session, sender, Text.IN, nominator, now, person=found.name, post=post.title, link=link)
