"""How long things last, and which addresses a tool may have its answers sent to. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from comity.core.errors import Invalid
from comity.core.i18n import N_
from comity.people.oauth.scopes import FOR_CLIENTS, split

CODE_LASTS = timedelta(seconds=60)
ACCESS_LASTS = timedelta(minutes=10)
REFRESH_LASTS = timedelta(days=30)
ALLOWED_LASTS = timedelta(days=365)
"""What a person allowed a tool ends a year later, however often its token was refreshed."""

MOST_ADDRESSES, MOST_NAME = 5, 100
_PRINTABLE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,300}")
_BAD_ADDRESS = N_(
    "Give addresses that begin with https://, one in each line; on the tool's own machine http://127.0.0.1."
)


def redirect_uris(typed: str) -> list[str]:
    """The redirect URIs of a tool, one in each line; later compared character by character (OAuth 2.1, 2.3.1).

    https, or http on a loopback address (RFC 8252, 7.3); no fragment, no user. Raises Invalid.
    """
    found = list(dict.fromkeys(typed.split()))
    if not 0 < len(found) <= MOST_ADDRESSES or not all(is_redirect_uri(uri) for uri in found):
        raise Invalid(_BAD_ADDRESS, field="redirect_uris")
    return found


def is_redirect_uri(uri: str) -> bool:
    """Whether answers may be sent there."""
    if not _PRINTABLE.fullmatch(uri) or "#" in uri:
        return False
    try:
        parts = urlsplit(uri)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.password is not None or not port_fits:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))


def form_target(uri: str) -> str:
    """The origin of a redirect URI: what a Content-Security-Policy lets the consent form lead to."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def client_scopes(wanted: Iterable[str]) -> list[str]:
    """The scopes that a client is registered for: at least one of the table. Raises Invalid."""
    found = split(" ".join(wanted))
    if not found or not set(found) <= set(FOR_CLIENTS):
        raise Invalid(N_("Choose what it may do."), field="scopes")
    return list(found)


def name(typed: str) -> str:
    """What people call a client or application password: one line. Raises Invalid."""
    text = " ".join(typed.replace("\0", "").encode("utf-8", "replace").decode().split())
    if not 0 < len(text) <= MOST_NAME:
        raise Invalid(N_("Give it a name of at most %(most)d characters."), field="name", most=MOST_NAME)
    return text


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
