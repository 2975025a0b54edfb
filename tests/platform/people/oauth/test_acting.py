"""When something was last used, and what is forgotten or ended with it."""

from __future__ import annotations

from sqlalchemy import func, select

from comity.core.db import Database
from comity.people.factors.services import forget_factors
from comity.people.housekeeping import KEPT, forget_expired
from comity.people.oauth.acting import USED_EACH, by_password, touch
from comity.people.oauth.models import ApplicationPassword, Client, Code, Token
from comity.people.oauth.passwords import make_password
from comity.people.oauth.rules import REFRESH_LASTS
from tests.platform.consultations.world import World as Officers
from tests.platform.people.oauth.conftest import NOW, Clients, at
from tests.platform.people.oauth.requests import caller, send, system_token, tool_tokens


def test_last_used_is_kept_every_five_minutes(database: Database, clients: Clients) -> None:
    token, later = system_token(database, clients), NOW + USED_EACH
    found = caller(database, token)
    assert found is not None
    assert not found.stale, "getting the token was a use"
    found = caller(database, token, at(later))
    assert found is not None
    assert found.stale
    with database.writing() as session:
        touch(session, found, later)
    with database.reading() as session:
        assert session.get_one(Client, clients.system.client.id).used_at == later
    again = caller(database, token, at(later))
    assert again is not None
    assert not again.stale


def test_an_application_password_is_its_persons(database: Database, officers: Officers) -> None:
    with database.writing() as session:
        shown = make_password(session, officers.anton.account_id, "Telephone", NOW)
    with database.writing() as session:
        found = by_password(session, " Anton@Comity.example", shown, at())
        assert found is not None
        assert found.stale
        assert (found.actor.account_id, found.scopes) == (officers.anton.account_id, frozenset({"dav"}))
        assert by_password(session, "somsri@comity.example", shown, at()) is None
        touch(session, found, NOW)
    with database.reading() as session:
        assert session.scalars(select(ApplicationPassword.used_at)).one() == NOW


def test_who_lost_everything_loses_every_application(database: Database, officers: Officers, clients: Clients) -> None:
    tokens = [system_token(database, clients), tool_tokens(database, clients)["access_token"]]
    with database.writing() as session:
        shown = make_password(session, officers.anton.account_id, "Telephone", NOW)
        forget_factors(session, officers.anton.account_id, NOW)
    assert [caller(database, token) for token in tokens] == [None, None]
    with database.reading() as session:
        assert by_password(session, "anton@comity.example", shown, at()) is None


def test_codes_and_tokens_are_forgotten_long_after_their_end(database: Database, clients: Clients) -> None:
    tokens = tool_tokens(database, clients)
    with database.writing() as session:
        forget_expired(session, NOW + KEPT)
        assert session.scalar(select(func.count()).select_from(Token)) == 2
    with database.writing() as session:
        forget_expired(session, NOW + KEPT + REFRESH_LASTS)
        assert session.scalar(select(func.count()).select_from(Token)) == 0
        assert session.scalar(select(func.count()).select_from(Code)) == 0
    form = {"token": tokens["refresh_token"], "client_id": clients.tool.client.client_id}
    assert send(database, form, endpoint="introspect") == (200, {"active": False})
