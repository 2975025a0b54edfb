"""DTLS-SRTP on aiortc (RFC 5764): the only module that touches private names of aiortc and pylibsrtp.

Media never enters a task: packets go from the socket through libsrtp to a callback, and back, synchronously.
`tests/realtime/media/test_dtls.py` fails when one of the names used here changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from aiortc import RTCCertificate, RTCDtlsParameters, RTCDtlsTransport, RTCIceTransport, RTCSctpTransport
from aiortc.rtcdtlstransport import RTCDtlsFingerprint
from aiortc.rtcsctptransport import RTCSctpCapabilities
from pylibsrtp._binding import ffi, lib

from .answer import MAX_MESSAGE_SIZE
from .icelite import IceConnection

BUFFER = 2048
MAX_PLAIN = BUFFER - 160  # what protecting adds at most (SRTP_MAX_TRAILER_LEN), with room


def new_certificate() -> Any:
    """A certificate for the server's side of every handshake."""
    return RTCCertificate.generateCertificate()


def fingerprint(certificate: Any) -> str:
    """The value of `a=fingerprint` for a certificate (RFC 8122, section 5)."""
    found = next(f for f in certificate.getFingerprints() if f.algorithm == "sha-256")
    return f"{found.algorithm} {found.value}"


class DtlsTransport(RTCDtlsTransport):
    """DTLS over an ICE-lite connection, as the server.

    on_rtp, on_rtcp: called with each decrypted packet.
    """

    def __init__(
        self,
        ice: IceConnection,
        certificate: Any,
        on_rtp: Callable[[bytes, int], None],
        on_rtcp: Callable[[bytes], None],
    ) -> None:
        super().__init__(cast(RTCIceTransport, ice), [certificate])  # it uses what IceConnection has, no more
        self._set_role("server")
        self._ice, self._on_rtp, self._on_rtcp = ice, on_rtp, on_rtcp
        self._cdata = ffi.new("char[]", BUFFER)
        self._buffer = memoryview(ffi.buffer(self._cdata)).cast("B")
        self._length = ffi.new("int *")
        self._outgoing: Any = None
        self._incoming: Any = None
        self._send_datagram = ice.send
        self.refused = 0  # packets libsrtp would not take: forged, replayed or too long

    async def connect(self, fingerprints: list[tuple[str, str]]) -> None:
        """Run the handshake with the client that has one of these certificates. Raises ConnectionError."""
        parameters = [RTCDtlsFingerprint(algorithm=name, value=value) for name, value in fingerprints]
        await self.start(RTCDtlsParameters(fingerprints=parameters))
        if self.state != "connected":
            raise ConnectionError(f"DTLS {self.state}")

    def _setup_srtp(self) -> None:
        super()._setup_srtp()
        if self._tx_srtp is not None and self._rx_srtp is not None:
            # the sessions themselves stay referenced by the attributes they come from
            self._outgoing, self._incoming = self._tx_srtp._srtp[0], self._rx_srtp._srtp[0]
            self._ice.on_media = self._receive

    def _receive(
        self, data: bytes, unprotect: Any = lib.srtp_unprotect, unprotect_rtcp: Any = lib.srtp_unprotect_rtcp
    ) -> None:
        size = len(data)
        if not 12 <= size <= BUFFER:
            return
        buffer, length = self._buffer, self._length
        buffer[:size] = data
        length[0] = size
        if 192 <= data[1] <= 223:  # RFC 5761, section 4
            if unprotect_rtcp(self._incoming, self._cdata, length):
                self.refused += 1
            else:
                self._on_rtcp(bytes(buffer[: length[0]]))
        elif unprotect(self._incoming, self._cdata, length):
            self.refused += 1
        else:
            self._on_rtp(bytes(buffer[: length[0]]), size)

    def send_rtp(self, data: bytes, protect: Any = lib.srtp_protect) -> None:
        """Encrypt and send one RTP packet."""
        size = len(data)
        if size > MAX_PLAIN:
            self.refused += 1
            return
        buffer, length = self._buffer, self._length
        buffer[:size] = data
        length[0] = size
        if protect(self._outgoing, self._cdata, length):
            self.refused += 1
        else:
            self._send_datagram(buffer[: length[0]])

    def send_rtcp(self, data: bytes) -> None:
        """Encrypt and send one RTCP packet."""
        self.send_rtp(data, lib.srtp_protect_rtcp)


class SctpTransport(RTCSctpTransport):
    """The SCTP association of the data channels, over a DtlsTransport."""

    async def begin(self, port: int) -> None:
        """Start with the client at this SCTP port."""
        await self.start(RTCSctpCapabilities(maxMessageSize=MAX_MESSAGE_SIZE), port)
