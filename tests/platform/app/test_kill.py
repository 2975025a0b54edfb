"""`kill -9` of the web process, between commit and delivery and amid a conversation: nothing is lost or said twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import httpx
import pytest
from socketio.exceptions import ConnectionError as NotConnected

from comity.core.db import Database
from tests.realtime.live.officer import Officer
from tests.support.consulting import begin
from tests.support.kills import BACK_SECONDS, kill_outright, web_is_back
from tests.support.people import AUSTRIA, THAILAND
from tests.support.stack import Stack, running_stack, wait_for
from tests.support.webprocess import Web

PATIENCE = 30.0


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole installation in which one counts as away after a second."""
    with running_stack(tmp_path_factory.mktemp("killed"), COMITY_AWAY_AFTER="1") as running:
        yield running


@pytest.fixture(scope="module")
def web(stack: Stack) -> Iterator[Web]:
    database = Database(stack.config.database_url, keys=stack.config.master_keys)
    yield Web(stack.config, database)
    database.dispose()


@pytest.fixture
def somsri(web: Web) -> Iterator[Officer]:
    officer = Officer(web, THAILAND)
    yield officer
    officer.leave()


def test_a_kill_between_commit_and_delivery_loses_neither_event_nor_mail(
    stack: Stack, web: Web, somsri: Officer
) -> None:
    consultation = begin(web.database, THAILAND, "at-a")
    cursor = somsri.connect().join(consultation)["position"]
    command = [sys.executable, "-m", "tests.support.commit_and_die", AUSTRIA, consultation, "kept through a kill"]
    killed = subprocess.run(command, env=stack.environ, capture_output=True, timeout=120)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    wait_for(lambda: ("appended", {"consultation": consultation, "position": cursor + 1}) in somsri.heard, PATIENCE)
    entries = somsri.ask("read_after", {"cursor": cursor})["entries"]
    assert [(entry["position"], entry["html"].strip()) for entry in entries] == [
        (cursor + 1, "<p>kept through a kill</p>")
    ]
    # She opened it herself: nothing but the message that was said can be told to her.
    wait_for(lambda: _told_again(stack, consultation)[THAILAND] > 0, PATIENCE)
    assert set(_told_again(stack, consultation).values()) == {1}
    assert all("kept through a kill" not in mail.as_string() for mail in _mails(stack, consultation))


def test_a_killed_web_process_comes_back_to_a_client_that_has_everything_once(
    stack: Stack, web: Web, somsri: Officer
) -> None:
    consultation = begin(web.database, THAILAND, "at-a")
    cursor = somsri.connect().join(consultation)["position"]
    anton = Officer(web, AUSTRIA)
    token = _csrf(anton)
    first = stack.pid("web")
    assert _said(anton, consultation, token, "before")
    somsri.hears("appended", position=cursor + 1)
    kill_outright(stack, "web")
    wait_for(lambda: not somsri.socket.connected, PATIENCE)
    wait_for(lambda: _said(anton, consultation, token, "meanwhile"), BACK_SECONDS)
    assert _said(anton, consultation, token, "meanwhile")  # as if the answer had been lost
    wait_for(lambda: web_is_back(stack) and _connects(somsri), BACK_SECONDS)
    assert stack.pid("web") != first
    entries = somsri.join(consultation, cursor)["entries"]
    assert [entry["position"] for entry in entries] == [cursor + 1, cursor + 2]
    assert [entry["html"].strip() for entry in entries] == ["<p>before</p>", "<p>meanwhile</p>"]
    assert _said(anton, consultation, token, "after")
    somsri.hears("appended", position=cursor + 3)
    anton.leave()


def _told_again(stack: Stack, consultation: str) -> Counter[str]:
    """Run the jobs and deliver, as their processes do all the time; how many mails each person has then."""
    stack.comity("work")
    stack.comity("deliver")
    return Counter(str(mail["To"].addresses[0].addr_spec) for mail in _mails(stack, consultation))


def _mails(stack: Stack, consultation: str) -> list[EmailMessage]:
    """What the mail process has put into the Maildir about a consultation."""
    parser: BytesParser[Any] = BytesParser(policy=default)
    found = [parser.parsebytes(path.read_bytes()) for path in sorted((stack.config.maildir / "new").glob("*"))]
    link = f"{stack.url}/consultations/{consultation}"
    return [mail for mail in found if link in mail.get_content()]


def _csrf(officer: Officer) -> str:
    page = officer.http.get("/consultations").text
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def _said(officer: Officer, consultation: str, token: str, words: str) -> bool:
    """Say something over HTTP, by the same name each time. Whether it was acknowledged."""
    try:
        answer = officer.http.post(
            f"/consultations/{consultation}/messages.json",
            json={"client_id": f"said-{words}", "body": words},
            headers={"X-CSRFToken": token},
        )
    except httpx.HTTPError:
        return False
    return answer.is_success


def _connects(officer: Officer) -> bool:
    try:
        officer.connect()
    except NotConnected:
        return False
    return bool(officer.socket.connected)
