"""`kill -9` while a file comes in: nothing half is seen, what was confirmed is there, the sweep takes the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from comity.app import jobs
from comity.consultations.arriving import intake_of
from comity.core import config as configuration
from comity.core.config import Config
from comity.core.db import Database
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.consulting import begin
from tests.support.databases import MASTER_KEY, Engines
from tests.support.people import AUSTRIA, THAILAND
from tests.support.upload_and_die import CONTENT


@pytest.fixture
def database(engines: Engines) -> Iterator[Database]:
    with engines.sqlite(demonstration=True) as found:
        yield found


@pytest.fixture
def environ(database: Database, tmp_path: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COMITY_")}
    return kept | {
        "COMITY_DATA": str(tmp_path / "data"), "COMITY_DATABASE_URL": database.url.render_as_string(),
        "COMITY_MASTER_KEY": MASTER_KEY, "COMITY_DEMO": "1",
    }  # fmt: skip


def _killed(environ: dict[str, str], public_id: str, when: str) -> None:
    command = [sys.executable, "-m", "tests.support.upload_and_die", AUSTRIA, public_id, when]
    killed = subprocess.run(command, env=environ, capture_output=True, timeout=120)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()


def _sweep(config: Config, database: Database, clock: SetClock) -> None:
    job = next(job for job in jobs.JOBS if job.name == "take away files that nobody sent")
    job.run(config, database, clock)


def _on_disk(config: Config) -> list[str]:
    return [path.parts[-3] for path in (config.data / "files").rglob("*") if path.is_file()]


@pytest.mark.parametrize("when", ["half-way", "before-commit"])
def test_a_kill_before_the_commit_leaves_nothing_that_anybody_sees(
    database: Database, environ: dict[str, str], tmp_path: Path, clock: SetClock, when: str
) -> None:
    config, public_id = configuration.load(environ), begin(database, AUSTRIA, "th-a")
    _killed(environ, public_id, when)
    assert _on_disk(config) == ["arriving"]
    anton = Visitor(make_application(database, tmp_path, clock)).sign_in(AUSTRIA)
    assert "note.txt" not in anton.get(f"/consultations/{public_id}").text
    _sweep(config, database, clock)
    assert _on_disk(config) == ["arriving"]
    clock.advance(timedelta(hours=25))
    _sweep(config, database, clock)
    assert _on_disk(config) == []


def test_a_kill_after_the_commit_loses_nothing(
    database: Database, environ: dict[str, str], tmp_path: Path, clock: SetClock
) -> None:
    config, public_id = configuration.load(environ), begin(database, AUSTRIA, "th-a")
    _killed(environ, public_id, "after-commit")
    assert _on_disk(config) == ["arriving"]
    application = make_application(database, tmp_path, clock)
    anton, somsri = (Visitor(application).sign_in(email) for email in (AUSTRIA, THAILAND))
    file_id = next(iter(intake_of(config).store.ids()))
    page = f"/consultations/{public_id}"
    message = {"client_id": "after-the-kill", "body": "", "files": [file_id]}
    assert anton.post_json(f"{page}/messages.json", message, page=page).status_code == 200
    assert somsri.get(f"{page}/files/{file_id}").data == CONTENT
    _sweep(config, database, clock)
    assert _on_disk(config) == ["kept"]
    clock.advance(timedelta(days=400))
    _sweep(config, database, clock)
    assert _on_disk(config) == ["kept"]


def test_what_nobody_sends_is_taken_away_for_good(database: Database, environ: dict[str, str], clock: SetClock) -> None:
    config, public_id = configuration.load(environ), begin(database, AUSTRIA, "th-a")
    _killed(environ, public_id, "after-commit")
    clock.advance(timedelta(days=6))
    _sweep(config, database, clock)
    assert _on_disk(config) == ["kept"]
    clock.advance(timedelta(days=2))
    _sweep(config, database, clock)
    assert _on_disk(config) == []
