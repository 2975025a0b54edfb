"""ICE-lite: who reaches a connection, and from where."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aioice import stun

from comity.core.config import load
from comity.media.errors import SettingsError
from comity.media.icelite import MAX_ADDRESSES, IceConnection, IceMux
from comity.media.settings import MediaSettings

SETTINGS = MediaSettings("k", "s" * 32)


class Client:
    """A UDP socket of a client."""

    made: list[Client] = []

    def __init__(self, mux: IceMux) -> None:
        self.made.append(self)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.port: int = self.socket.getsockname()[1]
        self._server = ("127.0.0.1", mux.port)

    def send(self, data: bytes) -> None:
        self.socket.sendto(data, self._server)

    async def receive(self) -> bytes:
        return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(self.socket, 2048), 5)

    def check(self, ufrag: str, password: str, nominate: bool = True) -> stun.Message:
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{ufrag}:them"
        if nominate:
            message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity(password.encode())
        message.add_fingerprint()
        self.send(bytes(message))
        return message


def with_mux(test: Callable[[IceMux, IceConnection], Awaitable[None]]) -> None:
    async def run() -> None:
        mux = IceMux(SETTINGS)
        mux.start()
        try:
            await test(mux, mux.create())
        finally:
            mux.close()
            while Client.made:
                Client.made.pop().socket.close()

    asyncio.run(run())


def test_a_valid_check_is_answered_and_opens_the_path() -> None:
    async def test(mux: IceMux, connection: IceConnection) -> None:
        client = Client(mux)
        media: list[bytes] = []
        connection.on_media = media.append
        client.send(b"\x80too early")
        asked = client.check(connection.ufrag, connection.password)
        answer = stun.parse_message(await client.receive())
        assert answer.check_message_integrity(connection.password.encode())
        assert answer.transaction_id == asked.transaction_id
        assert answer.attributes["XOR-MAPPED-ADDRESS"] == ("127.0.0.1", client.port)
        assert connection.connected.is_set()
        client.send(b"\x80media")
        client.send(b"\x16dtls")
        assert await asyncio.wait_for(connection._recv(), 5) == b"\x16dtls"
        assert media == [b"\x80media"]
        connection.send(b"\x80back")
        assert await client.receive() == b"\x80back"

    with_mux(test)


def test_a_wrong_password_or_name_opens_nothing() -> None:
    async def test(mux: IceMux, connection: IceConnection) -> None:
        client = Client(mux)
        client.check(connection.ufrag, "wrong-password-wrong-pas")
        client.check("nobody12", connection.password)
        client.send(b"\x00\x01nonsense")
        client.send(b"")
        client.check(connection.ufrag, connection.password)
        await client.receive()
        assert list(connection.addresses) == [("127.0.0.1", client.port)]
        with pytest.raises(BlockingIOError):
            client.socket.recv(2048)  # one answer to three checks

    with_mux(test)


def test_the_path_follows_the_nomination_only() -> None:
    async def test(mux: IceMux, connection: IceConnection) -> None:
        first, second = Client(mux), Client(mux)
        for client, nominate, expected in ((first, True, first), (second, False, first), (second, True, second)):
            client.check(connection.ufrag, connection.password, nominate)
            await client.receive()
            assert connection.remote == ("127.0.0.1", expected.port)

    with_mux(test)


def test_after_a_restart_the_old_credentials_last_until_the_new_are_used() -> None:
    async def test(mux: IceMux, connection: IceConnection) -> None:
        client = Client(mux)
        old = connection.ufrag, connection.password
        connection.new_credentials()
        client.check(*old)
        await client.receive()
        client.check(connection.ufrag, connection.password)
        await client.receive()
        client.check(*old)
        client.check(connection.ufrag, connection.password)
        await client.receive()
        with pytest.raises(BlockingIOError):
            client.socket.recv(2048)

    with_mux(test)


def test_one_client_cannot_fill_the_table_of_addresses() -> None:
    async def test(mux: IceMux, connection: IceConnection) -> None:
        clients = [Client(mux) for _ in range(MAX_ADDRESSES + 5)]
        for client in clients:
            client.check(connection.ufrag, connection.password)
            await client.receive()
        assert len(connection.addresses) == MAX_ADDRESSES
        assert connection.remote == ("127.0.0.1", clients[-1].port)

    with_mux(test)


def test_a_closed_connection_is_reached_by_nobody() -> None:
    async def test(mux: IceMux, connection: IceConnection) -> None:
        client = Client(mux)
        media: list[bytes] = []
        connection.on_media = media.append
        client.check(connection.ufrag, connection.password)
        await client.receive()
        connection.close()
        with pytest.raises(ConnectionError):
            await connection._recv()
        client.send(b"\x80media")
        client.check(connection.ufrag, connection.password)
        other = mux.create()
        client.check(other.ufrag, other.password)
        await client.receive()
        assert media == []
        with pytest.raises(BlockingIOError):
            client.socket.recv(2048)

    with_mux(test)


def test_candidates_name_what_is_announced() -> None:
    settings = MediaSettings("k", "s" * 32, announce=("192.0.2.7", "2001:db8::7"))
    assert (settings.udp_host, SETTINGS.udp_host) == ("::", "127.0.0.1")
    mux = IceMux(SETTINGS)
    assert mux.candidates() == [f"1 1 udp 2130706431 127.0.0.1 {mux.port} typ host"]
    mux.socket.close()


def test_mapped_addresses_are_shown_as_what_they_are() -> None:
    mux = IceMux(MediaSettings("k", "s" * 32, announce=("127.0.0.1", "2001:db8::7")))
    assert mux._unmapped(("::ffff:192.0.2.9", 5, 0, 0)) == ("192.0.2.9", 5)
    assert mux._unmapped(("2001:db8::9", 5, 0, 0)) == ("2001:db8::9", 5)
    mux.socket.close()


def test_settings_are_taken_from_the_configuration(tmp_path: Path) -> None:
    config = load(
        {"COMITY_DATA": str(tmp_path), "COMITY_MEDIA_ANNOUNCE": "192.0.2.7, 192.0.2.8", "COMITY_MEDIA_KEY": "key"}
    )
    made = MediaSettings.from_config(config)
    assert (made.key, made.secret, made.announce) == ("key", config.media_secret, ("192.0.2.7", "192.0.2.8"))
    assert (made.http_host, made.http_port) == config.media_http
    assert made.udp_host == "0.0.0.0"
    assert made.webhook_url == config.media_webhook_url


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"key": ""}, "COMITY_MEDIA_KEY"),
        ({"secret": "short"}, "COMITY_MEDIA_SECRET"),
        ({"announce": ()}, "COMITY_MEDIA_ANNOUNCE"),
        ({"announce": ("example.org",)}, "COMITY_MEDIA_ANNOUNCE"),
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(changes: dict[str, object], name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        MediaSettings(**({"key": "k", "secret": "s" * 32} | changes))  # type: ignore[arg-type]
