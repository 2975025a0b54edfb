"""A web process that is killed while a file comes in: `python -m tests.support.upload_and_die EMAIL ID WHEN`.

Runs the application on the installation that the environment names, sends a file through its own route, and ends by
SIGKILL: `half-way`, `before-commit`, or `after-commit`, before the file was moved to its place.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from typing import Any

from comity.app.factory import create_app
from comity.core import config as configuration
from comity.core.files.store import Store
from tests.support.application import Visitor

CONTENT = b"Words that must not be lost. " * 100_000


class _Dying(io.BytesIO):
    """A body that ends with the process."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > len(CONTENT) // 2:
            die()
        return super().read(size)

    def readinto(self, buffer: Any, /) -> int:
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def main(email: str, public_id: str, when: str) -> int:
    """Send and die. Returns 1 if it lives on."""
    application = create_app(configuration.load())
    page = f"/consultations/{public_id}"
    visitor = Visitor(application).sign_in(email)
    headers = {"X-CSRFToken": visitor.token(page), "X-File-Name": "note.txt", "X-Client-Id": "killed-upload"}
    if when == "before-commit":
        _wrap_write()
    elif when == "after-commit":
        application.extensions["comity"].db._after_commit.insert(0, die)
    body = _Dying(CONTENT) if when == "half-way" else io.BytesIO(CONTENT)
    visitor.client.post(
        f"{page}/files.json", input_stream=body, headers=headers, content_type="application/octet-stream"
    )
    return 1


def _wrap_write() -> None:
    """End where the file is written and no row names it yet."""
    write = Store.write

    def and_die(self: Store, *arguments: Any) -> Any:
        write(self, *arguments)
        die()

    Store.write = and_die  # type: ignore[method-assign,assignment]


def die(_session: Any = None) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
