"""Only our own names are answered: a forged Host header reaches no page, no link and no socket (RFC 9110, 7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Response

from comity.core.config import Config, is_any_address

_LOCAL = ("localhost", "127.0.0.1", "::1")
"""This machine's own processes: the media server reports here, and supervisors ask whether we are well."""

_HOST = re.compile(r"(?P<name>[a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", re.IGNORECASE)


def own_hosts(config: Config) -> tuple[str, ...]:
    """The names that this installation answers to, without ports."""
    bound = () if is_any_address(config.bind[0]) else (config.bind[0],)
    return tuple(dict.fromkeys((urlsplit(config.base_url).hostname or "", *bound, *_LOCAL)))


def host_named(header: str) -> str | None:
    """The name in a Host header, in lower case and without port and brackets; None for what is no host at all. Pure."""
    found = _HOST.fullmatch(header)
    return found["name"].strip("[]").lower() if found else None


class OwnHosts:
    """WSGI middleware: what asks for another host gets 400, and goes no further."""

    def __init__(self, application: Any, hosts: Iterable[str]) -> None:
        self._application, self._hosts = application, frozenset(hosts)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        # Without a header, as in HTTP/1.0, there is none to be misled by.
        header = environ.get("HTTP_HOST")
        if header is not None and host_named(header) not in self._hosts:
            return Response("This host is not ours.\n", 400, content_type="text/plain")(environ, start_response)
        return self._application(environ, start_response)
