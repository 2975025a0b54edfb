"""A web process that is killed between commit and delivery: `python -m tests.support.commit_and_die EMAIL ID WORDS`.

Runs the application on the installation that the environment names, posts a message through its own route, and ends by
SIGKILL in the first callback after the commit, before anything was announced.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from comity.app.factory import create_app
from comity.core import config as configuration
from tests.support.application import Visitor


def main(email: str, public_id: str, words: str) -> int:
    """Post and die. Returns 1 if it lives on."""
    application = create_app(configuration.load())
    page = f"/consultations/{public_id}"
    visitor = Visitor(application).sign_in(email)
    body = {"client_id": "killed-after-commit", "body": words}
    token = visitor.token(page)
    application.extensions["comity"].db._after_commit.insert(0, _die)
    visitor.client.post(f"{page}/messages.json", json=body, headers={"X-CSRFToken": token})
    return 1


def _die(_session: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
