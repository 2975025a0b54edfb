"""The relying party of passkeys (WebAuthn Level 3, 4): which name and origin credentials are bound to."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """id: the host's name. origin: as browsers write it (RFC 6454, 6.2)."""

    id: str
    origin: str


def relying_party(base_url: str) -> RelyingParty | None:
    """The relying party at an address, or None where browsers offer no passkeys: at a bare IP address.

    base_url: as configured, https, or http on this machine itself.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if not host or _is_address(host):
        return None
    port = "" if parts.port in {None, _PORTS[parts.scheme]} else f":{parts.port}"
    return RelyingParty(host, f"{parts.scheme}://{host}{port}")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
