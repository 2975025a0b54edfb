"""Files over a real web process: uploaded by gunicorn's own parser, sent over the socket, cut off and refused."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from comity.consultations.arriving import intake_of
from tests.realtime.live.officer import Officer
from tests.support import people
from tests.support.consulting import begin
from tests.support.stack import wait_for
from tests.support.webprocess import Web

SignIn = Callable[[str], Officer]
CONTENT = bytes(range(256)) * 40_000
"""Ten megabytes: five times what other routes take."""


def headers_of(officer: Officer, consultation: str, name: str = "note.dat") -> dict[str, str]:
    page = officer.http.get(f"/consultations/{consultation}").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return {"X-CSRFToken": token[1], "X-File-Name": name, "X-Client-Id": f"upload-{consultation}"}


def test_a_file_goes_up_is_sent_live_and_comes_down_as_it_was(web: Web, officer: SignIn) -> None:
    consultation = begin(web.database, people.AUSTRIA, "th-a")
    anton, somsri = officer(people.AUSTRIA).connect(), officer(people.THAILAND).connect()
    anton.join(consultation)
    somsri.join(consultation)
    url, headers = f"/consultations/{consultation}/files.json", headers_of(anton, consultation)
    file = anton.http.post(url, content=CONTENT, headers=headers, timeout=60).json()
    # As a browser that does not know how long it is: chunked (RFC 9112, 7.1). The same name gives the same file.
    pieces = (CONTENT[at : at + 100_000] for at in range(0, len(CONTENT), 100_000))
    assert anton.http.post(url, content=pieces, headers=headers, timeout=60).json() == file
    for _twice in range(2):
        said = anton.ask("post", {"client_id": "with-a-file", "body": "", "files": [file["id"]]})
        assert (said["ok"], said["position"]) == (True, 2)
    somsri.hears("appended", position=2)
    assert somsri.ask("read_after", {"cursor": 1})["entries"][0]["files"] == [file]
    down = somsri.http.get(f"/consultations/{consultation}/files/{file['id']}", timeout=60)
    assert down.content == CONTENT
    assert down.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    refused = somsri.ask("post", {"client_id": "with-theirs", "body": "", "files": [file["id"]]})
    assert (refused["ok"], refused["error"]) == (False, "invalid")


def test_two_gigabytes_are_answered_at_once(web: Web, officer: SignIn) -> None:
    consultation = begin(web.database, people.AUSTRIA, "th-a")
    anton = officer(people.AUSTRIA)
    headers = headers_of(anton, consultation) | {"Content-Length": "2000000000", "Host": "127.0.0.1"}
    with _raw(web, anton, consultation, headers) as connection:
        connection.sendall(b"x" * 10_000)
        answer = b""
        while b"a file has at most 100 MB" not in answer:
            piece = connection.recv(65_536)
            assert piece, answer
            answer += piece
    assert answer.startswith(b"HTTP/1.1 413 ")


LENGTHS = {"known": {"Content-Length": "5000000"}, "chunked": {"Transfer-Encoding": "chunked"}}


@pytest.mark.parametrize("length", LENGTHS.values(), ids=LENGTHS)
def test_an_upload_whose_line_is_cut_leaves_nothing(web: Web, officer: SignIn, length: dict[str, str]) -> None:
    consultation = begin(web.database, people.AUSTRIA, "th-a")
    anton, store = officer(people.AUSTRIA), intake_of(web.config).store
    before = store.ids()
    headers = headers_of(anton, consultation) | {"Host": "127.0.0.1", **length}
    with _raw(web, anton, consultation, headers) as connection:
        chunk = b"x" * 1_000_000
        connection.sendall(chunk if "Content-Length" in length else b"%x\r\n%b\r\n" % (len(chunk), chunk))
        wait_for(lambda: len(store.ids() - before) == 1, 10)
    wait_for(lambda: store.ids() == before, 10)
    assert "note.dat" not in anton.http.get(f"/consultations/{consultation}").text


def _raw(web: Web, officer: Officer, consultation: str, headers: dict[str, str]) -> socket.socket:
    """An upload of which only the head was sent."""
    address = urlsplit(web.config.base_url)
    cookie = "; ".join(f"{name}={value}" for name, value in officer.http.cookies.items())
    lines = [f"{name}: {value}" for name, value in {**headers, "Cookie": cookie}.items()]
    head = "\r\n".join([f"POST /consultations/{consultation}/files.json HTTP/1.1", *lines, "", ""])
    connection = socket.create_connection((address.hostname or "", address.port or 0), timeout=20)
    connection.sendall(head.encode())
    return connection
