"""Whatever can be called is tried by everybody who must be refused: made from the maps, not listed by hand.

A route or event whose argument has no example here fails the first test, so nothing new is left out. Which routes are
open to all is what their own decision says, and so the table in `core/permissions.py`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from livekit.protocol.models import ParticipantPermission
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from comity.consultations import submission
from comity.consultations.services import post_message
from comity.core.actor import Actor
from comity.core.journal import Topic
from comity.core.web import Services, decision_of
from comity.directory.acting import actor_for
from comity.directory.alive import reporting
from comity.directory.alive.letters import Mailer
from comity.directory.alive.models import ChangeProposal, ProposalStatus
from comity.directory.exchange import tasks
from comity.directory.guidance.models import GuidanceLink, GuidanceRequirement
from comity.directory.models import Authority, Network
from comity.directory.posts import Holding, Post
from comity.directory.record import Arrangement, NetworkCoordinator, Notification, Practitioner
from comity.directory.snapshots import EntityKind
from comity.directory.vetting import nominations
from comity.directory.vetting.mails import Sender
from comity.directory.vetting.models import Absence, Recovery
from comity.directory.vetting.nominations import Draft
from comity.federation.models import IdentityProvider, ProviderSubject
from comity.live.access import handlers
from comity.media import access as media_access
from comity.media import tokens as media_tokens
from comity.media.access import ACCESS, Need
from comity.media.errors import AccessDenied, TokenRefused
from comity.media.tokens import Claims, Grants
from comity.people.factors.models import Authenticator
from comity.people.models import Account, SignInSession
from comity.people.oauth import allowances, clients, passwords
from comity.people.oauth.models import Allowance
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
    form: dict[str, object]

    def example(self, rule: Rule, name: str) -> Example:
        """The example for an argument; one that is meant for the beginning of an address goes before."""
        starts = [key for key in self.examples if key.endswith(f" {name}") and rule.rule.startswith(key.split()[0])]
        return self.examples[max(starts, key=len, default=name)]

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
def world(application: Flask, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> World:
    application.config["WTF_CSRF_ENABLED"] = False  # else a missing token is what is refused
    monkeypatch.setattr(submission, "validate_csrf", lambda _token: None)
    services: Services = application.extensions["comity"]
    public_id = begin(services.db, AUSTRIA, "th-a", SUBJECT)
    clock.advance(timedelta(minutes=1))  # it was begun by the real clock
    owner = Visitor(application).sign_in(AUSTRIA)
    file_id = kept_file(owner, public_id)
    Visitor(application).sign_in(AUSTRIA)  # a second browser, which the first may end
    with services.db.writing() as session:
        anton, now = _account(session, AUSTRIA), clock.now()
        post_message(
            session,
            actor_for(session, anton, now),
            now,
            public_id=public_id,
            client_id="a-message",
            body=WORDS,
            files=[file_id],
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
        austria, thailand = authority_of(session, "at-a"), authority_of(session, "th-a")
        post, at_work = anton_s(session, anton)
        post.focal = True
        session.flush()
        actor = actor_for(session, anton, now)
        examples = (
            named(session, actor, now)
            | cared_for(session, actor, now, thailand)
            | guided(session)
            | taken_out(session, actor, now)
            | {
                "public_id": Example(public_id, confined=True),
                "session_id": Example(session.scalars(ours).first(), confined=True),
                "factor_id": Example(factor.id, confined=True),
                "kind": Example("authenticator"),
                "/directory/confirmations/ kind": Example("authority", confined=True),
                "/directory/confirmations/ ref": Example(str(austria.id), confined=True),
                "/directory/authorities/ ref": Example(str(thailand.id)),
                "authority_id": Example(thailand.id),
                "authority": Example("th-a"),
                "consultation": Example(public_id, confined=True),
                "post_id": Example(post.id, confined=True),
                "account_id": Example(anton.id, confined=True),
                "office": Example("focal"),
                "file_id": Example(file_id, confined=True),
                "iso2": Example("TH"),
                "topic_id": Example(session.scalars(select(Topic.id)).first(), confined=True),
                "name": Example("000000001.comity", confined=True),
                "token": Example("no-such-token", confined=True),
                "filename": Example("nothing.css"),
            }
        )
        form = FIELDS | {"holding": at_work.id, "account": anton.id}  # what nobody does to themselves
    return World(application, clock, owner, examples, form)


def kept_file(owner: Visitor, public_id: str) -> str:
    """A file that is to be sent."""
    page = f"/consultations/{public_id}"
    headers = {"X-CSRFToken": owner.token(page), "X-File-Name": "note.txt", "X-Client-Id": "a-file-to-send"}
    answer = owner.client.post(f"{page}/files.json", data=WORDS.encode(), headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["id"])


def authority_of(session: Session, code: str) -> Authority:
    return session.scalars(select(Authority).where(Authority.code == code)).one()


def anton_s(session: Session, account: Account) -> tuple[Post, Holding]:
    holding = session.scalars(select(Holding).where(Holding.account_id == account.id)).one()
    return holding.post, holding


def named(session: Session, actor: Actor, now: datetime) -> dict[str, Example]:
    """What the directory names, and Austria's officer in it, whose form and history are theirs."""
    mine = session.scalars(select(Practitioner.public_id).where(Practitioner.account_id == actor.account_id)).one()
    codes = {
        "networks": session.scalars(select(Network.code)).first(),
        "notifications": session.scalars(select(Notification.code)).first(),
        "arrangements": session.scalars(select(Arrangement.code)).first(),
    }
    found = {f"/directory/{kind}/ {name}": Example(code) for kind, code in codes.items() for name in ("code", "ref")}
    return found | {
        "/directory/people/ public_id": Example(mine),
        "/directory/cards/people/ public_id": Example(mine),
        "/directory/people/<public_id>/edit public_id": Example(mine, confined=True),
        "/directory/people/ ref": Example(mine),
        "/directory/people/<ref>/history ref": Example(mine, confined=True),
        "coordinator_id": Example(session.scalars(select(NetworkCoordinator.id)).first()),
        **applications_of(session, actor, now),
    }


def applications_of(session: Session, actor: Actor, now: datetime) -> dict[str, Example]:
    """A case system, a tool that may act for the officer, and a password for programs."""
    scopes, back = ("directory.read",), "https://tool.example/back"
    system = clients.register(session, actor, now, clients.Wanted("system", "Cases", scopes))
    tool = clients.register(session, actor, now, clients.Wanted("tool", "Tool", scopes, back))
    allowances.allow(session, actor, tool.client, allowances.Asked(scopes, back, "x"), now)
    passwords.make_password(session, actor.account_id, "Calendar", now)
    allowed = select(Allowance.id).where(Allowance.client_id == tool.client.id)
    return {
        "client_id": Example(system.client.client_id, confined=True),
        "allowance_id": Example(session.scalars(allowed).one(), confined=True),
        "password_id": Example(passwords.passwords_of(session, actor.account_id)[0].id, confined=True),
    }


def cared_for(session: Session, actor: Actor, now: datetime, abroad: Authority) -> dict[str, Example]:
    """What waits for a focal point: somebody coming in, a lost way in, an absence, a report; and an own proposal."""
    address, at_home = ("https://comity.test", "comity.test"), actor.posts[0]
    draft = Draft(
        authority_id=at_home.authority_id, post_id=None, post_title="Desk", name="Nova Muster",
        email="nova@justice.at.example", locale="en", role="prosecutor", languages=("en",),
    )  # fmt: skip
    nominated = nominations.nominate(session, actor, now, draft, Sender(*address))
    colleague = session.scalars(
        select(Holding).join(Post).where(Post.authority_id == at_home.authority_id, Post.id != at_home.id)
    ).first()
    assert colleague is not None
    lost = Recovery(
        public_id="a-recovery-of-the-test", account_id=colleague.account_id, asked_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    away = Absence(
        post_id=at_home.id, deputy_post_id=colleague.post_id, named_by_id=actor.account_id, since=now,
        until=now + timedelta(days=1),
    )  # fmt: skip
    proposal = ChangeProposal(
        authority_id=abroad.id, based_on=1, before={"unit": abroad.unit}, after={"unit": "Another"}, own=False,
        note="x", account_id=actor.account_id, post_id=at_home.id, by="", status=ProposalStatus.WAITING, created_at=now,
    )  # fmt: skip
    session.add_all([lost, away, proposal])
    session.flush()
    reporter = actor_for(session, _account(session, KENYA), now)
    reported = reporting.report(
        session, reporter, now, Mailer(*address), kind=EntityKind.AUTHORITY, ref=str(at_home.authority_id), words="Old"
    )
    vouched = bound_provider(session, actor, at_home.authority_id, now)
    return {
        "/people/nominations/ public_id": Example(nominated.public_id, confined=True),
        "/people/nominations/ action": Example("remind"),
        "/people/recoveries/ public_id": Example(lost.public_id, confined=True),
        "/people/recoveries/ action": Example("vouch"),
        "/secretariat/people/ action": Example("roles"),
        "absence_id": Example(away.id, confined=True),
        "proposal_id": Example(proposal.id, confined=True),
        "report_id": Example(reported.id, confined=True),
        "code": Example(vouched),  # its provider would be asked for, were the owner to follow it
    }


def guided(session: Session) -> dict[str, Example]:
    """What Austria needs from a request, which its focal point keeps."""
    own, links = GuidanceRequirement.state_iso2 == "AT", GuidanceLink.state_iso2 == "AT"
    return {
        "/directory/states/<iso2>/guidance/ iso2": Example("AT"),
        "key": Example(session.scalars(select(GuidanceRequirement.key).where(own)).first()),
        "link_id": Example(session.scalars(select(GuidanceLink.id).where(links)).first()),
    }


def taken_out(session: Session, actor: Actor, now: datetime) -> dict[str, Example]:
    """A book that the officer asked for, and that is not made yet."""
    made = tasks.ask_book(session, actor, now, "en").public_id
    return {
        "/directory/exchange/ public_id": Example(made, confined=True),
        "/directory/exchange/<public_id>/apply public_id": Example(made),  # of an import, and this is none
        "/directory/exchange/<public_id>/file public_id": Example(made),
    }


def bound_provider(session: Session, actor: Actor, authority_id: int, now: datetime) -> str:
    """A provider of the officer's authority, which knows the officer."""
    provider = IdentityProvider(
        code="justice-at", authority_id=authority_id, name="Justice", issuer="https://login.at.example", client_id="c",
        sealed_secret="", scopes=[], domains=[], groups_claim="groups", counts_factor=True, acr_values=[],
        created_at=now,
    )  # fmt: skip
    session.add(provider)
    session.flush()
    session.add(ProviderSubject(provider_id=provider.id, account_id=actor.account_id, subject="s", bound_at=now))
    return provider.code


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
    form: dict[str, object]

    @property
    def of_api(self) -> bool:
        """Opened by a token alone: a cookie never counts there."""
        return str(self.rule.endpoint).startswith("api.")

    def ask(self, visitor: Visitor) -> TestResponse:
        if self.method == "GET":
            return visitor.get(self.path)
        if self.path.endswith((".json", "/token")):
            return visitor.client.open(self.path, method=self.method, json=self.form)
        return visitor.client.open(self.path, method=self.method, data={key: str(v) for key, v in self.form.items()})


def routes(world: World) -> Iterator[Route]:
    """Every route with every method, its arguments filled from the examples. Raises KeyError for one without."""
    adapter = world.application.url_map.bind("localhost")
    for rule in world.application.url_map.iter_rules():
        given = {name: world.example(rule, name) for name in rule.arguments - set(rule.defaults or {})}
        values = {name: one.value for name, one in given.items()} | dict(rule.defaults or {})
        path = adapter.build(rule.endpoint, values)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(rule, method, path, any(one.confined for one in given.values()), world.form)


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
        nothing = 401 if route.of_api else 404
        if (must_not and answer.status_code != nothing) or answer.status_code >= 500 or _discloses(answer):
            wrong.append((route.method, route.path, answer.status_code))
    assert wrong == []
    assert tried > 40


def test_the_owner_is_refused_nothing_that_the_examples_name(world: World) -> None:
    """Else the refusals above would prove nothing: the examples must be real."""
    owner, refused, tried = world.actor(AUSTRIA), [], 0
    for route in routes(world):
        if route.of_api or allowed(world, route, None) or not (route.confined and allowed(world, route, owner)):
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
    fields = FIELDS | {"consultation": world.examples["public_id"].value, "files": []}
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
    said = answer.get_data().decode(errors="replace")
    return SUBJECT in said or WORDS in said


def _account(session: Session, email: str) -> Account:
    return session.scalars(select(Account).where(Account.email == email)).one()
