"""The mail that an installation without a relay keeps."""

from __future__ import annotations

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from tests.support.browsers import PATIENCE_MS
from tests.support.stack import Stack, wait_for


def mailed_link(stack: Stack, to: str, path: str) -> str:
    """The newest link to a place that was mailed to somebody; waits until there is one."""
    found: list[str] = []

    def came() -> bool:
        folder = stack.config.maildir / "new"
        files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime) if folder.is_dir() else []
        for file in files:
            mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(file.read_bytes())
            body = mail.get_body(("plain",))
            if to in str(mail["To"]) and body:
                found.extend(re.findall(rf"{re.escape(stack.url)}{path}/\S+", body.get_content()))
        return bool(found)

    wait_for(came, PATIENCE_MS / 1000)
    return found[-1]
