"""What the media server needs to know, read once at start."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from comity.core.config import Config

from .errors import SettingsError

MINIMUM_SECRET = 32  # RFC 7518, section 3.2: a key for HS256 has at least 256 bits

_ANY_IPV4 = "0.0.0.0"  # noqa: S104 - media come from anywhere  # nosec B104


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """Settings of one media server.

    key, secret: issuer and HMAC key of access tokens, shared with the web application and webhooks.
    http_host, http_port: where signalling, RoomService and ``/healthz`` listen (port 0: any free one).
    udp_port: the one port all media goes through (0: any free one).
    announce: IP addresses given to clients as ICE candidates, most preferred first.
    webhook_url: where events are posted, or None.
    Times are in seconds. Raises SettingsError.
    """

    key: str
    secret: str = field(repr=False)
    http_host: str = "127.0.0.1"
    http_port: int = 7880
    udp_port: int = 0
    announce: tuple[str, ...] = ("127.0.0.1",)
    webhook_url: str | None = None
    ping_interval: int = 5
    ping_timeout: int = 15
    departure_timeout: float = 20.0
    empty_timeout: float = 300.0
    consent_timeout: float = 40.0
    token_lifetime: int = 600
    max_participants: int = 100
    max_rooms: int = 1000

    def __post_init__(self) -> None:
        if not self.key:
            raise SettingsError("COMITY_MEDIA_KEY is empty")
        if len(self.secret.encode()) < MINIMUM_SECRET:
            raise SettingsError(f"COMITY_MEDIA_SECRET is shorter than {MINIMUM_SECRET} bytes")
        if not self.announce:
            raise SettingsError("COMITY_MEDIA_ANNOUNCE names no address")
        for address in self.announce:
            try:
                ipaddress.ip_address(address)
            except ValueError as error:
                raise SettingsError(f"COMITY_MEDIA_ANNOUNCE: {address!r} is no IP address") from error

    @property
    def udp_host(self) -> str:
        """The address the media socket binds: loopback if nothing else is announced, else every address."""
        addresses = [ipaddress.ip_address(address) for address in self.announce]
        if all(address.is_loopback for address in addresses):
            return "127.0.0.1" if any(address.version == 4 for address in addresses) else "::1"
        return "::" if any(address.version == 6 for address in addresses) else _ANY_IPV4

    @classmethod
    def from_config(cls, config: Config) -> MediaSettings:
        """Take the media settings out of the application's configuration. Raises SettingsError."""
        host, port = config.media_http
        announce = tuple(part.strip() for part in config.media_announce.split(",") if part.strip())
        return cls(
            key=config.media_key,
            secret=config.media_secret,
            http_host=host,
            http_port=port,
            udp_port=config.media_udp_port,
            announce=announce,
            webhook_url=config.media_webhook_url,
        )
