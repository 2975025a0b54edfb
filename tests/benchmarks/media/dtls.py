"""DTLS-SRTP of the load generator: aiortc's transport without its RTP router (RFC 5764).

The only module of the benchmark that touches names aiortc keeps private.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pylibsrtp
from aiortc import RTCCertificate, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcdtlstransport import RTCDtlsFingerprint

from tests.benchmarks.media.ice import IceAgent

CERTIFICATE = RTCCertificate.generateCertificate()
"""One certificate for all peers of this process."""
FINGERPRINT: str = next(f.value for f in CERTIFICATE.getFingerprints() if f.algorithm == "sha-256")


class SecureTransport:
    """Protects and unprotects media over one ICE agent.

    errors: datagrams that failed authentication, replay protection included.
    """

    def __init__(self, ice: IceAgent) -> None:
        self._ice = ice
        # Typed loosely: our agent stands where an RTCIceTransport is expected, and the names used below are private.
        agent: Any = ice
        self._dtls: Any = RTCDtlsTransport(agent, [CERTIFICATE])
        self._in: pylibsrtp.Session | None = None
        self._out: pylibsrtp.Session | None = None
        self.errors = 0

    @property
    def profile(self) -> str:
        """Name of the protection profile that was negotiated, empty before."""
        return str(self._dtls._ssl.get_selected_srtp_profile().decode()) if self._in else ""

    async def start(self, role: str, fingerprints: Sequence[tuple[str, str]]) -> None:
        """Shake hands.

        role: "client" or "server". fingerprints: algorithm and value of the server's certificate.
        Raises ConnectionError when the handshake fails, TimeoutError after ten seconds.
        """
        self._dtls._set_role(role)
        trusted = [RTCDtlsFingerprint(algorithm=name, value=value) for name, value in fingerprints]
        async with asyncio.timeout(10):
            await self._dtls.start(RTCDtlsParameters(fingerprints=trusted))
        if self._dtls.state != "connected":
            raise ConnectionError(f"DTLS is {self._dtls.state}")
        self._in, self._out = self._dtls._rx_srtp, self._dtls._tx_srtp

    def open_rtp(self, datagram: bytes) -> bytes | None:
        """Authenticate and decrypt an RTP packet; None, and an error counted, when it is not genuine."""
        return self._open(datagram, "unprotect")

    def open_rtcp(self, datagram: bytes) -> bytes | None:
        """The same for RTCP."""
        return self._open(datagram, "unprotect_rtcp")

    def _open(self, datagram: bytes, method: str) -> bytes | None:
        if self._in is None:
            return None
        try:
            return bytes(getattr(self._in, method)(datagram))
        except pylibsrtp.Error:
            self.errors += 1
            return None

    def send_rtp(self, packet: bytes) -> None:
        """Protect and send an RTP packet."""
        if self._out is not None:
            self._ice.send(self._out.protect(packet))

    def send_rtcp(self, packet: bytes) -> None:
        """Protect and send a compound RTCP packet."""
        if self._out is not None:
            self._ice.send(self._out.protect_rtcp(packet))

    async def stop(self) -> None:
        """Close the DTLS association and the socket below."""
        await self._dtls.stop()
        self._ice.close()
