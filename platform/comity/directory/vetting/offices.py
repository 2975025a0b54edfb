"""Roles of persons and offices of posts: the secretariat gives and takes them, never its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import Session, joinedload

from comity.core import journal
from comity.core.actor import Actor, Role
from comity.core.errors import Conflict, Invalid, NotFound
from comity.core.i18n import N_, catalogue
from comity.core.permissions import Action, may
from comity.directory import history
from comity.directory.models import Authority, Network
from comity.directory.posts import Holding, Post, in_force, post_topic
from comity.directory.record import NetworkCoordinator
from comity.directory.vetting.leaving import OFFICES_LOCK, close_if_nothing_left, require_another
from comity.directory.vetting.machine import SamePerson
from comity.directory.vetting.mails import Sender, Text, secretariat, tell
from comity.people.events import Kind, record
from comity.people.models import Account

ROLE_WORDS: dict[Role, str] = {
    Role.SECRETARIAT: N_("Secretariat"),
    Role.ORGANISER: N_("Organiser"),
    Role.MODERATOR: N_("Moderator"),
    Role.AUDITOR: N_("Auditor"),
}
FOCAL_POINT, COORDINATOR, NONE = N_("Focal point"), N_("Coordinator of %(network)s"), N_("none")


def give_roles(
    session: Session, actor: Actor, now: datetime, account_id: int, roles: Iterable[str], sender: Sender
) -> Account:
    """Somebody has these roles from now on. Raises NotFound, SamePerson, Conflict, Invalid, LastOfSecretariat.

    An account that is left without post and role is closed, and its sessions end at once.
    """
    _check(session, actor)
    account = session.get(Account, account_id, with_for_update=True)
    if account is None:
        raise NotFound
    if account.id == actor.account_id:
        raise SamePerson
    if not account.may_sign_in:
        raise Conflict(N_("This account is closed."))
    wanted = _known(roles)
    if Role.SECRETARIAT.value in account.roles and Role.SECRETARIAT not in wanted:
        require_another(session, account.id)
    before, account.roles = account.roles, sorted(role.value for role in wanted)
    if before == account.roles:
        return account
    changed = {"before": " ".join(before), "after": " ".join(account.roles)}
    record(session, Kind.ROLES_CHANGED, account.id, now, by=actor.account_id, **changed)
    held = [ROLE_WORDS[role] for role in Role if role in wanted]
    _tell(session, actor, account, [(words, {}) for words in held], now, sender)
    close_if_nothing_left(session, account, now, actor.account_id)
    return account


def set_focal(session: Session, actor: Actor, now: datetime, post_id: int, focal: bool, sender: Sender) -> Post:
    """Make a post its authority's focal point, or no longer. Raises NotFound, SamePerson for one's own post."""
    _check(session, actor)
    post = _post(session, actor, post_id)
    if post.focal != focal:
        post.focal = focal
        kind = "post.focal-point" if focal else "post.no-focal-point"
        journal.append(session, post_topic(post.id), kind, {}, now=now, account_id=actor.account_id)
        _tell_holders(session, actor, post, now, sender)
    return post


def set_coordinator(
    session: Session, actor: Actor, now: datetime, post_id: int, network: str, coordinates: bool, sender: Sender
) -> Post:
    """Make a post coordinate a network of its State, or no longer. Raises NotFound, SamePerson, Invalid."""
    _check(session, actor)
    post = _post(session, actor, post_id)
    coordinated = session.get(Network, network)
    if coordinated is None or network not in {one.code for one in post.authority.state.networks}:
        raise Invalid(N_("Please choose a network that the State takes part in."), field="network")
    found = next((one for one in coordinated_by(session, post.id, now) if one.network_code == network), None)
    if coordinates == (found is not None):
        return post
    if found is None:
        session.add(NetworkCoordinator(network_code=network, post_id=post.id, since=now))
    else:
        found.until = now
    session.flush()
    kind = "post.coordinates" if coordinates else "post.coordinates-no-longer"
    journal.append(session, post_topic(post.id), kind, {"network": network}, now=now, account_id=actor.account_id)
    history.record(session, coordinated, actor, now, history.ChangeSource.EDITED)
    _tell_holders(session, actor, post, now, sender)
    return post


def coordinated_by(session: Session, post_id: int | None, now: datetime) -> Sequence[NetworkCoordinator]:
    """What a post coordinates now, or all that is coordinated."""
    query = select(NetworkCoordinator).where(
        NetworkCoordinator.since <= now, or_(NetworkCoordinator.until.is_(None), NetworkCoordinator.until > now)
    )
    if post_id is not None:
        query = query.where(NetworkCoordinator.post_id == post_id)
    options = joinedload(NetworkCoordinator.network), joinedload(NetworkCoordinator.post).joinedload(Post.authority)
    return session.scalars(query.options(*options).order_by(NetworkCoordinator.network_code)).all()


def with_roles(session: Session, actor: Actor) -> Sequence[Account]:
    """Who has a role and may sign in, by name. Raises NotFound."""
    _may_see(actor)
    query = select(Account).where(Account.closed_at.is_(None), cast(Account.roles, String).like('%"%'))
    return session.scalars(query.order_by(Account.display_name)).all()


def without_focal_point(session: Session, actor: Actor, now: datetime) -> Sequence[Authority]:
    """Authorities whose focal point's post nobody holds. Raises NotFound."""
    _may_see(actor)
    held = select(Post.authority_id).join(Holding).join(Account, Holding.account_id == Account.id)
    held = held.where(Post.focal, Account.closed_at.is_(None), *in_force(now))
    query = select(Authority).where(Authority.id.not_in(held)).options(joinedload(Authority.state))
    return session.scalars(query.order_by(Authority.state_iso2, Authority.id)).all()


def _may_see(actor: Actor) -> None:
    if not may(actor, Action.GIVE_OFFICES):
        raise NotFound


def _check(session: Session, actor: Actor) -> None:
    """One change of offices at a time, by somebody who still belongs to the secretariat when it is their turn."""
    _may_see(actor)
    journal.lock(session, OFFICES_LOCK)
    account = session.get(Account, actor.account_id, populate_existing=True)
    if account is None or not account.may_sign_in or Role.SECRETARIAT.value not in account.roles:
        raise NotFound


def _post(session: Session, actor: Actor, post_id: int) -> Post:
    post = session.get(Post, post_id, with_for_update=True)
    if post is None:
        raise NotFound
    if post.id in actor.post_ids:
        raise SamePerson
    return post


def _known(roles: Iterable[str]) -> set[Role]:
    try:
        return {Role(role) for role in roles}
    except ValueError:
        raise Invalid(field="roles") from None


def _tell_holders(session: Session, actor: Actor, post: Post, now: datetime, sender: Sender) -> None:
    session.flush()
    held: list[tuple[str, dict[str, str]]] = [(FOCAL_POINT, {})] if post.focal else []
    held += [(COORDINATOR, {"network": one.network.name}) for one in coordinated_by(session, post.id, now)]
    query = select(Holding).where(Holding.post_id == post.id, *in_force(now)).options(joinedload(Holding.account))
    for holding in session.scalars(query).all():
        _tell(session, actor, holding.account, held, now, sender)


def _tell(
    session: Session,
    actor: Actor,
    account: Account,
    held: Sequence[tuple[str, dict[str, str]]],
    now: datetime,
    sender: Sender,
) -> None:
    """Tell the person and the other members of the secretariat, each in their language."""
    for reader in [account, *secretariat(session, but=[account.id, actor.account_id])]:
        texts = catalogue(reader.locale)
        words = ", ".join(texts.gettext(one) % values for one, values in held) or texts.gettext(NONE)
        tell(session, sender, Text.OFFICES, reader, now, person=account.display_name, by=actor.display_name, held=words)
