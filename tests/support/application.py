"""The web application in the test's own process, and a browser without scripts for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from comity.app.factory import create_app
from comity.core import config as configuration
from comity.core.clock import Clock
from comity.core.db import Database
from comity.people.demonstration import demonstration_token
from tests.support.databases import MASTER_KEY

_CSRF = re.compile(r'name="csrf[_-]token"\s+(?:value|content)="([^"]+)"')


def make_application(database: Database, folder: Path, clock: Clock, **settings: str) -> Flask:
    """The application on a database. settings: further `COMITY_*` variables."""
    environ = {
        "COMITY_DATA": str(folder / "data"),
        "COMITY_DATABASE_URL": database.url.render_as_string(hide_password=False).replace("+psycopg", ""),
        "COMITY_MASTER_KEY": MASTER_KEY,
        "COMITY_DEMO": "1",
        **settings,
    }
    return create_app(configuration.load(environ), clock)


class Visitor:
    """Follows links and sends forms, with the CSRF token that the page had."""

    def __init__(self, application: Flask) -> None:
        self.application = application
        self.client = application.test_client()

    def sign_in(self, email: str) -> Visitor:
        """Sign in by the one-click link of a demonstration account."""
        secret = self.application.extensions["comity"].config.secret_key
        answer = self.client.get(f"/sign-in/demonstration/{demonstration_token(secret, email)}")
        assert answer.status_code == 302, answer.text
        return self

    def get(self, path: str, **arguments: Any) -> TestResponse:
        return self.client.get(path, **arguments)

    def token(self, path: str) -> str:
        """The CSRF token of a page."""
        found = _CSRF.search(self.get(path).text)
        assert found, f"no CSRF token on {path}"
        return found[1]

    def post(self, path: str, form: dict[str, Any] | None = None, *, page: str | None = None) -> TestResponse:
        """Send a form. page: where the form stands; the path itself when absent."""
        return self.client.post(path, data={**(form or {}), "csrf_token": self.token(page or path)})

    def post_json(self, path: str, body: Any, *, page: str) -> TestResponse:
        """Send JSON as an island does. page: the page that the island stands on."""
        return self.client.post(path, json=body, headers={"X-CSRFToken": self.token(page)})
