"""The pages of the exchange, without scripts: who sees them, what they say, and what is too large."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from comity.app import assets
from comity.core import journal
from comity.core.db import Database
from comity.directory.exchange.files import MOST_BYTES
from comity.directory.exchange.sheets import AUTHORITIES, described
from comity.directory.exchange.tasks import Safe, Task
from comity.directory.exchange.worker import Worker
from comity.people import stepup
from tests.platform.directory.moments import NOW
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.databases import Engines
from tests.support.people import AUSTRIA, SECRETARIAT

PAGE = "/directory/exchange"


class Unread(io.BytesIO):
    """200 MB that nobody wants to have. was_read: somebody asked for them all the same."""

    was_read = False

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = 200 * 1024**2 if whence == io.SEEK_END else offset
        return self._at

    def tell(self) -> int:
        return getattr(self, "_at", 0)

    def read(self, size: int | None = -1) -> bytes:
        self.was_read = True
        return b""


@pytest.fixture(scope="module")
def loaded(engines: Engines) -> Iterator[Database]:
    with engines.sqlite(demonstration=True) as database:
        yield database


@pytest.fixture(scope="module")
def application(loaded: Database, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_application(loaded, tmp_path_factory.mktemp("application"), SetClock(NOW))


@pytest.fixture
def secretariat(application: Flask) -> Visitor:
    return Visitor(application).sign_in(SECRETARIAT)


@pytest.fixture
def officer(application: Flask) -> Visitor:
    return Visitor(application).sign_in(AUSTRIA)


def work(application: Flask, database: Database) -> None:
    secret = application.extensions["comity"].config.secret_key
    Worker(database, SetClock(NOW), Safe(secret), assets.static_root() / "fonts").run_all()


def send(visitor: Visitor, content: bytes, name: str = "authorities.csv") -> str:
    form = {"file": (io.BytesIO(content), name), "csrf_token": visitor.token(PAGE)}
    answer = visitor.client.post(f"{PAGE}/import", data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.location


def export(visitor: Visitor, application: Flask, database: Database, **form: object) -> bytes:
    asked = visitor.post(f"{PAGE}/export", {"sheets": ["authorities"], "form": "csv", **form}, page=PAGE)
    assert asked.status_code == 303
    work(application, database)
    return bytes(visitor.get(f"{asked.location}/file").data)


def test_from_a_file_to_the_directory_without_scripts(
    secretariat: Visitor, application: Flask, loaded: Database
) -> None:
    content = export(secretariat, application, loaded).replace(b"Beispielgasse 1", b"Musterplatz 7", 1)
    page = send(secretariat, content)
    waiting = secretariat.get(page)
    assert waiting.headers["Refresh"]
    assert "<progress" in waiting.text
    work(application, loaded)
    shown = secretariat.get(page)
    assert "Refresh" not in shown.headers
    assert "Musterplatz 7" in shown.text
    assert "Beispielgasse 1" in shown.text
    digest = shown.text.partition('name="digest" value="')[2][:64]
    assert secretariat.post(f"{page}/apply", {"digest": digest}, page=page).status_code == 303
    work(application, loaded)
    assert b"Musterplatz 7" in secretariat.get("/directory/cards/states/AT.vcf").data.replace(b"\r\n ", b"")
    assert secretariat.post(f"{page}/apply", {"digest": digest}, page=PAGE).status_code == 409


def test_problems_stand_on_the_page_with_their_place(
    secretariat: Visitor, application: Flask, loaded: Database
) -> None:
    page = send(secretariat, export(secretariat, application, loaded).replace(b"Europe/Vienna", b"Europe/Wien", 1))
    work(application, loaded)
    text = secretariat.get(page).text
    assert "There is no such time zone." in text
    assert "<code>zone</code>" in text
    assert 'name="digest"' not in text


def test_an_upload_of_200_mb_is_refused_before_it_is_read(secretariat: Visitor) -> None:
    sent = Unread()
    kind = "multipart/form-data; boundary=x"
    answer = secretariat.client.post(f"{PAGE}/import", input_stream=sent, content_type=kind)
    assert not sent.was_read
    assert answer.status_code == 413


def test_only_who_may_import_sends_more_than_other_forms_take(secretariat: Visitor, officer: Visitor) -> None:
    content = b"x" * (3 * 1024**2)
    send(secretariat, content)
    for visitor, size, status in ((officer, len(content), 413), (secretariat, MOST_BYTES + 200_000, 413)):
        form = {"file": (io.BytesIO(b"x" * size), "f"), "csrf_token": visitor.token(PAGE)}
        answer = visitor.client.post(f"{PAGE}/import", data=form, content_type="multipart/form-data")
        assert answer.status_code == status


def test_an_officer_exports_and_imports_nothing(officer: Visitor, application: Flask, loaded: Database) -> None:
    text = officer.get(PAGE).text
    assert "/directory/exchange/export" in text
    assert "/directory/exchange/import" not in text
    form = {"file": (io.BytesIO(b"x"), "f"), "csrf_token": officer.token(PAGE)}
    assert officer.client.post(f"{PAGE}/import", data=form, content_type="multipart/form-data").status_code == 404
    content = export(officer, application, loaded, state="TH").decode("utf-8-sig")
    assert content.splitlines()[0] == ",".join(AUTHORITIES.header)
    assert {line.partition(",")[0][:2] for line in content.splitlines()[1:] if line[:2] in ("th", "at")} == {"th"}


def test_each_export_and_download_is_journalled(officer: Visitor, application: Flask, loaded: Database) -> None:
    export(officer, application, loaded, network="ejn")
    with loaded.reading() as session:
        made = session.scalars(select(Task).order_by(Task.id.desc())).first()
        assert made is not None
        kinds = [entry.kind for entry in journal.read(session, f"exchange:{made.public_id}")]
    assert kinds == ["exchange.export", "exchange.downloaded"]


def test_another_s_file_does_not_exist(
    secretariat: Visitor, officer: Visitor, application: Flask, loaded: Database
) -> None:
    asked = secretariat.post(f"{PAGE}/book", {"language": "fr"}, page=PAGE).location
    work(application, loaded)
    assert secretariat.get(f"{asked}/file").data.startswith(b"%PDF")
    assert [officer.get(path).status_code for path in (asked, f"{asked}/file")] == [404, 404]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("export", {"sheets": ["authorities"], "form": "doc"}),
        ("export", {"form": "csv"}),
        ("export", {"sheets": ["authorities"], "form": "csv", "state": "QX"}),
        ("export", {"sheets": ["authorities"], "form": "csv", "network": "none"}),
        ("book", {"language": "de"}),
    ],
)
def test_what_was_not_offered_is_refused(officer: Visitor, path: str, form: dict[str, object]) -> None:
    assert officer.post(f"{PAGE}/{path}", form, page=PAGE).status_code == 422


def test_an_export_asks_for_a_fresh_factor(officer: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepup, "needs_no_factor", lambda account: False)
    answer = officer.post(f"{PAGE}/export", {"sheets": ["authorities"], "form": "csv"}, page=PAGE)
    assert answer.status_code == 303
    assert "next=" in answer.location
    assert "exchange" in answer.location


def test_the_documentation_is_the_table(application: Flask) -> None:
    text = (Path(__file__).parents[4] / "docs" / "exchange.md").read_text("utf-8")
    assert described() in text
