"""LiveKit's native client against the real server: media both ways, and what hosts and networks do to it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
from livekit import api
from livekit.protocol import models, rtc

from comity.media.icelite import Address, IceConnection

from .harness import SETTINGS, running, service, token
from .native import native, until


def test_two_participants_see_and_hear_each_other() -> None:
    async def run() -> None:
        async with running() as server:
            url = f"ws://127.0.0.1:{server.http_port}"
            async with native(url, "a", token("a")) as first, native(url, "b", token("b")) as second:
                await first.publish()
                await second.publish()
                await until(lambda: first.frames.get("b", 0) > 20 and second.frames.get("a", 0) > 20)
                await until(lambda: first.loud.get("b", 0) > 50 and second.loud.get("a", 0) > 50)
                await until(lambda: {"a", "b"} <= heard_of(first.events))
                async with native(url, "late", token("late")) as late:
                    await until(lambda: late.frames.keys() == late.loud.keys() == {"a", "b"})
                await until(lambda: {"a", "b"} <= {who for name, who in first.events if name == "quality"})
                for participant in server.rooms.by_name["r"].participants.values():
                    assert participant.peer is not None
                    assert (participant.peer.malformed, participant.peer.uplink.unknown) == (0, 0)

    asyncio.run(run())


def heard_of(events: list[tuple[str, Any]]) -> set[str]:
    """Who was told to speak: the native client hands over what changed, one or both at a time."""
    return {who for name, speakers in events if name == "speakers" for who in speakers}


def test_muting_data_and_removal() -> None:
    async def run() -> None:
        async with running() as server, service(server) as client:
            url = f"ws://127.0.0.1:{server.http_port}"
            async with native(url, "a", token("a")) as first, native(url, "b", token("b")) as second:
                await first.publish()
                await until(lambda: second.loud.get("a", 0) > 10)
                assert first.microphone is not None
                first.microphone.mute()
                await until(lambda: ("muted", "a") in second.events)
                heard = second.loud["a"]
                await asyncio.sleep(0.5)
                assert second.loud["a"] <= heard + 25  # what was still on its way
                first.microphone.unmute()
                await until(lambda: ("unmuted", "a") in second.events and second.loud["a"] > heard + 40)
                for reliable in (True, False):
                    await second.room.local_participant.publish_data(f"{reliable}".encode(), reliable=reliable)
                await until(lambda: {("data", b"True"), ("data", b"False")} <= set(map(hashable, first.events)))
                await client.room.send_data(api.SendDataRequest(room="r", data=b"from the host", kind="RELIABLE"))
                await until(lambda: ("data", b"from the host") in second.events)
                await client.room.remove_participant(api.RoomParticipantIdentity(room="r", identity="a"))
                await until(lambda: any(name == "disconnected" for name, _ in first.events))
                assert list(server.rooms.by_name["r"].participants) == ["b"]

    asyncio.run(run())


def hashable(event: tuple[str, object]) -> tuple[str, object]:
    return (event[0], str(event[1])) if isinstance(event[1], list) else event


def test_a_subscription_can_be_given_up_and_taken_again() -> None:
    async def run() -> None:
        async with running() as server:
            url = f"ws://127.0.0.1:{server.http_port}"
            async with native(url, "a", token("a")) as first, native(url, "b", token("b")) as second:
                await first.publish()
                await until(lambda: second.frames.get("a", 0) > 5)
                publications = list(second.room.remote_participants["a"].track_publications.values())
                for publication in publications:
                    publication.set_subscribed(False)
                peer = server.rooms.by_name["r"].participants["b"].peer
                assert peer is not None
                await until(lambda: not peer.subscriptions)
                seen = second.frames["a"]
                for publication in publications:
                    publication.set_subscribed(True)
                await until(lambda: second.frames["a"] > seen + 10)

    asyncio.run(run())


def test_a_lost_signal_connection_is_resumed_while_media_goes_on() -> None:
    async def run() -> None:
        async with running() as server:
            url = f"ws://127.0.0.1:{server.http_port}"
            async with native(url, "a", token("a")) as first, native(url, "b", token("b")) as second:
                await first.publish()
                await until(lambda: second.frames.get("a", 0) > 5)
                participant = server.rooms.by_name["r"].participants["a"]
                assert participant.peer is not None
                sid, ufrag = participant.sid, participant.peer.ice.ufrag
                assert participant.socket is not None
                participant.socket.close()
                await until(lambda: participant.peer is not None and participant.peer.ice.ufrag != ufrag)
                seen = second.frames["a"]
                await until(lambda: second.frames["a"] > seen + 20 and participant.socket is not None)
                assert server.rooms.by_name["r"].participants["a"].sid == sid
                assert not any(name == "disconnected" for name, _ in first.events)

    asyncio.run(run())


def lossy(connection: IceConnection, share: float, chance: random.Random) -> None:
    """Lose this share of media packets in both directions."""
    send, receive = connection._sendto, connection.on_media
    assert receive is not None

    def sendto(data: bytes, address: Address) -> int:
        return send(data, address) if data[0] < 128 or chance.random() > share else len(data)

    connection._sendto = sendto  # type: ignore[assignment]  # one of its two forms
    connection.on_media = lambda data: receive(data) if chance.random() > share else None


def test_pictures_survive_a_network_that_loses_packets() -> None:
    async def run() -> None:
        async with running() as server:
            url = f"ws://127.0.0.1:{server.http_port}"
            async with native(url, "a", token("a")) as first, native(url, "b", token("b")) as second:
                await first.publish()
                await until(lambda: second.frames.get("a", 0) > 5)
                room, chance = server.rooms.by_name["r"], random.Random(7)
                peers = [p.peer for p in room.participants.values() if p.peer is not None]
                for peer in peers:
                    lossy(peer.ice, 0.1, chance)
                await until(lambda: second.frames["a"] > 60, 30)
                [video] = [down for down in peers[1].downlink.tracks.values() if down.track.video]
                assert video.resent > 0  # asked for downstream
                streams = list(video.track.streams.values())
                received = sum(stream.received for stream in streams)
                assert sum(stream.lost for stream in streams) < 0.05 * received  # and repaired upstream

    asyncio.run(run())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def process(data: Path, port: int, **changes: str) -> Iterator[subprocess.Popen[str]]:
    """`python -m comity.media` as the Procfile starts it."""
    environ = os.environ | {
        "COMITY_DATA": str(data),
        "COMITY_MEDIA_BIND": f"127.0.0.1:{port}",
        "COMITY_MEDIA_UDP_PORT": "0",
        "COMITY_MEDIA_KEY": SETTINGS.key,
        "COMITY_MEDIA_SECRET": SETTINGS.secret,
    }
    command = [sys.executable, "-m", "comity.media"]
    child = subprocess.Popen(command, env=environ | changes, text=True, stderr=subprocess.PIPE)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


async def healthy(port: int) -> None:
    async with asyncio.timeout(60), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/healthz") as response:
                    assert await response.text() == "ok"
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)


def test_a_killed_server_gets_its_clients_back(tmp_path: Path) -> None:
    async def run() -> None:
        port = free_port()
        with process(tmp_path, port) as child:
            await healthy(port)
            url = f"ws://127.0.0.1:{port}"
            async with native(url, "a", token("a")) as first, native(url, "b", token("b")) as second:
                await first.publish()
                await until(lambda: second.frames.get("a", 0) > 5)
                child.kill()
                child.wait()
                with process(tmp_path, port):
                    await healthy(port)
                    seen, heard = second.frames["a"], second.loud["a"]
                    await until(lambda: second.frames["a"] > seen + 10 and second.loud["a"] > heard + 20, 40)

    asyncio.run(run())


def test_a_stopped_server_says_so_and_ends_well(tmp_path: Path) -> None:
    async def run() -> None:
        port = free_port()
        with process(tmp_path, port) as child:
            await healthy(port)
            url = f"http://127.0.0.1:{port}/rtc/v1"
            params = {"access_token": token("a")}
            async with aiohttp.ClientSession() as session, session.ws_connect(url, params=params) as websocket:
                await websocket.receive()
                child.send_signal(signal.SIGTERM)
                responses = [rtc.SignalResponse.FromString(message.data) async for message in websocket]
                leave = responses[-1].leave
                assert (leave.reason, leave.action) == (models.SERVER_SHUTDOWN, rtc.LeaveRequest.RECONNECT)
            assert await asyncio.to_thread(child.wait, 20) == 0

    asyncio.run(run())


def test_a_taken_port_and_a_bad_setting_are_plain_messages(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with process(tmp_path, taken.getsockname()[1]) as child:
            _out, error = child.communicate(timeout=60)
            assert child.returncode == 1
            assert "cannot listen" in error
    with process(tmp_path, 0, COMITY_MEDIA_ANNOUNCE="my-host") as child:
        _out, error = child.communicate(timeout=60)
        assert child.returncode == 2
        assert "COMITY_MEDIA_ANNOUNCE" in error
        assert SETTINGS.secret not in error
