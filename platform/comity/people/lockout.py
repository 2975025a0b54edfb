"""How often a password may be tried: rules that a stranger cannot use to lock somebody out. Pure.

A browser in which somebody has signed in fully is known: it holds a signed cookie for that account (OWASP, "Slow Down
Online Guessing Attacks with Device Cookies"). An attempt from a known browser is counted for that browser alone, and an
attempt from anywhere else never there. So whatever a stranger does, the owner can try. Everybody else is counted by
network, by account and network, and by account, where many networks are at it together.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum

MINUTES = 15
_IPV4, _IPV6 = 24, 56
"""Prefixes that one subscriber or office has: who has one address of it has them all."""


class Count(StrEnum):
    """What attempts are counted by. The value is the name of the counter."""

    BROWSER = "sign-in-browser"
    PAIR = "sign-in-pair"
    NETWORK = "sign-in-network"
    ACCOUNT = "sign-in-account"


MOST = {Count.BROWSER: 15, Count.PAIR: 10, Count.NETWORK: 120, Count.ACCOUNT: 50}
"""Attempts in `MINUTES`. Fifty guesses at a time find no password that was accepted as strong."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tries a password. account: the address as typed. network: see `network_of`.

    browser: the random name of the known browser, where it is known for this very account.
    """

    account: str
    network: str
    browser: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """One counter that an attempt is counted in."""

    by: Count
    whose: str


def counted(attempt: Attempt) -> tuple[Counted, ...]:
    """The counters that an attempt is counted in, in order; it is refused when one is full, and counted in none after.

    By account comes last: what is refused to a network does not slow the account down for others.
    """
    account = attempt.account.strip().lower()
    if attempt.browser is not None:
        return (Counted(Count.BROWSER, f"{attempt.browser} {account}"),)
    return (
        Counted(Count.NETWORK, attempt.network),
        Counted(Count.PAIR, f"{attempt.network} {account}"),
        Counted(Count.ACCOUNT, account),
    )


def given_back(attempt: Attempt) -> tuple[Counted, ...]:
    """The counters that begin anew when the password was right: those that no stranger elsewhere counts in."""
    return tuple(one for one in counted(attempt) if one.by in {Count.BROWSER, Count.PAIR})


def network_of(address: str) -> str:
    """The network of a client: /24 of IPv4, /56 of IPv6 (RFC 6177); the text itself where it is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, _IPV4 if found.version == 4 else _IPV6), strict=False))
