"""The four processes of `Procfile`, kept running: one that dies is started again after a short pause."""

from __future__ import annotations

import shlex
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from honcho.manager import Manager

from comity.core.config import Config

COMMANDS = {
    "web": ("gunicorn", "-c", "python:comity.app.gunicorn_conf", "comity.app.wsgi:app"),
    "media": ("comity.media",),
    "mail": ("comity.app.mail",),
    "jobs": ("comity.app.jobs",),
}
"""The modules that `python -m` runs, as in `Procfile`."""

_ENDED_BY_SIGNAL = {130, 143, -2, -15}
_LOOK_AGAIN = 0.1


@dataclass(frozen=True, slots=True)
class Taken:
    """A port that something else listens on. variable: the setting that moves ours."""

    host: str
    port: int
    variable: str


def wanted(config: Config) -> tuple[str, ...]:
    """The processes that this installation runs here: no media server of ours where another one is named."""
    host = urlsplit(config.media_url).hostname or ""
    own_media = host in {"127.0.0.1", "localhost", "::1", urlsplit(config.base_url).hostname, config.media_http[0]}
    return tuple(name for name in COMMANDS if name != "media" or own_media)


def taken_ports(config: Config) -> list[Taken]:
    """The ports of ours that are in use already."""
    found = []
    if not _free(socket.SOCK_STREAM, *config.bind):
        found.append(Taken(*config.bind, variable="COMITY_BIND and COMITY_BASE_URL"))
    if "media" in wanted(config):
        if not _free(socket.SOCK_STREAM, *config.media_http):
            found.append(Taken(*config.media_http, variable="COMITY_MEDIA_BIND and COMITY_MEDIA_URL"))
        if config.media_udp_port and not _free(socket.SOCK_DGRAM, config.media_http[0], config.media_udp_port):
            found.append(Taken(config.media_http[0], config.media_udp_port, variable="COMITY_MEDIA_UDP_PORT"))
    return found


def serve(config: Config, when_ready: Callable[[], None]) -> int:
    """Run all processes until a signal ends them.

    when_ready: called once, from a thread of its own, when the web process answers. Returns the exit code.
    """
    manager = Manager()
    for name in wanted(config):
        written = config.data / "run" / f"{name}.pid"
        keeper = [sys.executable, "-m", "comity.app.keeper", str(written), sys.executable, "-m", *COMMANDS[name]]
        manager.add_process(name, "exec " + shlex.join(keeper))
    threading.Thread(target=_wait_for_web, args=(config, when_ready), daemon=True).start()
    manager.loop()
    code = int(manager.returncode or 0)
    return 0 if code in _ENDED_BY_SIGNAL else code


def _wait_for_web(config: Config, when_ready: Callable[[], None]) -> None:
    host, port = config.bind
    url = f"http://{host}:{port}/healthz"
    while True:
        try:
            if httpx.get(url, timeout=2).is_success:
                break
        except httpx.HTTPError:
            time.sleep(_LOOK_AGAIN)
    when_ready()


def _free(kind: int, host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
