"""Mails about people's ways in and out: each in its reader's language. They name people and links, never a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from comity.core import outbox
from comity.core.actor import Role
from comity.core.i18n import N_, catalogue
from comity.directory.posts import Holding, Post, in_force
from comity.people.models import Account


@dataclass(frozen=True, slots=True)
class Sender:
    """What mails need of the installation. base_url: of links. domain: right side of Message-IDs."""

    base_url: str
    domain: str


@dataclass(frozen=True, slots=True)
class To:
    """Who is written to. locale: BCP 47 code of the language they read."""

    email: str
    name: str
    locale: str


class Text(Enum):
    """Subject and body. Every body begins with the name and may hold what its sender gives."""

    PROVE = (
        N_("Please confirm your address for Comity"),
        N_(
            "Dear %(name)s,\n\n%(authority)s has nominated you for the post “%(post)s” in Comity, where central "
            "authorities consult each other.\n\nPlease open this link within a week and confirm that it is "
            "you:\n%(link)s\n\n"
            "The link does not sign you in. If this is a mistake, the same page lets you decline.\n"
        ),
    )
    TO_CONFIRM = (
        N_("Comity: please confirm a person"),
        N_(
            "Dear %(name)s,\n\n%(person)s has proved their address. Please make sure that it is the right person, and "
            "confirm it:\n%(link)s\n"
        ),
    )
    TO_ACTIVATE = (
        N_("Comity: somebody waits to be let in"),
        N_("Dear %(name)s,\n\n%(person)s was confirmed for %(authority)s and waits for the secretariat:\n%(link)s\n"),
    )
    INVITED = (
        N_("Your invitation to Comity"),
        N_(
            "Dear %(name)s,\n\nThe post “%(post)s” at %(authority)s is yours in Comity.\n\nPlease open this link "
            "within a "
            "week to set up how you sign in:\n%(link)s\n"
        ),
    )
    APPOINTED = (
        N_("A post in Comity is yours"),
        N_("Dear %(name)s,\n\nThe post “%(post)s” at %(authority)s is yours in Comity. Sign in as always:\n%(link)s\n"),
    )
    IN = (
        N_("Comity: a person was let in"),
        N_("Dear %(name)s,\n\n%(person)s now holds the post “%(post)s”.\n%(link)s\n"),
    )
    DECLINED = (
        N_("Comity: a nomination was declined"),
        N_("Dear %(name)s,\n\nThe nomination of %(person)s for %(authority)s was declined.\n\nReason: %(reason)s\n"),
    )
    ENDED = (
        N_("A post in Comity has ended"),
        N_("Dear %(name)s,\n\nYou no longer hold the post “%(post)s” at %(authority)s as of %(when)s. Thank you.\n"),
    )
    SUSPENDED = (
        N_("Your access to Comity was suspended"),
        N_(
            "Dear %(name)s,\n\nYour access to Comity was suspended.\n\nReason: %(reason)s\n\nIf this is a "
            "mistake, please turn to the secretariat.\n"
        ),
    )
    RESTORED = (
        N_("Your access to Comity was restored"),
        N_("Dear %(name)s,\n\nYour access to Comity was restored. Sign in as before:\n%(link)s\n"),
    )
    OFFICES = (
        N_("Comity: roles and offices were changed"),
        N_(
            "Dear %(name)s,\n\nRoles and offices of %(person)s were changed by %(by)s.\n\nNow: %(held)s\n\nIf "
            "this should not "
            "be, please speak to the secretariat at once.\n"
        ),
    )
    DEPUTY = (
        N_("Comity: you stand in for a colleague"),
        N_("Dear %(name)s,\n\nFrom %(since)s to %(until)s you stand in for the post “%(post)s”.\n%(link)s\n"),
    )
    ASKED = (
        N_("Comity: somebody asks for a new way in"),
        N_(
            "Dear %(name)s,\n\n%(person)s says that they can no longer sign in. Please speak to them, by "
            "telephone or in "
            "person, before you confirm it:\n%(link)s\n"
        ),
    )
    ASKED_YOURSELF = (
        N_("Did you ask for a new way into Comity?"),
        N_(
            "Dear %(name)s,\n\nSomebody gave your address and said that they can no longer sign in. If it was "
            "you, somebody of "
            "your authority or the secretariat will speak to you. If it was not, please tell them so; nothing "
            "has changed.\n"
        ),
    )
    TO_APPROVE = (
        N_("Comity: a new way in waits for your approval"),
        N_("Dear %(name)s,\n\n%(by)s has spoken to %(person)s, who can no longer sign in:\n%(link)s\n"),
    )
    NEW_WAY = (
        N_("Your new way into Comity"),
        N_(
            "Dear %(name)s,\n\nPlease open this link within a day. It asks for a code, which %(by)s reads to "
            "you:\n%(link)s\n"
        ),
    )
    READ_CODE = (
        N_("Comity: please read a code to your colleague"),
        N_(
            "Dear %(name)s,\n\n%(person)s has received a link. Please read them the code, by telephone or in "
            "person:\n%(link)s\n"
        ),
    )
    RECOVERED = (
        N_("Comity: a new way in was set up"),
        N_(
            "Dear %(name)s,\n\n%(person)s has used their link and code. What they signed in with before is good "
            "no longer.\n"
        ),
    )
    NOT_RECOVERED = (
        N_("Comity: a new way in was declined"),
        N_("Dear %(name)s,\n\nThe request of %(person)s for a new way in was declined.\n\nReason: %(reason)s\n"),
    )


def tell(session: Session, sender: Sender, text: Text, to: To | Account, now: datetime, **values: str) -> None:
    """Put a mail into the outbox. values: for the text; `link` is a path."""
    if isinstance(to, Account):
        to = To(to.email, to.display_name, to.locale)
    if "link" in values:
        values["link"] = sender.base_url + values["link"]
    texts = catalogue(to.locale)
    subject, body = (texts.gettext(words) % {"name": to.name, **values} for words in text.value)
    outbox.enqueue(
        session,
        to=to.email,
        name=to.name,
        subject=subject,
        body=body,
        language=to.locale,
        domain=sender.domain,
        now=now,
    )


def tell_all(
    session: Session, sender: Sender, text: Text, whom: Iterable[Account], now: datetime, **values: str
) -> None:
    """As `tell`, to each once."""
    for account in {account.id: account for account in whom}.values():
        tell(session, sender, text, account, now, **values)


def secretariat(session: Session, *, but: Iterable[int | None] = ()) -> Sequence[Account]:
    """The members of the secretariat who may sign in. but: accounts left out."""
    query = select(Account).where(
        Account.closed_at.is_(None), cast(Account.roles, String).like(f'%"{Role.SECRETARIAT.value}"%')
    )
    left_out = set(but)
    return [account for account in session.scalars(query.order_by(Account.id)) if account.id not in left_out]


def focal_points(session: Session, authority_ids: Iterable[int], now: datetime) -> Sequence[Account]:
    """Who holds a focal point's post in one of the authorities and may sign in."""
    held = select(Holding.account_id).join(Post)
    held = held.where(Post.focal, Post.authority_id.in_(list(authority_ids)), *in_force(now))
    query = select(Account).where(Account.id.in_(held), Account.closed_at.is_(None))
    return session.scalars(query.order_by(Account.id)).all()
