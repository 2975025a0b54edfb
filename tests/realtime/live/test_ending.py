"""A session that is ended elsewhere ends everything it opened: socket, polling, and the seat in the room."""

from __future__ import annotations

import re
from collections.abc import Callable

from comity.core.clock import SystemClock
from comity.core.db import Database
from comity.rooms import seats
from tests.realtime.live.officer import SOON, Officer
from tests.support.consulting import begin
from tests.support.people import AUSTRIA
from tests.support.stack import wait_for

DEVICE = {"device": "a1b2c3d4e5f6"}


def test_socket_polling_and_room_end_together(officer: Callable[[str], Officer], web_database: Database) -> None:
    consultation = begin(web_database, AUSTRIA, "th-a")
    here, elsewhere = officer(AUSTRIA).connect(), officer(AUSTRIA).connect()
    for each in (here, elsewhere):
        assert each.join(consultation)["ok"]
    polling, room = f"/consultations/{consultation}/events.json?after=0", f"/consultations/{consultation}/room"
    identity = _seat(here, room)
    assert here.http.get(polling).status_code == 200
    assert _due(web_database) == []

    assert elsewhere.form("/account/sessions/end-others", {}, page="/account").status_code == 303

    assert here.http.get(polling).status_code == 401
    assert here.http.post(f"{room}/token", json=DEVICE, headers={"X-CSRFToken": "none"}).status_code in {400, 401}
    assert _due(web_database) == [identity]
    wait_for(lambda: not here.socket.connected, SOON)
    assert elsewhere.http.get(polling).status_code == 200
    assert elsewhere.socket.connected


def _seat(officer: Officer, room: str) -> str:
    token = re.search(r'name="csrf[_-]token"\s+(?:value|content)="([^"]+)"', officer.http.get(room).text)
    assert token
    answer = officer.http.post(f"{room}/token", json=DEVICE, headers={"X-CSRFToken": token[1]})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["identity"])


def _due(database: Database) -> list[str]:
    with database.reading() as session:
        return [removal.identity for removal in seats.due(session, SystemClock().now())]
