"""What the pages about people share at the edge."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask_babel import gettext as _

from comity.core.errors import ComityError
from comity.core.web import services
from comity.directory.vetting.mails import Sender


def sender() -> Sender:
    """This installation, as mails name it."""
    base_url = services().config.base_url
    return Sender(base_url, urlsplit(base_url).hostname or "localhost")


def problems(error: ComityError | None) -> dict[str, str]:
    """An error as a form shows it: field to message in the reader's language."""
    return {error.field or "main": _(error.message, **error.parameters)} if error else {}
