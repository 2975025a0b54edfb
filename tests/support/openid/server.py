"""A real OpenID provider (npm's oidc-provider) on a free port, and a browser without scripts for its pages."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.support.stack import free_ports, wait_for

_PROGRAM = Path(__file__).parent / "provider.mjs"
_START_SECONDS = 60.0


class OpenIdProvider:
    """A running provider. issuer: its address."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def register(self, base_url: str, code: str) -> tuple[str, str]:
        """Make Comity known to it (Dynamic Client Registration 1.0). Returns the client's id and secret."""
        ours = f"{base_url}/sign-in/with/{code}"
        wanted = {
            "redirect_uris": [f"{ours}/back"],
            "post_logout_redirect_uris": [f"{base_url}/sign-in"],
            "backchannel_logout_uri": f"{ours}/logout",
            "backchannel_logout_session_required": True,
        }
        made = httpx.post(f"{self.issuer}/reg", json=wanted).raise_for_status().json()
        return made["client_id"], made["client_secret"]

    def person(self, name: str, sub: str, *, amr: list[str] | None = None, acr: str = "", **claims: Any) -> None:
        """Somebody who signs in there with that name; again to change them."""
        self._control("person", {"name": name, "sub": sub, "amr": amr, "acr": acr, "claims": claims})

    def spoil(self, **wrong: Any) -> None:
        """What is wrong with the next id_token: header, claims (None removes one), key, secret; or the status."""
        self._control("spoil", wrong)

    def sign(self, claims: dict[str, Any], **how: Any) -> str:
        """A token signed with its key."""
        return str(self._control("sign", {"claims": claims, **how})["token"])

    def rotate(self) -> None:
        """Sign with a new key from now on, and publish that one alone."""
        self._control("rotate", {})

    def _control(self, what: str, given: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = httpx.post(f"{self.issuer}/control/{what}", json=given).raise_for_status().json()
        return answer


class Person:
    """Somebody's browser at the provider."""

    def __init__(self, provider: OpenIdProvider, name: str) -> None:
        self.provider, self.name = provider, name
        self._cookies = httpx.Cookies()

    def sign_in(self, url: str) -> str:
        """Follow a request there, sign in where it asks, and return the address that it sends the browser back to."""
        while url.startswith(self.provider.issuer):
            answer = self._send("GET", url)
            if not answer.is_redirect:
                answer = self._send("POST", url, {"name": self.name})
            assert answer.is_redirect, answer.text
            url = str(answer.url.join(answer.headers["location"]))
        return url

    def sign_out(self, url: str) -> str:
        """Follow a request to sign out there, confirm it, and return where it sends the browser."""
        page = self._send("GET", url)
        xsrf = page.text.split('name="xsrf" value="')[1].split('"')[0]
        answer = self._send("POST", f"{self.provider.issuer}/session/end/confirm", {"xsrf": xsrf, "logout": "yes"})
        return str(answer.headers["location"])

    def _send(self, method: str, url: str, form: dict[str, str] | None = None) -> httpx.Response:
        with httpx.Client(cookies=self._cookies) as http:
            answer = http.request(method, url, data=form)
            self._cookies = http.cookies
        return answer


@contextmanager
def openid_provider() -> Iterator[OpenIdProvider]:
    """Start one, and stop it at the end."""
    node = shutil.which("node")
    assert node, "Node.js is missing: `make install-tests` installs it"
    port = free_ports(1)[0]
    process = subprocess.Popen([node, str(_PROGRAM), str(port)], stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: _answers(port, process), _START_SECONDS)
        yield OpenIdProvider(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, f"the provider ended with {process.returncode}"
    try:
        return httpx.get(f"http://127.0.0.1:{port}/jwks", timeout=2).is_success
    except httpx.HTTPError:
        return False
