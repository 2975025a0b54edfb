"""The contract with aiortc and pylibsrtp: every private name that dtls.py and icelite.py rely on."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Callable
from importlib.metadata import version

import pylibsrtp
import pytest
from aioice import stun
from aiortc import RTCDtlsTransport, RTCSctpTransport, rtcdtlstransport
from aiortc.rtcdtlstransport import RTCDtlsFingerprint
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib

from comity.media.dtls import MAX_PLAIN, DtlsTransport, fingerprint, new_certificate
from comity.media.icelite import IceConnection, IceMux
from comity.media.settings import MediaSettings

from .packets import rtp


@pytest.mark.parametrize(("package", "pinned"), [("aiortc", "1.16.0"), ("pylibsrtp", "1.0.0"), ("aioice", "0.13.0")])
def test_the_versions_are_the_ones_that_were_read(package: str, pinned: str) -> None:
    assert version(package) == pinned


def test_aiortc_asks_of_a_transport_only_what_an_ice_connection_has() -> None:
    used = set(re.findall(r"self\.transport\.(\w+)", inspect.getsource(rtcdtlstransport)))
    assert used == {"role", "_recv", "_send"}
    for name in ("role", "_recv", "_send"):
        assert hasattr(IceConnection, name)


def test_the_private_names_of_dtls_are_there() -> None:
    assert list(inspect.signature(RTCDtlsTransport._set_role).parameters) == ["self", "role"]
    assert list(inspect.signature(RTCDtlsTransport._setup_srtp).parameters) == ["self"]
    assert list(RTCDtlsFingerprint.__dataclass_fields__) == ["algorithm", "value"]
    source = inspect.getsource(RTCDtlsTransport)
    assert "self._rx_srtp = Session(" in source
    assert "self._tx_srtp = Session(" in source
    assert list(inspect.signature(RTCSctpTransport.start).parameters) == ["self", "remoteCaps", "remotePort"]


def test_a_session_of_pylibsrtp_holds_its_handle_where_we_take_it() -> None:
    policy = Policy(key=bytes(30), ssrc_type=Policy.SSRC_ANY_OUTBOUND)
    handle = Session(policy)._srtp[0]
    assert ffi.typeof(handle).cname.startswith("struct srtp_ctx_t")
    for name in ("srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp"):
        assert callable(getattr(lib, name))
    assert pylibsrtp.Error is not None


def test_stun_has_what_the_mux_uses() -> None:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = "us:them"
    message.add_message_integrity(b"password")
    message.add_fingerprint()
    read = stun.parse_message(bytes(message))
    assert (read.attributes["USERNAME"], read.check_message_integrity(b"password")) == ("us:them", True)
    assert not read.check_message_integrity(b"other")


class Wire:
    """Two ends of a path in memory, in place of two UDP sockets."""

    role, state = "controlled", "completed"

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self.other: Wire | None = None
        self.on_media: Callable[[bytes], None] | None = None

    async def _recv(self) -> bytes:
        return await self.waiting.get()

    async def _send(self, data: bytes) -> None:
        self.send(data)

    def send(self, data: bytes) -> None:
        assert self.other is not None
        if 127 < data[0] < 192 and self.other.on_media is not None:
            self.other.on_media(bytes(data))
        else:
            self.other.waiting.put_nowait(bytes(data))


async def connected(right_fingerprint: bool = True) -> tuple[DtlsTransport, DtlsTransport, list[bytes], list[bytes]]:
    server_wire, client_wire = Wire(), Wire()
    server_wire.other, client_wire.other = client_wire, server_wire
    media: list[bytes] = []
    control: list[bytes] = []
    ours, theirs = new_certificate(), new_certificate()
    server = DtlsTransport(server_wire, ours, lambda data, size: media.append(data), control.append)  # type: ignore[arg-type]
    client = DtlsTransport(client_wire, theirs, lambda data, size: None, lambda data: None)  # type: ignore[arg-type]
    client._set_role("client")
    expected = fingerprint(theirs if right_fingerprint else ours)
    await asyncio.gather(
        server.connect([tuple(expected.split(" "))]),  # type: ignore[list-item]
        client.connect([tuple(fingerprint(ours).split(" "))]),  # type: ignore[list-item]
        return_exceptions=not right_fingerprint,
    )
    return server, client, media, control


def test_media_passes_encrypted_and_what_is_forged_or_too_long_does_not() -> None:
    async def run() -> None:
        server, client, media, control = await connected()
        packet = rtp(1, 2, b"x" * 1200)
        client.send_rtp(packet)
        client.send_rtcp(b"\x80\xc9\x00\x01\x00\x00\x00\x07")
        assert media == [packet]
        assert control == [b"\x80\xc9\x00\x01\x00\x00\x00\x07"]
        client.send_rtp(rtp(2, 2, b"x" * MAX_PLAIN))
        assert (client.refused, len(media)) == (1, 1)
        server._receive(rtp(3, 2, b"forged, not encrypted at all"))
        server._receive(b"\x80short")
        assert (server.refused, len(media)) == (1, 1)
        await asyncio.gather(client.stop(), server.stop())

    asyncio.run(run())


def test_a_client_with_another_certificate_is_refused() -> None:
    async def run() -> None:
        server, client, media, _control = await connected(right_fingerprint=False)
        assert server.state == "failed"
        client.send_rtp(rtp(1, 2, b"x")) if client.state == "connected" else None
        assert media == []
        await asyncio.gather(client.stop(), server.stop(), return_exceptions=True)

    asyncio.run(run())


def test_a_mux_takes_a_free_port() -> None:
    mux = IceMux(MediaSettings("k", "s" * 32))
    assert mux.port > 0
    mux.socket.close()
