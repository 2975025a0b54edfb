"""ICE-lite over one UDP socket for all participants (RFC 8445, section 2.5; STUN is RFC 8489).

Packets find their connection by source address, which a STUN check with valid integrity has tied to it before.
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import socket
import string
import time
from collections.abc import Callable
from typing import Any

from aioice import stun

from .settings import MediaSettings

Address = tuple[Any, ...]

BUFFER = 4 << 20
MAX_DRAIN = 64  # datagrams read before other work gets its turn
MAX_ADDRESSES = 16  # a client's paths we keep; an authenticated one must not fill our table
MAX_WAITING = 256  # DTLS datagrams not yet read
MAX_DATAGRAM = 2048
HOST_PREFERENCE = 2130706431  # RFC 8445, section 5.1.2.1
_ICE_CHARACTERS = string.ascii_letters + string.digits


def _random_text(length: int) -> str:
    return "".join(secrets.choice(_ICE_CHARACTERS) for _ in range(length))


class IceMux:
    """The socket all media goes through, and who is behind which address."""

    def __init__(self, settings: MediaSettings) -> None:
        self._announce = settings.announce
        host = settings.udp_host
        self._v6 = ":" in host
        self.socket = socket.socket(socket.AF_INET6 if self._v6 else socket.AF_INET, socket.SOCK_DGRAM)
        if self._v6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        self.socket.setblocking(False)
        self.socket.bind((host, settings.udp_port))
        self.port: int = self.socket.getsockname()[1]
        self._by_ufrag: dict[str, IceConnection] = {}
        self._by_address: dict[Address, IceConnection] = {}
        self.dropped = 0  # datagrams the kernel would not take

    def start(self) -> None:
        """Begin to read; the event loop must be running."""
        asyncio.get_running_loop().add_reader(self.socket.fileno(), self._readable)

    def close(self) -> None:
        """Stop reading and close the socket."""
        asyncio.get_running_loop().remove_reader(self.socket.fileno())
        self.socket.close()

    def create(self) -> IceConnection:
        """A connection with fresh credentials."""
        return IceConnection(self)

    def candidates(self) -> list[str]:
        """Values of `a=candidate` for every announced address (RFC 8839, section 5.1)."""
        return [
            f"{index + 1} 1 udp {HOST_PREFERENCE - index} {address} {self.port} typ host"
            for index, address in enumerate(self._announce)
        ]

    def register(self, ufrag: str, connection: IceConnection) -> None:
        """Let checks with this user name reach the connection."""
        self._by_ufrag[ufrag] = connection

    def forget(self, connection: IceConnection, ufrags: set[str]) -> None:
        """Drop these user names, and the addresses too once none is left."""
        for ufrag in ufrags:
            self._by_ufrag.pop(ufrag, None)
        if connection.closed:
            for address in connection.addresses:
                if self._by_address.get(address) is connection:
                    del self._by_address[address]

    def _readable(self) -> None:
        receive, by_address = self.socket.recvfrom, self._by_address
        for _ in range(MAX_DRAIN):
            try:
                data, address = receive(MAX_DATAGRAM)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue  # an ICMP error of an earlier send; the next datagram is unharmed
            first = data[0] if data else 255
            if 127 < first < 192:  # RFC 7983, section 7: media
                connection = by_address.get(address)
                if connection is not None and connection.on_media is not None:
                    connection.on_media(data)
            elif first < 4:
                self._check(data, address)
            elif 19 < first < 64:
                connection = by_address.get(address)
                if connection is not None:
                    connection.queue(data)

    def _check(self, data: bytes, address: Address) -> None:
        """Answer a connectivity check (RFC 8445, section 7.3)."""
        try:
            message = stun.parse_message(data)
        except (ValueError, IndexError, UnicodeDecodeError):
            return
        if message.message_class != stun.Class.REQUEST or message.message_method != stun.Method.BINDING:
            return
        ufrag = str(message.attributes.get("USERNAME", "")).partition(":")[0]
        connection = self._by_ufrag.get(ufrag)
        if connection is None or not message.check_message_integrity(connection.password_of(ufrag).encode()):
            return
        response = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, transaction_id=message.transaction_id)
        response.attributes["XOR-MAPPED-ADDRESS"] = self._unmapped(address)
        response.add_message_integrity(connection.password_of(ufrag).encode())
        response.add_fingerprint()
        self.send(bytes(response), address)
        self._by_address[address] = connection
        for old in connection.note_check(ufrag, address, "USE-CANDIDATE" in message.attributes):
            self._by_address.pop(old, None)

    def _unmapped(self, address: Address) -> tuple[str, int]:
        """An IPv4 address as such, where a dual-stack socket shows it as ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2)."""
        host = str(address[0])
        if self._v6 and host.startswith("::ffff:"):
            mapped = ipaddress.IPv6Address(host).ipv4_mapped
            host = str(mapped) if mapped else host
        return host, int(address[1])

    def send(self, data: bytes | memoryview, address: Address) -> None:
        """Send one datagram or drop it: media waits for nobody."""
        try:
            self.socket.sendto(data, address)
        except OSError:
            self.dropped += 1


class IceConnection:
    """One participant's path. Also what aiortc's DTLS expects of a transport: `_recv`, `_send`, `role`, `state`."""

    role = "controlled"
    state = "completed"

    def __init__(self, mux: IceMux) -> None:
        self.mux = mux
        self.addresses: dict[Address, None] = {}  # in order of appearance
        self.remote: Address | None = None
        self.connected = asyncio.Event()
        self.closed = False
        self.last_check = time.monotonic()
        self.on_media: Callable[[bytes], None] | None = None
        self._passwords: dict[str, str] = {}
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._sendto = mux.socket.sendto
        self.new_credentials()

    def new_credentials(self) -> None:
        """Restart ICE on our side (RFC 8445, section 9); old credentials last until the first check with the new."""
        stale = set(list(self._passwords)[:-1])
        for ufrag in stale:
            del self._passwords[ufrag]
        self.mux.forget(self, stale)
        self.ufrag, self.password = _random_text(8), _random_text(24)
        self._passwords[self.ufrag] = self.password
        self.mux.register(self.ufrag, self)

    def password_of(self, ufrag: str) -> str:
        """The password that goes with one of our user names."""
        return self._passwords[ufrag]

    def note_check(self, ufrag: str, address: Address, nominated: bool) -> list[Address]:
        """A valid check came from `address`. Returns addresses that are no longer ours."""
        self.last_check = time.monotonic()
        if ufrag == self.ufrag and len(self._passwords) > 1:
            old = set(self._passwords) - {ufrag}
            for name in old:
                del self._passwords[name]
            self.mux.forget(self, old)
        self.addresses[address] = None
        if self.remote is None or nominated:
            self.remote = address
            self.connected.set()
        surplus = [known for known in self.addresses if known != self.remote][: len(self.addresses) - MAX_ADDRESSES]
        surplus = surplus if len(self.addresses) > MAX_ADDRESSES else []
        for known in surplus:
            del self.addresses[known]
        return surplus

    def queue(self, data: bytes) -> None:
        """Keep a DTLS datagram for whoever reads next."""
        if self._waiting.qsize() < MAX_WAITING:
            self._waiting.put_nowait(data)

    async def _recv(self) -> bytes:
        data = await self._waiting.get()
        if data is None:
            raise ConnectionError("connection closed")
        return data

    async def _send(self, data: bytes) -> None:
        self.send(data)

    def send(self, data: bytes | memoryview) -> None:
        """Send one datagram to where the client last nominated, or drop it."""
        try:
            self._sendto(data, self.remote)  # type: ignore[arg-type]  # without a remote it raises, and is dropped
        except (OSError, TypeError):
            self.mux.dropped += 1

    def close(self) -> None:
        """Let nothing reach this connection any more, and wake whoever reads."""
        if not self.closed:
            self.closed = True
            self.mux.forget(self, set(self._passwords))
            self._waiting.put_nowait(None)
