"""An officer with a browser's cookie and a native Socket.IO client."""

from __future__ import annotations

import re
from typing import Any

import httpx
import socketio

from comity.people.demonstration import demonstration_token
from tests.support.stack import wait_for
from tests.support.webprocess import Web

NAMESPACE = "/consultations"
SOON = 5.0
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


class Officer:
    """Signs in on construction, where an address is given. heard: every event that came, with its payload."""

    def __init__(self, web: Web, email: str | None) -> None:
        self.web, self.heard = web, list[tuple[str, Any]]()
        self.http = httpx.Client(base_url=web.config.base_url, follow_redirects=False)
        if email is not None:
            token = demonstration_token(web.config.secret_key, email)
            assert self.http.get(f"/sign-in/demonstration/{token}").status_code == 302
        self.socket = self._client(web.config.base_url)

    def connect(self, cookie: str | None = None, origin: str | None = None) -> Officer:
        """Open the socket as a page of that origin. Raises socketio's ConnectionError when refused.

        cookie, origin: the browser's own and the installation's, when absent.
        """
        if origin is not None:
            self.socket = self._client(origin)
        own = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        self.socket.connect(
            self.web.config.base_url,
            headers={"Cookie": cookie or own},
            transports=["websocket"],
            namespaces=[NAMESPACE],
        )
        return self

    def ask(self, event: str, payload: Any = None) -> dict[str, Any]:
        """Send an event and wait for its answer."""
        answer: dict[str, Any] = self.socket.call(event, payload, namespace=NAMESPACE, timeout=SOON)
        return answer

    def join(self, consultation: str, cursor: int = 0) -> dict[str, Any]:
        return self.ask("join", {"consultation": consultation, "cursor": cursor})

    def hears(self, event: str, **fields: Any) -> Any:
        """Wait until an event has come whose payload has these fields; its payload."""
        found: list[Any] = []

        def look() -> bool:
            found[:] = [data for name, data in self.heard if name == event and fields.items() <= data.items()]
            return bool(found)

        wait_for(look, SOON)
        return found[-1]

    def form(self, path: str, fields: dict[str, str], page: str) -> httpx.Response:
        """Send a form that stands on a page."""
        token = _CSRF.search(self.http.get(page).text)
        assert token
        return self.http.post(path, data={**fields, "csrf_token": token[1]})

    def leave(self) -> None:
        if self.socket.connected:
            self.socket.disconnect()
        self.http.close()

    def _client(self, origin: str) -> socketio.Client:
        client = socketio.Client(reconnection=False, websocket_extra_options={"origin": origin})
        client.on("*", self._hear, namespace=NAMESPACE)
        return client

    def _hear(self, event: str, data: Any) -> None:
        self.heard.append((event, data))
