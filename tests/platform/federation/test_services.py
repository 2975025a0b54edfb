"""Flows, bindings, posts and their end, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from comity.core.db import Database
from comity.core.errors import Conflict, Invalid, NotFound
from comity.directory.models import Authority
from comity.directory.posts import Holding, Post, appoint, in_force
from comity.federation import flows, housekeeping, logout, registry
from comity.federation.admission import Admitted, admit
from comity.federation.errors import FlowOver, ProviderAway
from comity.federation.identity import Identity
from comity.federation.models import IdentityProvider, ProviderSubject, ProviderVisit
from comity.federation.registry import New
from comity.federation.tokens import LoggedOut
from comity.federation.vouching import Refusal
from comity.people.events import Origin
from comity.people.models import Account
from comity.people.services import create_account
from comity.people.sessions import is_open, open_session
from tests.platform.consultations import world
from tests.platform.federation.conftest import DOMAIN, GROUP, NOVA

KEY = "k" * 40
HERE = Origin("192.0.2.7", "")
NOW = world.BEGAN + timedelta(days=1)
NEW = New("at", "", "The ministry", "https://idp.example", "comity", "a secret", (DOMAIN,))


def _identity(subject: str = "s", *, sid: str | None = "one", groups: frozenset[str] = frozenset({GROUP})) -> Identity:
    return Identity(subject, NOVA, groups, False, None, sid, "header.claims.signature")


@pytest.fixture
def provider(database: Database) -> tuple[int, int]:
    """A provider with a group. Returns its id, and the post's."""
    austria = world.build(database).austria
    with database.writing() as session:
        post = Post(authority=session.get_one(Authority, austria), title="Duty desk", created_at=NOW)
        session.add(post)
        session.flush()
        new = New(**{**{name: getattr(NEW, name) for name in NEW.__slots__}, "authority": post.authority.code})
        row = registry.add(session, new, NOW, secret_key=KEY)
        registry.map_group(session, "at", GROUP, post.id, NOW)
        create_account(
            session, email=NOVA, display_name="Nova", locale="en", zone="UTC", roles=(), now=NOW - timedelta(days=1)
        )
        return row.id, post.id


def _admit(database: Database, provider_id: int, identity: Identity, at: datetime = NOW) -> Admitted | Refusal:
    with database.writing() as session:
        return admit(session, provider_id, identity, HERE, at, secret_key=KEY)


def _holders(database: Database, post_id: int, at: datetime) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(Holding.account_id).where(Holding.post_id == post_id, *in_force(at))))


def test_the_subject_is_bound_once(database: Database, provider: tuple[int, int]) -> None:
    assert isinstance(_admit(database, provider[0], _identity()), Admitted)
    assert isinstance(_admit(database, provider[0], _identity()), Admitted)
    assert _admit(database, provider[0], _identity("other")) is Refusal.OTHER_SUBJECT
    with database.reading() as session:
        assert session.scalars(select(ProviderSubject.subject)).all() == ["s"]


def test_what_was_given_by_hand_stays(database: Database, provider: tuple[int, int]) -> None:
    provider_id, post_id = provider
    with database.writing() as session:
        account = session.scalars(select(Account).where(Account.email == NOVA)).one()
        appoint(session, session.get_one(Post, post_id), account, NOW - timedelta(hours=1))
    _admit(database, provider_id, _identity())
    _admit(database, provider_id, _identity(groups=frozenset()), NOW + timedelta(hours=1))
    assert len(_holders(database, post_id, NOW + timedelta(hours=1))) == 1


def test_a_group_adds_to_a_desk_and_takes_nobody_s_place(database: Database, provider: tuple[int, int]) -> None:
    provider_id, post_id = provider
    with database.writing() as session:
        other = session.scalars(select(Account).where(Account.email != NOVA)).first()
        assert other is not None
        appoint(session, session.get_one(Post, post_id), other, NOW - timedelta(hours=1))
    _admit(database, provider_id, _identity())
    assert len(_holders(database, post_id, NOW)) == 2


def test_removing_a_provider_ends_what_it_opened_and_gave(database: Database, provider: tuple[int, int]) -> None:
    provider_id, post_id = provider
    found = _admit(database, provider_id, _identity())
    assert isinstance(found, Admitted)
    later = NOW + timedelta(minutes=1)
    with database.writing() as session:
        open_session(session, found.account, HERE, NOW, method="provider", vouched_by=found.reference)
    with database.writing() as session:
        assert registry.remove(session, "at", later) == 1
    assert _holders(database, post_id, later) == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(IdentityProvider)) == 0
        assert not is_open(session, 1, later)


def test_a_logout_token_is_spent_once_and_names_one_session(database: Database, provider: tuple[int, int]) -> None:
    found = [_admit(database, provider[0], _identity(sid=sid)) for sid in ("one", "two")]
    with database.writing() as session:
        for each in found:
            assert isinstance(each, Admitted)
            open_session(session, each.account, HERE, NOW, method="provider", vouched_by=each.reference)
    who = LoggedOut("s", "two", "jti", NOW + timedelta(minutes=2))
    with database.writing() as session:
        assert logout.end_sessions(session, provider[0], who, NOW)
        assert not logout.end_sessions(session, provider[0], who, NOW)
        assert (is_open(session, 1, NOW), is_open(session, 2, NOW)) == (True, False)
        nobody = LoggedOut("another", "one", "second", NOW)
        assert logout.end_sessions(session, provider[0], nobody, NOW)
        assert is_open(session, 1, NOW), "sid and sub must both fit"


def test_a_way_is_gone_once(database: Database, provider: tuple[int, int]) -> None:
    with database.writing() as session:
        secrets = flows.begin(session, provider[0], "/x", NOW)
    with database.writing() as session:
        with pytest.raises(FlowOver):
            flows.finish(session, provider[0], secrets.token, "another state", NOW)
        with pytest.raises(FlowOver):
            flows.finish(session, provider[0] + 1, secrets.token, secrets.state, NOW)
        assert flows.finish(session, provider[0], secrets.token, secrets.state, NOW).onward == "/x"
        with pytest.raises(FlowOver):
            flows.finish(session, provider[0], secrets.token, secrets.state, NOW)


def test_what_is_over_is_forgotten(database: Database, provider: tuple[int, int]) -> None:
    _admit(database, provider[0], _identity())
    with database.writing() as session:
        flows.begin(session, provider[0], "/", NOW)
        assert housekeeping.forget_expired(session, NOW) == 0
        assert housekeeping.forget_expired(session, NOW + timedelta(days=15)) == 2
        assert session.scalar(select(func.count()).select_from(ProviderVisit)) == 0


def test_secrets_and_tokens_are_sealed(database: Database, provider: tuple[int, int]) -> None:
    _admit(database, provider[0], _identity())
    with database.reading() as session:
        row = registry.by_code(session, "at")
        assert "a secret" not in row.sealed_secret
        assert "signature" not in session.scalars(select(ProviderVisit.sealed_token)).one()
        assert registry.settings(row, KEY).client_secret == "a secret"
        with pytest.raises(ProviderAway):
            registry.settings(row, "x" * 40)


def test_groups_give_posts_at_the_provider_s_authority_alone(database: Database, provider: tuple[int, int]) -> None:
    with database.writing() as session:
        here = session.get_one(Post, provider[1]).authority_id
        elsewhere = session.scalars(select(Post.id).where(Post.authority_id != here)).first()
        assert elsewhere is not None
        with pytest.raises(NotFound):
            registry.map_group(session, "at", GROUP, elsewhere, NOW)
        with pytest.raises(Conflict):
            registry.map_group(session, "at", GROUP, provider[1], NOW)
        registry.unmap_group(session, "at", GROUP, provider[1], NOW)
    _admit(database, provider[0], _identity())
    assert _holders(database, provider[1], NOW) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "../x"), ("code", ""), ("code", "UPPER"), ("issuer", "http://idp.example"),
        ("issuer", "https://10.0.0.1"), ("issuer", "https://idp.example/?x"), ("client_secret", ""),
        ("domains", ()), ("domains", ("*",)), ("domains", ("com",)), ("groups_claim", "a b"), ("name", " "),
    ],
)  # fmt: skip
def test_a_provider_that_cannot_be_right_is_refused(field: str, value: object) -> None:
    given = {name: getattr(NEW, name) for name in NEW.__slots__}
    registry.check(New(**given), loopback=False)
    with pytest.raises(Invalid) as refused:
        registry.check(New(**{**given, field: value}), loopback=False)
    assert refused.value.field == field
