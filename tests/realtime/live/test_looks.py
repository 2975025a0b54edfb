"""Reading live is noted in the consultation's trail as reading a page is, and for nobody who was refused."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from werkzeug.middleware.proxy_fix import ProxyFix

from comity.core import journal
from comity.core.audit import trail_of
from comity.core.db import Database
from tests.realtime.live.officer import Officer
from tests.support import consulting, people
from tests.support.application import make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines

SignIn = Callable[[str], Officer]


def _trail(database: Database, topic: str) -> list[tuple[str, object]]:
    with database.reading() as session:
        return [(entry.kind, entry.payload.get("from")) for entry in journal.read(session, topic)]


def test_joining_and_reading_on_are_one_look(officer: SignIn, web_database: Database) -> None:
    larch = consulting.begin(web_database, people.AUSTRIA, "th-a")
    anton = officer(people.AUSTRIA).connect()
    assert anton.join(larch)["ok"]
    assert anton.ask("read_after", {"cursor": 0})["ok"]
    assert anton.join(larch)["ok"]
    assert _trail(web_database, trail_of(f"consultation:{larch}")) == [("access.live", "127.0.0.1")]
    said = anton.ask("post", {"client_id": secrets.token_hex(8), "body": "Is English enough?"})
    assert said["ok"]
    assert _trail(web_database, f"consultation:{larch}")[-1] == ("message", "127.0.0.1")


def test_a_stranger_who_tries_leaves_nothing(officer: SignIn, web_database: Database) -> None:
    larch = consulting.begin(web_database, people.AUSTRIA, "th-a")
    assert not officer(people.KENYA).connect().join(larch)["ok"]
    assert _trail(web_database, trail_of(f"consultation:{larch}")) == []


def test_sockets_too_are_known_by_the_address_behind_the_proxies(engines: Engines, tmp_path: Path) -> None:
    """Socket.IO takes its environment before Flask sees it: proxies have to be resolved outside of both."""
    with engines.sqlite() as database:
        application = make_application(database, tmp_path, SetClock(), COMITY_TRUSTED_PROXIES="2")
    outermost = application.wsgi_app
    assert isinstance(outermost, ProxyFix)
    assert (outermost.x_for, outermost.x_proto, outermost.x_host) == (2, 2, 2)
