"""Secrets kept in the data folder."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

from comity.core.kept import KeptSecrets

_ASK = "import sys; from comity.core import config; print(config.load({'COMITY_DATA': sys.argv[1]}).master_keys.first)"


def test_processes_that_start_at_once_have_one_master_key(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _ASK, str(tmp_path / "data")]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    answers = [process.communicate(timeout=120)[0].strip() for process in started]
    assert len(set(answers)) == 1
    assert len(answers[0]) == 16


def test_a_change_keeps_the_others_and_the_file_to_its_owner(tmp_path: Path) -> None:
    kept = KeptSecrets(tmp_path)
    assert kept.get("A", lambda: "first") == "first"
    assert kept.get("A", lambda: "second") == "first"
    assert kept.change("B", lambda found: f"new {found}".strip()) == "new"
    assert kept.change("B", lambda found: f"newer {found}") == "newer new"
    path = tmp_path / "secrets.json"
    assert json.loads(path.read_text()) == {"A": "first", "B": "newer new"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
