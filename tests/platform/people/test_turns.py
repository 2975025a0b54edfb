"""Sign-ins take turns; nothing else waits for one."""

from __future__ import annotations

from typing import Any

import gevent
from flask import Flask
from gevent.event import Event

from comity.people.turns import BUSY, Turns
from tests.support.application import Visitor


class _Inner:
    """An application whose answers come when it is told to go on."""

    def __init__(self) -> None:
        self.go_on, self.under_way, self.most, self.busy = Event(), 0, 0, 0

    def __call__(self, environ: dict[str, Any], _start: Any) -> list[bytes]:
        if BUSY in environ:
            self.busy += 1
            return [b"busy"]
        if environ["REQUEST_METHOD"] == "GET":
            return [b"page"]
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.go_on.wait(30)
        self.under_way -= 1
        return [b"in"]


def _ask(turns: Any, method: str = "POST") -> Any:
    return turns({"REQUEST_METHOD": method, "PATH_INFO": "/sign-in"}, None)


def test_no_more_are_at_work_than_wanted_and_a_page_does_not_wait() -> None:
    inner = _Inner()
    turns = Turns(inner, most=2, waiting=100)
    crowd = [gevent.spawn(_ask, turns) for _one in range(50)]
    gevent.sleep(0)
    assert _ask(turns, "GET") == [b"page"]
    inner.go_on.set()
    assert [one.get(timeout=30) for one in crowd] == [[b"in"]] * 50
    assert (inner.most, inner.busy) == (2, 0)


def test_more_than_may_wait_and_who_waits_too_long_are_marked() -> None:
    inner = _Inner()
    turns = Turns(inner, most=1, waiting=1, seconds=0.1)
    crowd = [gevent.spawn(_ask, turns) for _one in range(3)]
    gevent.joinall(crowd[1:], timeout=30)
    assert inner.busy == 2
    inner.go_on.set()
    assert crowd[0].get(timeout=30) == [b"in"]


def test_a_marked_sign_in_is_told_to_try_again_and_keeps_its_address(application: Flask) -> None:
    visitor = Visitor(application)
    form = {"email": "amina@example.org", "password": "x", "csrf_token": visitor.token("/sign-in")}
    answer = visitor.client.post("/sign-in", data=form, environ_overrides={BUSY: True})
    assert answer.status_code == 503
    assert 'value="amina@example.org"' in answer.text
