"""Sending and getting files as browsers do, with script and without."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from comity.core import journal
from comity.core.clock import Clock
from comity.core.web import Services
from tests.platform.core.files.clamd import clamd
from tests.platform.core.files.samples import EXE, PDF, PNG
from tests.support import people
from tests.support.application import Visitor, make_application
from tests.support.clock import SetClock
from tests.support.consulting import begin
from tests.support.databases import Engines

LARGE = PDF + bytes(range(256)) * 1000
NAME = "Request “Larch” – طلب.pdf"


@pytest.fixture
def application(engines: Engines, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """As everywhere, with files of at most one megabyte."""
    with engines.sqlite(demonstration=True) as database:
        yield make_application(database, tmp_path, clock, COMITY_MAX_FILE="1")


@pytest.fixture
def anton(visitor: Visitor) -> Visitor:
    return visitor.sign_in(people.AUSTRIA)


@pytest.fixture
def somsri(anton: Visitor) -> Visitor:
    return Visitor(anton.application).sign_in(people.THAILAND)


@pytest.fixture
def larch(anton: Visitor, clock: SetClock) -> str:
    services: Services = anton.application.extensions["comity"]
    public_id = begin(services.db, people.AUSTRIA, "th-a")
    clock.advance(timedelta(minutes=1))
    return f"/consultations/{public_id}"


def stored(visitor: Visitor) -> set[str]:
    found: set[str] = visitor.application.extensions["comity.files"].store.ids()
    return found


def upload(
    visitor: Visitor, larch: str, name: str, content: bytes, client_id: str = "upload-1", **headers: str
) -> TestResponse:
    headers = {
        "X-CSRFToken": visitor.token(larch), "X-File-Name": quote(name), "X-Client-Id": client_id,
        "Content-Type": "application/octet-stream", **headers,
    }  # fmt: skip
    return visitor.client.post(f"{larch}/files.json", data=content, headers=headers)


def say(visitor: Visitor, larch: str, *files: tuple[str, bytes], body: str = "", **fields: object) -> TestResponse:
    """The form, in the order in which it stands on the page."""
    form = {
        "csrf_token": visitor.token(larch), "client_id": "no-script-1", "body": body, **fields,
        "files": [(io.BytesIO(content), name) for name, content in files],
    }  # fmt: skip
    return visitor.client.post(f"{larch}/messages", data=form, content_type="multipart/form-data")


def sent(visitor: Visitor, larch: str, name: str = NAME, content: bytes = LARGE) -> str:
    """A message with a file; the file's address."""
    answer = say(visitor, larch, (name, content), client_id=f"sent-{len(content)}-{len(name)}")
    assert answer.status_code == 302, answer.text
    entries = visitor.get(f"{larch}/events.json?after=1").get_json()["entries"]
    return f"{larch}/files/{entries[-1]['files'][-1]['id']}"


def test_without_script_a_message_carries_its_files(anton: Visitor, somsri: Visitor, larch: str) -> None:
    answer = say(anton, larch, (NAME, LARGE), ("photo.png", PNG), body="Two annexes")
    assert answer.headers["Location"].endswith("#e2")
    page = somsri.get(larch).text
    assert "Two annexes" in page
    # In the message, and beside the thread.
    assert page.count("<bdi>Request “Larch” – طلب.pdf</bdi>") == 2
    assert "PDF · <bdi>257" in page
    address = re.search(rf'href="({larch}/files/[\w-]+)" download', page)
    assert address
    assert somsri.get(address[1]).data == LARGE
    assert somsri.get(f"{larch}/events.json?after=1").get_json()["entries"][0]["files"][1]["name"] == "photo.png"


def test_files_without_words_will_do_and_nothing_at_all_will_not(anton: Visitor, somsri: Visitor, larch: str) -> None:
    nothing = say(anton, larch)
    assert nothing.status_code == 422
    assert "Write something before you send." in nothing.text
    assert say(anton, larch, ("a.pdf", PDF)).status_code == 302
    assert "a.pdf" in somsri.get(larch).text


def test_a_form_that_is_sent_twice_says_it_once(anton: Visitor, larch: str) -> None:
    for _twice in range(2):
        assert say(anton, larch, ("a.pdf", PDF), body="Once").headers["Location"].endswith("#e2")
    entries = anton.get(f"{larch}/events.json?after=1").get_json()["entries"]
    assert [len(entry["files"]) for entry in entries] == [1]
    assert len(stored(anton)) == 1


def test_a_refused_file_comes_back_with_the_text_and_the_good_ones(anton: Visitor, somsri: Visitor, larch: str) -> None:
    files = [("good.pdf", PDF), ("false.pdf", PNG), ("run.exe", EXE)]
    answer = say(anton, larch, *files, body="Please see the <annex>")
    assert answer.status_code == 415
    assert "“false.pdf” was not taken: it is named as PDF, but its content is PNG." in answer.text
    assert "Please see the &lt;annex&gt;</textarea>" in answer.text
    kept = re.findall(r'name="file" value="([\w-]+)" checked> <bdi>([^<]+)', answer.text)
    assert [name for _id, name in kept] == ["good.pdf"]
    assert stored(anton) == {kept[0][0]}
    assert "good.pdf" not in somsri.get(larch).text
    again = say(anton, larch, body="Now", client_id="no-script-2", file=kept[0][0], shown=kept[0][0])
    assert again.status_code == 302
    assert "good.pdf" in somsri.get(larch).text


def test_a_file_that_is_unticked_is_taken_away(anton: Visitor, somsri: Visitor, larch: str) -> None:
    answer = say(anton, larch, ("good.pdf", PDF), ("false.pdf", PNG))
    file_id = re.findall(r'name="file" value="([\w-]+)"', answer.text)[0]
    assert say(anton, larch, body="Without", client_id="no-script-2", shown=file_id).status_code == 302
    assert stored(anton) == set()
    assert "good.pdf" not in somsri.get(larch).text + anton.get(larch).text


def test_a_file_beyond_the_limit_is_refused_and_the_text_kept(anton: Visitor, larch: str) -> None:
    answer = say(anton, larch, ("large.txt", b"x" * 1_000_001), body="My long text")
    assert answer.status_code == 413
    assert "“large.txt” was not taken: a file has at most 1 MB." in answer.text
    assert "My long text</textarea>" in answer.text
    assert stored(anton) == set()


HUGE = 2_000_000_000


class _Counting(io.RawIOBase):
    """A body of two gigabytes, of which only the beginning exists. read_bytes: how far it was read."""

    def __init__(self, beginning: bytes) -> None:
        self._beginning, self._at = io.BytesIO(beginning), 0
        self.read_bytes = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = HUGE if whence else offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        found = self._beginning.read(len(buffer)) or b"x" * len(buffer)
        buffer[: len(found)] = found
        self.read_bytes += len(found)
        return len(found)


def test_two_gigabytes_are_refused_by_their_length_and_the_text_is_kept(anton: Visitor, larch: str) -> None:
    fields = {"csrf_token": anton.token(larch), "client_id": "no-script-1", "body": "My long text"}
    beginning = (
        "".join(
            f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
        )
        + '--B\r\nContent-Disposition: form-data; name="files"; filename="huge.txt"\r\n\r\n'
    )
    body = _Counting(beginning.encode())
    answer = anton.client.post(
        f"{larch}/messages", input_stream=body, content_type="multipart/form-data; boundary=B",
    )  # fmt: skip
    assert answer.status_code == 413
    assert "The files are too large: one has at most 1 MB." in answer.text
    assert "My long text</textarea>" in answer.text
    assert body.read_bytes < 200_000
    alone = _Counting(b"")
    headers = {"X-CSRFToken": anton.token(larch), "X-File-Name": "huge.txt", "X-Client-Id": "upload-1"}
    answer = anton.client.post(
        f"{larch}/files.json", input_stream=alone, headers=headers,
        content_type="application/octet-stream",
    )  # fmt: skip
    assert (answer.status_code, answer.get_json()["code"]) == (413, "file-too-large")
    assert alone.read_bytes == 0
    assert stored(anton) == set()


def test_other_routes_keep_their_limit(anton: Visitor, larch: str) -> None:
    body = {"client_id": "over-http-1", "body": "x" * 2_200_000}
    assert anton.post_json(f"{larch}/messages.json", body, page=larch).status_code == 413
    answer = anton.post(f"{larch}/read", {"position": "1" * 2_200_000}, page=larch)
    assert answer.status_code == 413


def test_with_script_files_come_first_and_then_the_message(anton: Visitor, somsri: Visitor, larch: str) -> None:
    first = upload(anton, larch, NAME, LARGE)
    assert first.get_json() == {
        "id": first.get_json()["id"], "name": NAME, "label": "PDF", "size": "257 kB", "readable": True,
    }  # fmt: skip
    assert upload(anton, larch, NAME, LARGE).get_json() == first.get_json()
    assert stored(anton) == {first.get_json()["id"]}
    assert NAME not in somsri.get(larch).text
    assert NAME in anton.get(larch).text
    message = {"client_id": "over-http-1", "body": "", "files": [first.get_json()["id"]]}
    for _twice in range(2):
        assert anton.post_json(f"{larch}/messages.json", message, page=larch).get_json()["position"] == 2
    entries = somsri.get(f"{larch}/events.json?after=1").get_json()["entries"]
    assert [entry["files"] for entry in entries] == [[first.get_json()]]
    for wrong in ("x", [1], {"a": "b"}):
        body = {"client_id": "over-http-2", "body": "x", "files": wrong}
        assert anton.post_json(f"{larch}/messages.json", body, page=larch).status_code == 422


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("a.pdf", PNG, 415, "named as PDF, but its content is PNG"), ("a.exe", b"x", 415, "programs and scripts"),
        ("a.txt", b"", 415, "it is empty"), ("a.txt", b"x" * 1_000_001, 413, "at most 1 MB"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(
    anton: Visitor, larch: str, name: str, content: bytes, status: int, words: str
) -> None:
    answer = upload(anton, larch, name, content)
    assert answer.status_code == status
    assert words in answer.get_json()["detail"]
    assert name in answer.get_json()["detail"]
    assert stored(anton) == set()


def test_taken_back_before_sending(anton: Visitor, somsri: Visitor, larch: str) -> None:
    file_id = upload(anton, larch, "a.pdf", PDF).get_json()["id"]
    assert somsri.post_json(f"{larch}/files/{file_id}/remove.json", {}, page=larch).status_code == 204
    assert stored(anton) == {file_id}
    for _twice in range(2):
        assert anton.post_json(f"{larch}/files/{file_id}/remove.json", {}, page=larch).status_code == 204
    assert stored(anton) == set()


def test_both_ways_of_sending_ask_for_the_token(anton: Visitor, larch: str) -> None:
    anton.get(larch)
    for token in ("", "forged"):
        answer = anton.client.post(
            f"{larch}/files.json", data=PDF,
            headers={"X-CSRFToken": token, "X-File-Name": "a.pdf", "X-Client-Id": "upload-1"},
        )  # fmt: skip
        assert (answer.status_code, answer.get_json()["code"]) == (400, "stale-page")
        form = {"csrf_token": token, "client_id": "no-script-1", "body": "x", "files": (io.BytesIO(PDF), "a.pdf")}
        for kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
            fields = form if kind.startswith("multi") else {**form, "files": ""}
            assert anton.client.post(f"{larch}/messages", data=fields, content_type=kind).status_code == 400
    assert anton.get(f"{larch}/events.json?after=1").get_json()["entries"] == []
    assert stored(anton) == set()


BROKEN = [
    b"", b"nothing of a form", b"--B\r\n\r\n", b'--B\r\nContent-Disposition: form-data; name="body"\r\n\r\ncut',
    b'--B\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\ncut', b"--B--\r\n", b"\0" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("body", BROKEN)
def test_a_broken_form_is_refused_and_leaves_nothing(anton: Visitor, larch: str, body: bytes) -> None:
    answer = anton.client.post(f"{larch}/messages", data=body, content_type="multipart/form-data; boundary=B")
    assert answer.status_code in {400, 422}
    assert stored(anton) == set()


def test_an_upload_that_is_cut_off_leaves_nothing(anton: Visitor, larch: str) -> None:
    token = anton.token(larch)
    fields = {"csrf_token": token, "client_id": "no-script-1", "body": "x"}
    cut = (
        "".join(
            f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
        )
        + '--B\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        + "x" * 200_000
    )
    answer = anton.client.post(f"{larch}/messages", data=cut, content_type="multipart/form-data; boundary=B")
    assert answer.status_code in {400, 422}
    assert stored(anton) == set()
    assert anton.get(f"{larch}/events.json?after=1").get_json()["entries"] == []


def test_under_which_headers_a_file_is_given_out(anton: Visitor, somsri: Visitor, larch: str) -> None:
    answer = somsri.get(sent(anton, larch))
    headers = answer.headers
    assert answer.data == LARGE
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment; filename=")
    assert headers["Content-Disposition"].endswith(f"filename*=UTF-8''{quote(NAME, safe='')}")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Length"] == str(len(LARGE))
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
ACTIVE = {"page.html": b"<html><script>alert(1)</script>", "picture.svg": SVG, "data.xml": SVG, "scan": SVG}


@pytest.mark.parametrize("name", ACTIVE)
def test_what_a_browser_could_run_is_octets(anton: Visitor, somsri: Visitor, larch: str, name: str) -> None:
    answer = somsri.get(sent(anton, larch, name, ACTIVE[name]))
    assert (answer.data, answer.headers["Content-Type"]) == (ACTIVE[name], "application/octet-stream")


RANGES = {
    "bytes=0-9": (206, 0, 10), "bytes=65530-65550": (206, 65530, 65551), "bytes=-5": (206, len(LARGE) - 5, len(LARGE)),
    "bytes=100000-": (206, 100_000, len(LARGE)), "bytes=0-": (200, 0, len(LARGE)),
    "bytes=0-1,5-6": (200, 0, len(LARGE)),
    "pages=1-2": (200, 0, len(LARGE)), "bytes=9999999-": (416, 0, 0), "nonsense": (200, 0, len(LARGE)),
}  # fmt: skip


@pytest.mark.parametrize("wanted", RANGES)
def test_a_part_is_given_where_it_is_asked_for(anton: Visitor, larch: str, wanted: str) -> None:
    address, (status, start, stop) = sent(anton, larch), RANGES[wanted]
    answer = anton.get(address, headers={"Range": wanted})
    assert answer.status_code == status
    assert answer.data == LARGE[start:stop]
    if status == 206:
        assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(LARGE)}"
        assert answer.headers["Content-Length"] == str(stop - start)


def test_a_download_goes_on_where_it_was_cut_only_in_the_same_file(anton: Visitor, larch: str) -> None:
    address = sent(anton, larch)
    tag = anton.get(address).headers["ETag"]
    part = {"Range": "bytes=10-19"}
    assert anton.get(address, headers={**part, "If-Range": tag}).data == LARGE[10:20]
    assert anton.get(address, headers={**part, "If-Range": '"another"'}).data == LARGE
    assert anton.client.head(address).headers["Content-Length"] == str(len(LARGE))


@pytest.mark.parametrize("email", [people.KENYA, people.JORDAN, people.SECRETARIAT])
def test_for_everybody_else_there_is_nothing(anton: Visitor, larch: str, email: str) -> None:
    address = sent(anton, larch)
    other = Visitor(anton.application).sign_in(email)
    assert other.get(address).status_code == 404
    assert other.post_json(f"{address}/remove.json", {}, page="/consultations").status_code == 404
    token = {"X-CSRFToken": other.token("/consultations"), "X-File-Name": "a.pdf", "X-Client-Id": "upload-1"}
    assert other.client.post(f"{larch}/files.json", data=PDF, headers=token).status_code == 404
    form = {"csrf_token": other.token("/consultations"), "body": "x", "files": (io.BytesIO(PDF), "a.pdf")}
    assert other.client.post(f"{larch}/messages", data=form).status_code == 404
    assert len(stored(anton)) == 1


def test_what_is_not_sent_or_is_not_there_is_not_given_out(anton: Visitor, somsri: Visitor, larch: str) -> None:
    file_id = upload(anton, larch, "a.pdf", PDF).get_json()["id"]
    for one in (anton, somsri):
        for name in (file_id, "x" * 22, "..%2f..%2fsecrets.json", "x"):
            assert one.get(f"{larch}/files/{name}").status_code == 404
    assert Visitor(anton.application).get(f"{larch}/files/{file_id}").headers["Location"].startswith("/sign-in")


def test_who_downloaded_is_noted_with_what(anton: Visitor, somsri: Visitor, larch: str) -> None:
    addresses = [sent(anton, larch), sent(anton, larch, "b.pdf", PDF)]
    for address in [*addresses, *addresses]:
        assert somsri.get(address).status_code == 200
    services: Services = anton.application.extensions["comity"]
    with services.db.reading() as session:
        topic = f"audit:consultation:{larch.rpartition('/')[2]}"
        noted = [
            row.payload["of"] for row in journal.read(session, topic, after=0, limit=200) if row.kind == "access.file"
        ]
    assert noted == [address.rpartition("/")[2] for address in addresses]
    assert "downloaded a file" in anton.get(f"{larch}/readers").text


@pytest.mark.parametrize("harm", ["changed", "shortened", "gone", "exchanged"])
def test_a_damaged_file_says_so_and_gives_nothing_out(
    anton: Visitor, somsri: Visitor, larch: str, tmp_path: Path, harm: str
) -> None:
    address = sent(anton, larch, "a.pdf", PDF)
    other = sent(anton, larch, "b.pdf", PDF + b"other").rpartition("/")[2]
    path = next(tmp_path.rglob(address.rpartition("/")[2]))
    content = path.read_bytes()
    if harm == "changed":
        path.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    elif harm == "shortened":
        path.write_bytes(content[:-1])
    elif harm == "gone":
        path.unlink()
    else:
        path.write_bytes(next(tmp_path.rglob(other)).read_bytes())
    answer = somsri.get(address)
    assert answer.status_code == 500
    assert "changed or damaged" in answer.text
    assert b"%PDF" not in answer.data
    assert somsri.get(larch).status_code == 200


def test_the_scanner_decides_where_there_is_one(engines: Engines, tmp_path: Path, clock: Clock) -> None:
    with clamd() as server, engines.sqlite(demonstration=True) as database:
        application = make_application(database, tmp_path, clock, COMITY_CLAMD=server.url)
        anton = Visitor(application).sign_in(people.AUSTRIA)
        larch = f"/consultations/{begin(database, people.AUSTRIA, 'th-a')}"
        infected = upload(anton, larch, "a.txt", b"a VIRUS")
        assert infected.status_code == 415
        assert "malware (Test.Virus)" in infected.get_json()["detail"]
        server.answer = b"busy\0"
        down = say(anton, larch, ("b.txt", b"harmless"), body="My text")
        assert down.status_code == 503
        assert "try again in a few minutes" in down.text
        assert "My text</textarea>" in down.text
        assert stored(anton) == set()
