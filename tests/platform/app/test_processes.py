"""The processes: what runs where, that a taken port is named, and that what dies is started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from comity.app import cli, processes
from comity.core.config import load
from tests.support.stack import free_ports, wait_for

ROOT = Path(__file__).parents[3]


def _environ(folder: Path, **settings: str) -> dict[str, str]:
    web, media, udp = free_ports(3)
    return {
        "COMITY_DATA": str(folder),
        "COMITY_BASE_URL": f"http://127.0.0.1:{web}",
        "COMITY_MEDIA_BIND": f"127.0.0.1:{media}",
        "COMITY_MEDIA_UDP_PORT": str(udp),
        **settings,
    }


def test_the_procfile_names_the_same_processes() -> None:
    lines = [line.partition(": python -m ")[::2] for line in (ROOT / "Procfile").read_text().splitlines()]
    assert dict(lines) == {name: " ".join(command) for name, command in processes.COMMANDS.items()}


@pytest.mark.parametrize(
    ("media", "expected"),
    [("ws://127.0.0.1:7880", ("web", "media", "mail", "jobs")), ("wss://livekit.example", ("web", "mail", "jobs"))],
)
def test_another_media_server_replaces_ours(tmp_path: Path, media: str, expected: tuple[str, ...]) -> None:
    assert processes.wanted(load(_environ(tmp_path, COMITY_MEDIA_URL=media))) == expected


def test_a_taken_port_is_named_with_the_variable_that_moves_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = _environ(tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    port = int(environ["COMITY_BASE_URL"].rpartition(":")[2])
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        answer = CliRunner().invoke(cli.main, ["serve"])
    assert answer.exit_code == 1
    assert str(port) in answer.output
    assert "COMITY_BIND" in answer.output


def test_a_wrong_setting_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMITY_DATA", str(tmp_path))
    monkeypatch.setenv("COMITY_BASE_URL", "http://comity.example")
    answer = CliRunner().invoke(cli.main, ["serve"])
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: COMITY_BASE_URL: ")


def test_a_process_that_is_killed_is_started_again_and_ends_with_its_keeper(tmp_path: Path) -> None:
    environ = os.environ | _environ(tmp_path)
    subprocess.run([sys.executable, "-m", "comity.app.cli", "db", "upgrade"], env=environ, check=True)
    written = tmp_path / "run" / "mail.pid"
    command = [sys.executable, "-m", "comity.app.keeper", str(written), sys.executable, "-m", "comity.app.mail"]
    keeper = subprocess.Popen(command, env=environ)
    try:
        wait_for(lambda: _read(written) != "", 20)
        first = int(written.read_text())
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: _read(written) not in {"", str(first)}, 20)
        second = int(written.read_text())
    finally:
        keeper.terminate()
        assert keeper.wait(20) == 0
    wait_for(lambda: not Path(f"/proc/{second}").exists(), 10)


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""
