"""A running Keycloak with the realm beside this file, and Nova's browser at it."""

from __future__ import annotations

import html
import os
import re
import secrets
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.support.openid import story
from tests.support.stack import free_ports, wait_for

_ROOT = Path(__file__).parents[2]
_REALM = Path(__file__).parent / "realm.json"
_ADMIN = "operator"
_PASSWORD = "lantern orchard gravel tide"
_START_SECONDS = 480.0
_ANSWER_SECONDS = 60.0


class Keycloak:
    """One realm of it, as the story wants it."""

    acr = "1"
    scopes: tuple[str, ...] = ()
    client_id = "comity"
    client_secret = "known to Comity and to this realm alone"

    def __init__(self, base: str, password: str) -> None:
        self.base, self._password = base, password
        self.issuer = f"{base}/realms/ministry"
        self._cookies = httpx.Cookies()

    def sign_in(self, url: str) -> str:
        self._cookies = httpx.Cookies()
        page = self._send("GET", url)
        action = re.search(r'id="kc-form-login"[^>]*action="([^"]+)"', page.text)
        assert action, page.text
        answer = self._send("POST", html.unescape(action[1]), {"username": "nova", "password": _PASSWORD})
        assert answer.status_code == 302, re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>|\s+", " ", answer.text)
        return str(answer.headers["location"])

    def sign_out_there(self) -> None:
        self._admin("POST", f"users/{self._nova()}/logout")

    def follow_sign_out(self, url: str) -> str:
        answer = self._send("GET", url)
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])

    def groups(self, names: Sequence[str]) -> None:
        nova = self._nova()
        for group in self._admin("GET", "groups").json():
            method = "PUT" if group["name"] in names else "DELETE"
            self._admin(method, f"users/{nova}/groups/{group['id']}")

    def verified(self, verified: bool) -> None:
        self._admin("PUT", f"users/{self._nova()}", {"emailVerified": verified, "email": story.NOVA})

    def _nova(self) -> str:
        return str(self._admin("GET", "users?username=nova").json()[0]["id"])

    def _admin(self, method: str, path: str, body: Any = None) -> httpx.Response:
        fields = {"grant_type": "password", "client_id": "admin-cli", "username": _ADMIN, "password": self._password}
        url = f"{self.base}/realms/master/protocol/openid-connect/token"
        token = httpx.post(url, data=fields, timeout=_ANSWER_SECONDS).raise_for_status().json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        address = f"{self.base}/admin/realms/ministry/{path}"
        answer = httpx.request(method, address, json=body, headers=headers, timeout=_ANSWER_SECONDS)
        return answer.raise_for_status()

    def _send(self, method: str, url: str, form: dict[str, str] | None = None) -> httpx.Response:
        # Its cookies are for secure contexts, which this machine is one of for browsers, and not for httpx.
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._cookies.jar)
        headers = {"Cookie": cookies} if cookies else {}
        answer = httpx.request(method, url, data=form, headers=headers, timeout=_ANSWER_SECONDS)
        self._cookies.update(answer.cookies)
        return answer


@contextmanager
def running_keycloak(folder: Path, comity: str) -> Iterator[Keycloak]:
    """Start it, wait until the realm answers, stop it at the end.

    folder: for its log. comity: where Comity answers.
    """
    home = max((_ROOT / ".cache" / "keycloak").glob("keycloak-*/bin/kc.sh")).parents[1]
    realm = home / "data" / "import" / "ministry.json"
    realm.parent.mkdir(parents=True, exist_ok=True)
    realm.write_text(_REALM.read_text().replace("BASE_URL", comity))
    port, management = free_ports(2)
    password = secrets.token_urlsafe(16)
    environ = {
        **os.environ,
        "KC_BOOTSTRAP_ADMIN_USERNAME": _ADMIN,
        "KC_BOOTSTRAP_ADMIN_PASSWORD": password,
        "JAVA_OPTS_KC_HEAP": "-Xms64m -Xmx512m",
    }
    command = [
        str(home / "bin" / "kc.sh"), "start-dev", "--import-realm", "--db=dev-mem", "--cache=local",
        "--http-host=127.0.0.1", f"--http-port={port}", f"--http-management-port={management}",
    ]  # fmt: skip
    log = folder / "keycloak.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environ, stdout=output, stderr=subprocess.STDOUT)
    found = Keycloak(f"http://127.0.0.1:{port}", password)
    try:
        wait_for(lambda: _answers(found, process, log), _START_SECONDS)
        yield found
    finally:
        process.terminate()
        process.wait(60)


def _answers(keycloak: Keycloak, process: subprocess.Popen[bytes], log: Path) -> bool:
    assert process.poll() is None, log.read_text(errors="replace")[-4000:]
    try:
        return httpx.get(f"{keycloak.issuer}/.well-known/openid-configuration", timeout=5).is_success
    except httpx.HTTPError:
        return False
