"""A small ICE agent on one UDP socket, enough to meet one server (RFC 8445).

Not aioice's own: that one binds no loopback address and parses every media packet as STUN first, which would make the
load generator, not the server, the thing that is measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Callable, Sequence

from aioice import stun

_PRIORITY = 2130706431
_DRAIN = 64
_BUFFER = 2 << 20
_SO_RCVBUFFORCE = 33  # Linux; the socket module does not name it
_CHECK_INTERVAL, _CONSENT_INTERVAL = 0.05, 4.0

Address = tuple[str, int]


def _enlarge(sock: socket.socket) -> None:
    """A receive buffer that outlasts a pause of the load generator: what it drops itself is no loss of the server."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
    except OSError:  # only the superuser may go beyond net.core.rmem_max
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)


class IceAgent:
    """One ICE component. aiortc's DTLS transport uses `role`, `_recv` and `_send` of it.

    address: the address of this machine to send from. on_media: called with each SRTP or SRTCP datagram.
    """

    def __init__(self, address: str, on_media: Callable[[bytes], None], *, controlling: bool) -> None:
        self.role = "controlling" if controlling else "controlled"
        self.local_ufrag, self.local_pwd = secrets.token_hex(4), secrets.token_hex(12)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        _enlarge(self._socket)
        self._socket.setblocking(False)
        self._socket.bind((address, 0))
        self._on_media = on_media
        self._datagrams: asyncio.Queue[bytes] = asyncio.Queue()
        self._remote: Address | None = None
        self._remote_ufrag = self._remote_pwd = ""
        self._connected = asyncio.Event()
        self._tie_breaker = secrets.randbits(64)
        self._checks: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket.fileno(), self._readable)

    @property
    def candidate(self) -> str:
        """The host candidate, as the value of an `a=candidate` line (RFC 8839, 5.1)."""
        host, port = self._socket.getsockname()
        return f"1 1 udp {_PRIORITY} {host} {port} typ host"

    async def connect(self, ufrag: str, pwd: str, candidates: Sequence[Address]) -> None:
        """Check the server's candidates until one answers.

        ufrag, pwd: the server's ICE credentials. Raises TimeoutError after ten seconds.
        """
        self._remote_ufrag, self._remote_pwd = ufrag, pwd
        self._checks = asyncio.create_task(self._check(list(candidates)))
        async with asyncio.timeout(10):
            await self._connected.wait()

    async def _check(self, candidates: list[Address]) -> None:
        while not self._connected.is_set():
            for address in candidates:
                self._request(address)
            await asyncio.sleep(_CHECK_INTERVAL)
        while self._remote:
            self._request(self._remote)
            await asyncio.sleep(_CONSENT_INTERVAL)

    def _request(self, address: Address) -> None:
        message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{self._remote_ufrag}:{self.local_ufrag}"
        message.attributes["PRIORITY"] = _PRIORITY
        if self.role == "controlling":
            message.attributes["ICE-CONTROLLING"] = self._tie_breaker
            message.attributes["USE-CANDIDATE"] = None
        else:
            message.attributes["ICE-CONTROLLED"] = self._tie_breaker
        message.add_message_integrity(self._remote_pwd.encode())
        message.add_fingerprint()
        self._sendto(bytes(message), address)

    def _readable(self) -> None:
        for _ in range(_DRAIN):
            try:
                data, address = self._socket.recvfrom(2048)
            except OSError:
                return
            first = data[0] if data else 255
            if 128 <= first < 192:
                self._on_media(data)
            elif first < 4:
                self._stun(data, address)
            else:
                self._datagrams.put_nowait(data)

    def _stun(self, data: bytes, address: Address) -> None:
        with contextlib.suppress(ValueError):
            message = stun.parse_message(data)
            if message.message_class == stun.Class.REQUEST and message.check_message_integrity(self.local_pwd.encode()):
                self._answer(message, address)
                if "USE-CANDIDATE" in message.attributes:
                    self._select(address)
            elif message.message_class == stun.Class.RESPONSE and self.role == "controlling":
                self._select(address)

    def _answer(self, request: stun.Message, address: Address) -> None:
        response = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.RESPONSE,
            transaction_id=request.transaction_id,
        )
        response.attributes["XOR-MAPPED-ADDRESS"] = address
        response.add_message_integrity(self.local_pwd.encode())
        response.add_fingerprint()
        self._sendto(bytes(response), address)

    def _select(self, address: Address) -> None:
        if self._remote is None:
            self._remote = address
            self._connected.set()

    def _sendto(self, data: bytes, address: Address) -> None:
        with contextlib.suppress(OSError):
            self._socket.sendto(data, address)

    def send(self, data: bytes) -> None:
        """Send a datagram to the selected candidate; a full socket buffer drops it, as a network would."""
        if self._remote:
            self._sendto(data, self._remote)

    async def _send(self, data: bytes) -> None:
        self.send(data)

    async def _recv(self) -> bytes:
        return await self._datagrams.get()

    def close(self) -> None:
        """Stop checking and close the socket."""
        self._remote = None
        if self._checks:
            self._checks.cancel()
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()
