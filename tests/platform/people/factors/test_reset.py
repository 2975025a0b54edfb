"""`comity user reset`: for who has lost every way in."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from comity.app.cli import main
from comity.people.factors.services import has_factor
from comity.people.services import find_account
from tests.support.application import Visitor


def _reset(application: Flask, folder: Path, email: str) -> Result:
    url = application.extensions["comity"].db.url.render_as_string(hide_password=False)
    environ = {"COMITY_DATA": str(folder / "data"), "COMITY_DATABASE_URL": url, "COMITY_DEMO": "0"}
    return CliRunner().invoke(main, ["user", "reset", email], env=environ)


def test_everything_is_taken_away_and_a_new_invitation_leads_to_setting_up(
    quick: Flask, tmp_path: Path, member: str, password: str
) -> None:
    done = _reset(quick, tmp_path, member.upper())
    assert done.exit_code == 0, done.output
    with quick.extensions["comity"].db.reading() as session:
        account = find_account(session, member)
        assert account is not None
        assert not has_factor(session, account.id)
    guest = Visitor(quick)
    assert guest.post("/sign-in", {"email": member, "password": password}).status_code == 422
    link = "/invitations/" + done.output.strip().rpartition("/")[2]
    new = "copper rain over seven quiet roofs"
    assert guest.post(link, {"password": new, "repeated": new}).location == "/set-up?next=/"


@pytest.mark.parametrize("email", ["nobody@example.org", ""])
def test_nobody_is_not_reset(quick: Flask, tmp_path: Path, email: str) -> None:
    done = _reset(quick, tmp_path, email)
    assert (done.exit_code, "nobody has this address" in done.output) == (1, True)
