"""Configuration: one frozen value, read once from `COMITY_*` variables.

A wrong variable is refused at start, with its name and the reason; nothing is guessed.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from comity.core.kept import KeptSecrets
from comity.core.keys import MasterKeys, fresh_key, written

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
_MINIMUM_SECRET = 32
MASTER_KEY = "COMITY_MASTER_KEY"

SECRETS = (
    "COMITY_SECRET_KEY", MASTER_KEY, "COMITY_AUDIT_KEY", "COMITY_MEDIA_SECRET",
    "COMITY_DATABASE_URL", "COMITY_SMTP_RELAY", "COMITY_REDIS_URL",
)  # fmt: skip
"""Variables that hold secrets or may: each may be given as a file instead, named by the variable with `_FILE`."""


class ConfigurationError(Exception):
    """A variable that cannot be used.

    name: the variable's name. reason: what is wrong with it, in plain words.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name, self.reason = name, reason


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one installation. `docs/configuration.md` holds the same table for people."""

    base_url: str
    bind: tuple[str, int]
    database_url: str
    data: Path
    secret_key: str
    master_keys: MasterKeys
    audit_key: str
    smtp_relay: str | None
    mail_from: str
    media_url: str
    media_http: tuple[str, int]
    media_udp_port: int
    media_announce: str
    media_key: str
    media_secret: str
    redis_url: str | None
    demo: bool
    away_after: int
    confirm_people_months: int
    confirm_authorities_months: int
    sqlite_synchronous: str
    web_workers: int
    trusted_proxies: int
    outgoing_loopback: bool
    max_file: int
    clamd: str | None

    @property
    def secure(self) -> bool:
        """Whether people reach this installation over TLS."""
        return self.base_url.startswith("https://")

    @property
    def maildir(self) -> Path:
        """Where mail is kept while no relay is configured."""
        return self.data / "mail"

    @property
    def files_url(self) -> str:
        """Where sealed files are kept, as fsspec understands it."""
        return (self.data / "files").as_uri()

    @property
    def media_webhook_url(self) -> str:
        """Where the media server reports what happens in rooms: the web process itself, past any proxy."""
        host, port = self.bind
        local = "127.0.0.1" if is_any_address(host) else host
        return f"http://{local}:{port}/rooms/webhook"


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Read the configuration.

    environ: the variables; the process's own when absent.
    Raises ConfigurationError for the first variable that cannot be used.
    """
    env = _Reader(os.environ if environ is None else environ)
    data = Path(env.text("COMITY_DATA", "var")).absolute()
    base = _http_url("COMITY_BASE_URL", env.text("COMITY_BASE_URL", "http://127.0.0.1:8470"))
    local = _is_loopback(base.hostname or "")
    if base.scheme == "http" and not local:
        raise ConfigurationError("COMITY_BASE_URL", "must be https:// for anything but this machine itself")
    kept = KeptSecrets(data) if local else None
    synchronous = env.text("COMITY_SQLITE_SYNCHRONOUS", "NORMAL").upper()
    if synchronous not in {"NORMAL", "FULL"}:
        raise ConfigurationError("COMITY_SQLITE_SYNCHRONOUS", "must be NORMAL or FULL")
    redis_url = env.url("COMITY_REDIS_URL", {"redis", "rediss", "unix"})
    workers = env.integer("COMITY_WEB_WORKERS", 1, 1, 64)
    if workers > 1 and redis_url is None:
        raise ConfigurationError("COMITY_WEB_WORKERS", "more than one worker needs COMITY_REDIS_URL")
    return Config(
        base_url=base.geturl().rstrip("/"),
        bind=env.address("COMITY_BIND", f"127.0.0.1:{base.port or 8470}"),
        database_url=_database_url(env.text("COMITY_DATABASE_URL", f"sqlite:///{data / 'comity.sqlite3'}")),
        data=data,
        secret_key=env.secret("COMITY_SECRET_KEY", kept),
        master_keys=_master_keys(env, kept),
        audit_key=env.several("COMITY_AUDIT_KEY", kept),
        smtp_relay=env.url("COMITY_SMTP_RELAY", {"smtp", "smtps"}),
        mail_from=env.text("COMITY_MAIL_FROM", f"Comity <comity@{base.hostname}>"),
        media_url=_media_url(env.text("COMITY_MEDIA_URL", "ws://127.0.0.1:7880")),
        media_http=env.address("COMITY_MEDIA_BIND", "127.0.0.1:7880"),
        media_udp_port=env.integer("COMITY_MEDIA_UDP_PORT", 7882, 0, 65535),
        media_announce=_addresses("COMITY_MEDIA_ANNOUNCE", env.text("COMITY_MEDIA_ANNOUNCE", "127.0.0.1")),
        media_key=env.text("COMITY_MEDIA_KEY", "comity"),
        media_secret=env.secret("COMITY_MEDIA_SECRET", kept),
        redis_url=redis_url,
        demo=env.flag("COMITY_DEMO"),
        away_after=env.integer("COMITY_AWAY_AFTER", 60, 1, 86_400),
        confirm_people_months=env.integer("COMITY_CONFIRM_PEOPLE", 6, 1, 60),
        confirm_authorities_months=env.integer("COMITY_CONFIRM_AUTHORITIES", 12, 1, 60),
        sqlite_synchronous=synchronous,
        web_workers=workers,
        trusted_proxies=env.integer("COMITY_TRUSTED_PROXIES", 0, 0, 5),
        outgoing_loopback=env.flag("COMITY_OUTGOING_LOOPBACK"),
        max_file=env.integer("COMITY_MAX_FILE", 100, 1, 100_000) * 1_000_000,
        clamd=_clamd(env.url("COMITY_CLAMD", {"tcp", "unix"})),
    )


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ) | _from_files(environ)

    def text(self, name: str, default: str) -> str:
        return self._environ.get(name, "").strip() or default

    def flag(self, name: str) -> bool:
        value = self._environ.get(name, "").strip().lower()
        if value not in _TRUE | _FALSE:
            raise ConfigurationError(name, "must be 1 or 0")
        return value in _TRUE

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        value = self.text(name, str(default))
        if not value.isdecimal() or not low <= int(value) <= high:
            raise ConfigurationError(name, f"must be a whole number from {low} to {high}")
        return int(value)

    def address(self, name: str, default: str) -> tuple[str, int]:
        host, _, port = self.text(name, default).rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            raise ConfigurationError(name, "must be HOST:PORT, for example 127.0.0.1:8470")
        return host.strip("[]"), int(port)

    def url(self, name: str, schemes: set[str]) -> str | None:
        value = self.text(name, "")
        if not value:
            return None
        if urlsplit(value).scheme not in schemes:
            raise ConfigurationError(name, f"must begin with {' or '.join(f'{s}://' for s in sorted(schemes))}")
        return value

    def secret(self, name: str, kept: KeptSecrets | None) -> str:
        value = self._environ.get(name, "")
        if not value:
            return _kept(kept, name, lambda: secrets.token_urlsafe(48))
        if len(value) < _MINIMUM_SECRET:
            raise ConfigurationError(name, f"must have at least {_MINIMUM_SECRET} characters")
        return value

    def several(self, name: str, kept: KeptSecrets | None) -> str:
        """Several secrets, separated by spaces, while one takes another's place."""
        given = self._environ.get(name, "").split()
        if any(len(value) < _MINIMUM_SECRET for value in given):
            raise ConfigurationError(name, f"each must have at least {_MINIMUM_SECRET} characters")
        return " ".join(given) or _kept(kept, name, lambda: secrets.token_urlsafe(48))


def _from_files(environ: Mapping[str, str]) -> dict[str, str]:
    """The values of secrets whose variables name files instead, as supervisors and container platforms hand them in."""
    found = {}
    for name in SECRETS:
        path = environ.get(f"{name}_FILE", "").strip()
        if not path:
            continue
        if environ.get(name):
            raise ConfigurationError(f"{name}_FILE", f"set either this or {name}, not both")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as problem:
            raise ConfigurationError(f"{name}_FILE", f"cannot be read ({type(problem).__name__})") from None
        if not found[name]:
            raise ConfigurationError(f"{name}_FILE", "names an empty file")
    return found


def _master_keys(env: _Reader, kept: KeptSecrets | None) -> MasterKeys:
    value = env.text(MASTER_KEY, "") or _kept(kept, MASTER_KEY, lambda: written(fresh_key()))
    try:
        return MasterKeys.parse(value)
    except ValueError as problem:
        reason = f"must be 32 bytes in Base64, or several of these separated by spaces ({problem})"
        raise ConfigurationError(MASTER_KEY, reason) from None


def _kept(kept: KeptSecrets | None, name: str, make: Callable[[], str]) -> str:
    if kept is None:
        raise ConfigurationError(name, "must be set when people reach Comity from other machines")
    return kept.get(name, make)


def _http_url(name: str, value: str) -> SplitResult:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.path not in {"", "/"}:
        raise ConfigurationError(name, "must be http://HOST[:PORT] or https://HOST[:PORT], without a path")
    return parts


def _media_url(value: str) -> str:
    if urlsplit(value).scheme not in {"ws", "wss"} or not urlsplit(value).hostname:
        raise ConfigurationError("COMITY_MEDIA_URL", "must be ws://HOST[:PORT] or wss://HOST[:PORT]")
    return value.rstrip("/")


def _clamd(value: str | None) -> str | None:
    parts = urlsplit(value or "")
    if value and not (parts.path if parts.scheme == "unix" else parts.hostname):
        raise ConfigurationError("COMITY_CLAMD", "must be unix:///PATH or tcp://HOST:PORT")
    return value


def _database_url(value: str) -> str:
    if value.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + value.partition("://")[2]
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigurationError("COMITY_DATABASE_URL", "must begin with sqlite:/// or postgresql://")
    return value


def _addresses(name: str, value: str) -> str:
    for part in value.split(","):
        try:
            ipaddress.ip_address(part.strip())
        except ValueError:
            raise ConfigurationError(name, f"{part.strip()!r} is no IP address") from None
    return value


def is_any_address(host: str) -> bool:
    """Whether listening at a host means all of the machine's addresses (RFC 6890: 0.0.0.0 and ::)."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
