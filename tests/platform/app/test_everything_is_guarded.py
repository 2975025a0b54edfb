"""Whatever can be called is tried by everybody who must be refused: made from the maps, not listed by hand.

A route or event whose argument has no example here fails the first test, so nothing new is left out. Which routes are
open to all is what their own decision says, and so the table in `core/permissions.py`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from livekit.protocol.models import ParticipantPermission
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from comity.consultations.services import post_message
from comity.core.actor import Actor
from comity.core.journal import Topic
from comity.core.web import Services, decision_of
from comity.directory.acting import actor_for
from comity.directory.models import Authority
from comity.directory.posts import Holding
from comity.live.access import handlers
from comity.media import access as media_access
from comity.media import tokens as media_tokens
from comity.media.access import ACCESS, Need
from comity.media.errors import AccessDenied, TokenRefused
from comity.media.tokens import Claims, Grants
from comity.people.factors.models import Authenticator
from comity.people.models import Account, SignInSession
from comity.people.rules import IDLE
from tests.support.application import Visitor
from tests.support.clock import SetClock
from tests.support.consulting import begin
from tests.support.people import AUSTRIA, KENYA, THAILAND

SUBJECT, WORDS = "Bank records, operation Larch", "The account is at the Danube branch."


@dataclass(frozen=True, slots=True)
class Example:
    """A value for an argument. confined: it names something that only its owner, or a party, may know of."""

    value: object
    confined: bool = False


@dataclass(frozen=True)
class World:
    """An application in which Austria's officer has everything that the examples name."""

    application: Flask
    clock: SetClock
    owner: Visitor
    examples: dict[str, Example]

    @property
    def services(self) -> Services:
        found: Services = self.application.extensions["comity"]
        return found

    def actor(self, email: str) -> Actor:
        with self.services.db.reading() as session:
            return actor_for(session, _account(session, email), self.clock.now())


FIELDS: dict[str, object] = {
    "body": "Words", "client_id": "a-client-of-the-test", "position": 1, "cursor": 0, "on": True,
    "device": "a1b2c3d4e5f6", "credential": {},
}  # fmt: skip
"""Examples for the fields of documents and events, by name; `consultation` is the world's."""


@pytest.fixture
def world(application: Flask, clock: SetClock) -> World:
    application.config["WTF_CSRF_ENABLED"] = False  # else a missing token is what is refused
    services: Services = application.extensions["comity"]
    public_id = begin(services.db, AUSTRIA, "th-a", SUBJECT)
    clock.advance(timedelta(minutes=1))  # it was begun by the real clock
    owner = Visitor(application).sign_in(AUSTRIA)
    Visitor(application).sign_in(AUSTRIA)  # a second browser, which the first may end
    with services.db.writing() as session:
        anton, now = _account(session, AUSTRIA), clock.now()
        post_message(
            session, actor_for(session, anton, now), now, public_id=public_id, client_id="a-message", body=WORDS
        )
        # Like anybody's account, with factors, which those of the demonstration do without.
        anton.demonstration = False
        session.execute(update(SignInSession).where(SignInSession.account_id == anton.id).values(factor_at=now))
        ours = select(SignInSession.id).where(SignInSession.account_id == anton.id).order_by(SignInSession.id.desc())
        factor = Authenticator(
            account_id=anton.id, sealed_secret="", secret_digest="0" * 64, last_step=0, name="Telephone",
            created_at=now, used_at=now,
        )  # fmt: skip
        session.add(factor)
        session.flush()
        examples = {
            "public_id": Example(public_id, confined=True),
            "session_id": Example(session.scalars(ours).first(), confined=True),
            "factor_id": Example(factor.id, confined=True),
            "kind": Example("authenticator"),
            "authority_id": Example(session.scalars(select(Authority.id).where(Authority.code == "th-a")).one()),
            "iso2": Example("TH"),
            "topic_id": Example(session.scalars(select(Topic.id)).first(), confined=True),
            "name": Example("000000001.comity", confined=True),
            "token": Example("no-such-token", confined=True),
            "filename": Example("nothing.css"),
        }
    return World(application, clock, owner, examples)


# ---- who calls ----------------------------------------------------------------------------------------------------
Caller = Callable[[World], Visitor]
"""Makes somebody who calls. Another way to prove who one is, such as a token of an API, is one more of these."""


def nobody(world: World) -> Visitor:
    return Visitor(world.application)


def expired_session(world: World) -> Visitor:
    visitor = Visitor(world.application).sign_in(THAILAND)
    world.clock.advance(IDLE)
    return visitor


def ended_session(world: World) -> Visitor:
    visitor = Visitor(world.application).sign_in(THAILAND)
    with world.services.db.writing() as session:
        ours = SignInSession.account_id == _account(session, THAILAND).id
        session.execute(update(SignInSession).where(ours).values(ended_at=world.clock.now()))
    return visitor


def closed_account(world: World) -> Visitor:
    visitor = Visitor(world.application).sign_in(THAILAND)
    with world.services.db.writing() as session:
        _account(session, THAILAND).closed_at = world.clock.now()
    return visitor


def forged_cookie(world: World) -> Visitor:
    visitor = Visitor(world.application)
    visitor.client.set_cookie("comity", "eyJzaWQiOiJub3RoaW5nIn0.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    return visitor


def without_factor(world: World) -> Visitor:
    """Came in with a password, and has shown no second factor."""
    visitor = Visitor(world.application).sign_in(THAILAND)
    with world.services.db.writing() as session:
        _account(session, THAILAND).demonstration = False
    return visitor


def another_state(world: World) -> Visitor:
    return Visitor(world.application).sign_in(KENYA)


def leaver(world: World) -> Visitor:
    """Held the post at the other party until yesterday, and is signed in still."""
    visitor = Visitor(world.application).sign_in(THAILAND)
    with world.services.db.writing() as session:
        theirs = Holding.account_id == _account(session, THAILAND).id
        yesterday = world.clock.now() - timedelta(days=1)
        session.execute(update(Holding).where(theirs).values(since=yesterday - timedelta(days=9), until=yesterday))
    return visitor


NOT_IN: tuple[Caller, ...] = (nobody, expired_session, ended_session, closed_account, forged_cookie, without_factor)
STRANGERS: tuple[Caller, ...] = (another_state, leaver)


# ---- routes -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Route:
    rule: Rule
    method: str
    path: str
    confined: bool

    def ask(self, visitor: Visitor) -> TestResponse:
        if self.method == "GET":
            return visitor.get(self.path)
        if self.path.endswith((".json", "/token")):
            return visitor.client.open(self.path, method=self.method, json=FIELDS)
        return visitor.client.open(self.path, method=self.method, data={key: str(v) for key, v in FIELDS.items()})


def routes(world: World) -> Iterator[Route]:
    """Every route with every method, its arguments filled from the examples. Raises KeyError for one without."""
    adapter = world.application.url_map.bind("localhost")
    for rule in world.application.url_map.iter_rules():
        given = {name: world.examples[name] for name in rule.arguments}
        path = adapter.build(rule.endpoint, {name: one.value for name, one in given.items()})
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(rule, method, path, any(one.confined for one in given.values()))


def allowed(world: World, route: Route, actor: Actor | None) -> bool:
    """What the route's own decision says, outside of any session."""
    decision = decision_of(world.application.view_functions[route.rule.endpoint])
    assert decision is not None
    with world.application.test_request_context():
        return decision(actor)


def test_every_argument_has_an_example(world: World) -> None:
    assert len(list(routes(world))) > 50


@pytest.mark.parametrize("caller", NOT_IN)
def test_who_is_not_signed_in_is_refused_everywhere(world: World, caller: Caller) -> None:
    visitor, wrong = caller(world), []
    for route in routes(world):
        if allowed(world, route, None):
            continue
        answer = route.ask(visitor)
        led = answer.status_code in {302, 303} and answer.location.startswith(("/sign-in", "/set-up"))
        beginning = caller is without_factor and _came_in(world, route)
        if not (led or answer.status_code == 401 or beginning) or _discloses(answer):
            wrong.append((route.method, route.path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("caller", STRANGERS)
def test_strangers_are_told_that_there_is_nothing(world: World, caller: Caller) -> None:
    visitor, wrong, tried = caller(world), [], 0
    actor = world.actor(KENYA if caller is another_state else THAILAND)
    for route in routes(world):
        if allowed(world, route, None):
            continue
        answer = route.ask(visitor)
        tried += 1
        must_not = route.confined or not allowed(world, route, actor)
        if (must_not and answer.status_code != 404) or answer.status_code >= 500 or _discloses(answer):
            wrong.append((route.method, route.path, answer.status_code))
    assert wrong == []
    assert tried > 40


def test_the_owner_is_refused_nothing_that_the_examples_name(world: World) -> None:
    """Else the refusals above would prove nothing: the examples must be real."""
    owner, refused, tried = world.actor(AUSTRIA), [], 0
    for route in routes(world):
        if allowed(world, route, None) or not (route.confined and allowed(world, route, owner)):
            continue
        answer = route.ask(world.owner)
        tried += 1
        if answer.status_code in {401, 404} or (answer.location or "").startswith("/sign-in"):
            refused.append((route.method, route.path, answer.status_code))
    assert refused == []
    assert tried >= 12


# ---- live events ---------------------------------------------------------------------------------------------------
def events(world: World) -> Iterator[tuple[str, str, dict[str, object] | None]]:
    """Every event of every namespace, with an example of its payload. Raises KeyError for a field without one."""
    fields = FIELDS | {"consultation": world.examples["public_id"].value}
    server = world.application.extensions["comity.live"].socketio.server
    for namespace, found in server.namespace_handlers.items():
        for event, handler in handlers(found):
            payload: Any = getattr(handler, "comity_payload", None)
            sent = {one.name: fields[one.name] for one in dataclasses.fields(payload)} if payload else None
            if event not in {"connect", "disconnect"}:
                yield namespace, event, sent


def connect(world: World, visitor: Visitor, namespace: str) -> Any:
    socketio = world.application.extensions["comity.live"].socketio
    return socketio.test_client(world.application, namespace=namespace, flask_test_client=visitor.client)


@pytest.mark.parametrize("caller", NOT_IN)
def test_no_socket_opens_without_a_session(world: World, caller: Caller) -> None:
    visitor = caller(world)
    for namespace in {namespace for namespace, _event, _payload in events(world)}:
        assert not connect(world, visitor, namespace).is_connected(namespace)


@pytest.mark.parametrize("caller", STRANGERS)
def test_no_event_does_anything_for_a_stranger(world: World, caller: Caller) -> None:
    visitor, wrong, tried = caller(world), [], 0
    for namespace, event, payload in events(world):
        client = connect(world, visitor, namespace)
        assert client.is_connected(namespace)
        answer = client.emit(event, payload, namespace=namespace, callback=True)
        tried += 1
        harmless = event == "leave"  # of nothing
        if (answer["ok"] and not harmless) or SUBJECT in str(answer) or WORDS in str(answer):
            wrong.append((event, answer))
        if client.get_received(namespace):
            wrong.append((event, "heard something"))
        client.disconnect(namespace)
    assert wrong == []
    assert tried >= 7


def test_every_event_works_for_a_party(world: World) -> None:
    for namespace, event, payload in events(world):
        client = connect(world, world.owner, namespace)
        if event != "join":
            joined = {"consultation": world.examples["public_id"].value, "cursor": 0}
            assert client.emit("join", joined, namespace=namespace, callback=True)["ok"]
        assert client.emit(event, payload, namespace=namespace, callback=True)["ok"], event
        client.disconnect(namespace)


# ---- the media server ----------------------------------------------------------------------------------------------
_MEDIA_KEY, _MEDIA_SECRET, _NOW = "comity", "a secret of at least thirty-two characters", 1_800_000_000.0
_OTHER_ROOM = Claims("somebody", Grants(room="another-room", room_join=True))


@pytest.mark.parametrize("row", [row for row, need in ACCESS.items() if need not in {Need.NOTHING, Need.TOKEN}])
def test_no_call_of_the_media_server_works_without_a_right(row: str) -> None:
    if row.startswith(("signal:", "data:")):
        # Whoever is in no room has no connection to send this by; who is, and may do nothing, may do nothing.
        assert ACCESS[row] is Need.MEMBER or _denied_to_who_may_nothing(row)
        return
    for claims in (None, dataclasses.replace(_OTHER_ROOM, grants=Grants(room="another-room"))):
        with pytest.raises(AccessDenied):
            media_access.check_token(row, claims, "the-room")
    if row.startswith("twirp:"):
        with pytest.raises(AccessDenied):
            media_access.check_token(row, _OTHER_ROOM, "the-room")


@pytest.mark.parametrize(
    ("secret", "minted_at"),
    [("another secret of thirty-two characters", _NOW), (_MEDIA_SECRET, _NOW - 3600), (_MEDIA_SECRET, _NOW + 3600)],
)
def test_no_forged_expired_or_early_token_opens_a_room(secret: str, minted_at: float) -> None:
    token = media_tokens.mint(_OTHER_ROOM, _MEDIA_KEY, secret, minted_at, 600)
    with pytest.raises(TokenRefused):
        media_tokens.verify(token, _MEDIA_KEY, _MEDIA_SECRET, _NOW)


def _denied_to_who_may_nothing(row: str) -> bool:
    try:
        media_access.check_participant(row, ParticipantPermission())
    except AccessDenied:
        return True
    return False


def _came_in(world: World, route: Route) -> bool:
    """Whether a route is one of those where somebody without a second factor begins."""
    decision = decision_of(world.application.view_functions[route.rule.endpoint])
    return decision is not None and decision.__name__ == "came_in"


def _discloses(answer: TestResponse) -> bool:
    return SUBJECT in answer.text or WORDS in answer.text


def _account(session: Session, email: str) -> Account:
    return session.scalars(select(Account).where(Account.email == email)).one()
