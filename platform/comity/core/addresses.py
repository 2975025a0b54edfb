"""Which addresses Comity may connect to when a person configured where. Pure.

Server-side request forgery (CWE-918): a name that resolves into the operator's own network must open nothing there.
What the IANA special-purpose registries (RFC 6890) set apart is refused; an IPv6 address that carries an IPv4 one is
judged by what it carries.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_LONGEST_URL = 2000

_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a cloud's metadata and agent service, at an address that looks public
        "::/128", "::1/128", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20",
        "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class RefusedAddress(ValueError):
    """Nothing may be fetched from there. The text says why, for logs and the command line."""


def may_connect(address: IPAddress, *, loopback: bool = False) -> bool:
    """Whether an address may be connected to. loopback: whether this machine itself is let through."""
    inner = _carried(address)
    if inner is not None:
        return may_connect(inner, loopback=loopback)
    if address.is_loopback and loopback:
        return True
    if any(address.version == network.version and address in network for network in _REFUSED):
        return False
    return address.is_global and not address.is_multicast


def checked_url(url: str, *, loopback: bool = False) -> SplitResult:
    """A URL that may be fetched, in its parts. Raises RefusedAddress.

    https with a host and without user name or fragment. loopback: http too, where the host is this machine. A name is
    judged again by the addresses that it resolves to.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise RefusedAddress("not a URL") from None
    if len(url) > _LONGEST_URL or not host or not url.isascii() or any(c.isspace() or c == "\\" for c in url):
        raise RefusedAddress("not a URL")
    if parts.username is not None or parts.password is not None or parts.fragment or port == 0:
        raise RefusedAddress("a URL without user name, password and fragment is needed")
    literal = as_address(host)
    if parts.scheme != "https" and not (
        parts.scheme == "http" and loopback and (host == "localhost" or (literal is not None and literal.is_loopback))
    ):
        raise RefusedAddress("must be https://")
    if literal is not None and not may_connect(literal, loopback=loopback):
        raise RefusedAddress("the address is not a public one")
    return parts


def as_address(host: str) -> IPAddress | None:
    """The address that a host is written as, or None for a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _carried(address: IPAddress) -> IPAddress | None:
    """The IPv4 address inside an IPv6 one: mapped (RFC 4291), NAT64 (RFC 6052) or 6to4 (RFC 3056)."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
