"""A whole installation, as `make run` starts it: all four processes, demonstration data, free ports."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from comity.core import config as configuration
from comity.core.config import Config
from comity.people.demonstration import demonstration_token

START_SECONDS = 120.0
_LOOK_AGAIN = 0.05
_pause = threading.Event()


@dataclass(frozen=True)
class Stack:
    """A running installation."""

    config: Config
    environ: dict[str, str]
    log: Path

    @property
    def url(self) -> str:
        return self.config.base_url

    def link(self, email: str) -> str:
        """The one-click sign-in link of a demonstration account."""
        return f"{self.url}/sign-in/demonstration/{demonstration_token(self.config.secret_key, email)}"

    def pid(self, name: str) -> int:
        """The number of a process: web, media, mail or jobs."""
        return int((self.config.data / "run" / f"{name}.pid").read_text())

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Kill one process; its keeper starts it again."""
        os.kill(self.pid(name), number)

    def comity(self, *arguments: str) -> str:
        """Run one `comity` command against this installation."""
        command = [sys.executable, "-m", "comity.app.cli", *arguments]
        done = subprocess.run(command, env=self.environ, check=True, capture_output=True, text=True, timeout=60)
        return done.stdout


@contextmanager
def running_stack(folder: Path, **settings: str) -> Iterator[Stack]:
    """Start an installation in a folder, wait until web and media answer, stop it at the end.

    settings: further `COMITY_*` variables.
    """
    folder.mkdir(parents=True, exist_ok=True)
    web, media, udp = free_ports(3)
    environ = {key: value for key, value in os.environ.items() if not key.startswith("COMITY_")} | {
        "COMITY_DATA": str(folder / "data"),
        "COMITY_BASE_URL": f"http://127.0.0.1:{web}",
        "COMITY_MEDIA_URL": f"ws://127.0.0.1:{media}",
        "COMITY_MEDIA_BIND": f"127.0.0.1:{media}",
        "COMITY_MEDIA_UDP_PORT": str(udp),
        "COMITY_DEMO": "1",
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    config = configuration.load(environ)
    log = folder / "log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "comity.app.cli", "serve", "--prepare"]
        process = subprocess.Popen(command, env=environ, stdout=output, stderr=subprocess.STDOUT)
    try:
        for address in (f"{config.base_url}/healthz", f"http://127.0.0.1:{media}/healthz"):
            wait_for(lambda address=address: _answers(address, process, log), START_SECONDS)  # type: ignore[misc]
        yield Stack(config, environ, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    """Ask again and again until a condition holds. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s")
        _pause.wait(_LOOK_AGAIN)


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody uses, for TCP and UDP alike, outside the range of outgoing ones."""
    found: list[int] = []
    for port in random.sample(range(20_000, 32_000), 1000):
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp, contextlib.suppress(OSError):
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            break
    return found


def _answers(address: str, process: subprocess.Popen[bytes], log: Path) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"comity serve ended with {process.returncode}:\n{log.read_text(errors='replace')[-4000:]}")
    try:
        return httpx.get(address, timeout=2).is_success
    except httpx.HTTPError:
        return False
