"""The two servers, each a process of its own, on loopback only."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.media.priority import raise_priority

_STARTUP = 20
_JANUS_MODULES = Path("/usr/lib")

_JANUS_CORE = """
general: {{
  configs_folder = "{folder}"
  plugins_folder = "{modules}/plugins"
  transports_folder = "{modules}/transports"
  events_folder = "{modules}/events"
  loggers_folder = "{modules}/loggers"
  debug_level = 2
  debug_timestamps = true
  debug_colors = false
  {loops}
}}
nat: {{ ice_enforce_list = "{address}" }}
plugins: {{ disable = "{unused_plugins}" }}
transports: {{ disable = "{unused_transports}" }}
"""
_JANUS_SOCKETS = """
general: {{ json = "compact" ws = true ws_ip = "127.0.0.1" ws_port = {port} wss = false }}
admin: {{ admin_ws = false admin_wss = false }}
"""


class ServerError(Exception):
    """A server is not there or does not start."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. url: where clients signal. address: the address of this machine at
    which it takes media. key, secret: what signs its tokens, empty for Janus."""

    name: str
    version: str
    url: str
    address: str
    process: subprocess.Popen[bytes]
    log: Path
    key: str = ""
    secret: str = ""

    def last_words(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def stop(self) -> None:
        """End the process, with force after five seconds."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def find_janus() -> str:
    """The path of Janus, installed from Debian first when it is missing and we may.

    Raises ServerError naming the package to install otherwise.
    """
    found = shutil.which("janus")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's package janus ...", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-qy", "--no-install-recommends", "janus"]):
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        # The package starts a service of its own where there is systemd; the benchmark starts what it needs itself.
        if Path("/run/systemd/system").is_dir():
            subprocess.run(["systemctl", "disable", "--now", "janus"], check=False)
        found = shutil.which("janus")
    if found is None:
        raise ServerError("Janus is not installed: install the package janus (apt-get install janus)")
    return found


def start_janus(folder: Path, event_loops: int = 0) -> Server:
    """Start Janus with the video room alone.

    folder: an empty one for its configuration and log. event_loops: 0 leaves Janus's default, a thread for each handle.
    Raises ServerError.
    """
    program = find_janus()
    module = next(_JANUS_MODULES.glob("*/janus/plugins/libjanus_videoroom.so"), None)
    if module is None:
        raise ServerError("Janus has no video room plugin: install the package janus of Debian 12")
    modules, port = module.parents[1], _free_port()
    core = _JANUS_CORE.format(
        folder=folder,
        modules=modules,
        address=(address := _own_address()),
        loops=f"event_loops = {event_loops}" if event_loops else "",
        unused_plugins=_others(modules / "plugins", "libjanus_videoroom.so"),
        unused_transports=_others(modules / "transports", "libjanus_websockets.so"),
    )
    (folder / "janus.jcfg").write_text(core)
    (folder / "janus.transport.websockets.jcfg").write_text(_JANUS_SOCKETS.format(port=port))
    (folder / "janus.plugin.videoroom.jcfg").write_text("general: {}\n")
    log = folder / "janus.log"
    process = _spawn([program, f"--configs-folder={folder}"], os.environ, log)
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    server = Server(
        "Janus", version.partition("(")[2].partition(")")[0], f"ws://127.0.0.1:{port}", address, process, log
    )
    _await_port(server, port)
    return server


def start_comity(folder: Path) -> Server:
    """Start Comity's media server as `comity serve` does. folder: an empty one for its data and log.

    Raises ServerError.
    """
    port, secret = _free_port(), secrets.token_urlsafe(32)
    environment = os.environ | {
        "COMITY_DATA": str(folder),
        "COMITY_MEDIA_BIND": f"127.0.0.1:{port}",
        "COMITY_MEDIA_UDP_PORT": "0",
        "COMITY_MEDIA_ANNOUNCE": "127.0.0.1",
        "COMITY_MEDIA_URL": f"ws://127.0.0.1:{port}",
        "COMITY_MEDIA_KEY": "bench",
        "COMITY_MEDIA_SECRET": secret,
        # Webhooks of the benchmark's rooms go nowhere.
        "COMITY_BIND": f"127.0.0.1:{_free_port()}",
    }
    log = folder / "comity.log"
    process = _spawn([sys.executable, "-m", "comity.media"], environment, log)
    server = Server("Comity", "this tree", f"ws://127.0.0.1:{port}", "127.0.0.1", process, log, "bench", secret)
    _await_port(server, port)
    return server


def _others(folder: Path, used: str) -> str:
    return ",".join(sorted(path.name for path in folder.glob("*.so") if path.name != used))


def _spawn(command: list[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    raise_priority(process.pid)
    return process


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _own_address() -> str:
    """An address that Janus gathers: it leaves out 127.0.0.1, but what is sent to any own address stays on the machine.

    Connecting a datagram socket sends nothing; the address asked for is one for documentation (RFC 5737).
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _await_port(server: Server, port: int) -> None:
    deadline = time.monotonic() + _STARTUP
    while time.monotonic() < deadline and server.process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    server.stop()
    raise ServerError(f"{server.name} did not start:\n{server.last_words()}")
