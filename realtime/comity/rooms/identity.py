"""Names on the media server: of rooms and of those who sit in them. Pure.

A room's name tells nothing about the consultation. An identity names post, account and browser window, so that two
windows of one person sit beside each other, and a reloaded one takes its old seat again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

_DEVICE = re.compile(r"[A-Za-z0-9_-]{8,32}")
_IDENTITY = re.compile(r"post-(?P<post>\d{1,18})\.account-(?P<account>\d{1,18})\.(?P<device>[A-Za-z0-9_-]{8,32})")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sits in a room. device: random letters that the browser window keeps until it is closed."""

    post_id: int
    account_id: int
    device: str

    def __str__(self) -> str:
        return f"post-{self.post_id}.account-{self.account_id}.{self.device}"

    @classmethod
    def parse(cls, text: str) -> Identity | None:
        """The parts of an identity that Comity gave out; None for any other."""
        match = _IDENTITY.fullmatch(text)
        return cls(int(match["post"]), int(match["account"]), match["device"]) if match else None


def is_device(text: object) -> bool:
    """Whether a browser may use this as its device name: 8 to 32 letters, digits, `-` or `_`."""
    return isinstance(text, str) and _DEVICE.fullmatch(text) is not None


def room_name(secret_key: str, public_id: str) -> str:
    """The room of a consultation: HMAC-SHA256 (RFC 2104) of its public id, so that the name discloses nothing."""
    digest = hmac.new(secret_key.encode(), f"room:{public_id}".encode(), hashlib.sha256).hexdigest()
    return f"room-{digest[:40]}"
