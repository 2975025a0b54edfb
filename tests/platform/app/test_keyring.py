"""`comity keys`, and a start that is refused without the right key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comity.app import cli, starting
from comity.core import config as configuration
from comity.core import sealing
from comity.core.config import Config, ConfigurationError
from comity.core.db import Database
from comity.core.keys import MasterKeys, fresh_key, key_id, written
from tests.support.databases import KEYS, MASTER_KEY

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NEW = bytes(range(1, 33))
Run = Callable[..., Result]


@pytest.fixture
def environ(sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    found = {
        "COMITY_DATA": str(tmp_path),
        "COMITY_DATABASE_URL": sqlite.url.render_as_string(),
        "COMITY_MASTER_KEY": MASTER_KEY,
    }
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def comity(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command, with other master keys where they are given."""

    def run(*arguments: str, keys: str = MASTER_KEY) -> Result:
        monkeypatch.setenv("COMITY_MASTER_KEY", keys)
        return CliRunner().invoke(cli.main, list(arguments))

    return run


def _config(environ: dict[str, str], keys: str) -> Config:
    return configuration.load(environ | {"COMITY_MASTER_KEY": keys})


def _fill(sqlite: Database) -> None:
    with sqlite.writing() as session:
        for number in range(3):
            sealing.create(session, f"scope:{number}")


def test_a_new_key_can_be_used_as_printed(comity: Run) -> None:
    first, second = (comity("keys", "new").stdout for _ in range(2))
    assert first != second
    assert len(MasterKeys.parse(f"{first} {second}").ids) == 2


def test_rotation_from_one_key_to_the_next(comity: Run, environ: dict[str, str], sqlite: Database) -> None:
    _fill(sqlite)
    both = f"{written(NEW)} {MASTER_KEY}"
    early = comity("keys", "rotate", keys=both)
    assert early.exit_code == 1
    assert f"not been started with the key {key_id(NEW)}" in early.output
    starting.require_keys(_config(environ, both), NOW)
    rotated = comity("keys", "rotate", keys=both)
    assert rotated.exit_code == 0, rotated.output
    assert f"3 keys wrapped again under {key_id(NEW)}" in rotated.stdout
    assert f"0 keys wrapped again under {key_id(NEW)}" in comity("keys", "rotate", keys=both).stdout
    assert comity("keys", "status", keys=both).stdout.splitlines() == [
        f"{key_id(NEW)}  wraps 3  wraps new ones, last start 2026-11-24 08:00 UTC",
        f"{KEYS.first}  wraps 0  opens, last start 2026-11-24 08:00 UTC",
    ]
    starting.require_keys(_config(environ, written(NEW)), NOW)


def test_rotation_without_the_old_key_says_which_one_is_missing(
    comity: Run, environ: dict[str, str], sqlite: Database
) -> None:
    starting.require_keys(_config(environ, written(NEW)), NOW)
    _fill(sqlite)
    refused = comity("keys", "rotate", keys=written(NEW))
    assert refused.exit_code == 1
    assert KEYS.first in refused.output
    assert "missing" in comity("keys", "status", keys=written(NEW)).stdout


def test_a_start_without_the_key_is_refused_with_its_id_and_no_key(
    comity: Run, environ: dict[str, str], sqlite: Database
) -> None:
    starting.require_keys(_config(environ, MASTER_KEY), NOW)
    _fill(sqlite)
    with pytest.raises(ConfigurationError) as refused:
        starting.require_keys(_config(environ, written(NEW)), NOW)
    assert refused.value.name == "COMITY_MASTER_KEY"
    assert KEYS.first in refused.value.reason
    assert key_id(NEW) in refused.value.reason
    assert written(NEW) not in refused.value.reason


def test_serving_without_the_key_ends_before_anything_starts(
    comity: Run, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(sqlite)
    monkeypatch.setattr("comity.app.processes.taken_ports", lambda _config: [])
    monkeypatch.setattr("comity.app.processes.serve", lambda *_arguments, **_named: pytest.fail("it served"))
    answer = comity("serve", keys=written(NEW))
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: COMITY_MASTER_KEY:")
    assert KEYS.first in answer.output


def test_a_start_on_an_old_database_says_what_to_do(tmp_path: Path) -> None:
    config = configuration.load({"COMITY_DATA": str(tmp_path)})
    with pytest.raises(ConfigurationError, match="comity db upgrade"):
        starting.require_keys(config, NOW)


def test_a_key_kept_in_the_data_folder_goes_in_front(comity: Run, environ: dict[str, str]) -> None:
    refused = comity("keys", "new", "--keep")
    assert refused.exit_code == 1
    assert "in front of them there" in refused.output
    kept = {name: value for name, value in environ.items() if name != "COMITY_MASTER_KEY"}
    before = configuration.load(kept).master_keys
    answer = comity("keys", "new", "--keep", keys="")
    assert answer.exit_code == 0, answer.output
    after = configuration.load(kept).master_keys
    assert after.ids[1:] == before.ids
    assert after.first in answer.stdout


def test_no_command_but_new_prints_a_key(comity: Run) -> None:
    key = fresh_key()
    both = f"{MASTER_KEY} {written(key)}"
    shown = "".join(comity("keys", name, keys=both).output for name in ("status", "rotate"))
    assert key_id(key) in shown
    assert MASTER_KEY not in shown
    assert written(key) not in shown
