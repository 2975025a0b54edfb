"""The media server as a whole: one HTTP port, one UDP port, and what ties them together."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import uvloop
from aiohttp import web

from . import access, room_service
from .errors import AccessDenied, MediaError, TokenRefused
from .icelite import IceMux
from .rooms import Rooms
from .settings import MediaSettings
from .signal_ws import ANY_ORIGIN, Signalling
from .webhooks import Webhooks

log = logging.getLogger("comity.media")

MAX_LINE = 1 << 17  # octets of a request line: it holds the token and the join request
SHUTDOWN_TIMEOUT = 2.0  # seconds
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_app(rooms: Rooms) -> web.Application:
    """The HTTP routes. Each goes through `guarded`, which refuses a route that has no row in `access.ACCESS`."""
    app = web.Application(client_max_size=room_service.MAX_BODY)
    signalling = Signalling(rooms)

    def route(method: str, path: str, handler: Handler) -> None:
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                row = access.need(f"http:{path}")
                claims = None if row is access.Need.NOTHING else signalling.claims(request)
                access.check_token(f"http:{path}", claims)
                return await handler(request)
            except MediaError as error:
                return _error_response(request, error)

        app.router.add_route(method, path, guarded)

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def twirp(request: web.Request) -> web.Response:
        as_json = request.content_type == "application/json"
        body = await request.read()
        answer = await room_service.call(rooms, signalling.claims(request), request.match_info["method"], body, as_json)
        return web.Response(body=answer, content_type="application/json" if as_json else "application/protobuf")

    route("GET", "/healthz", healthz)
    route("GET", "/rtc/v1", signalling.connect)
    route("GET", "/rtc/v1/validate", signalling.validate)
    route("POST", "/twirp/livekit.RoomService/{method}", twirp)
    return app


def _error_response(request: web.Request, error: MediaError) -> web.Response:
    """The one place where errors become HTTP answers: 401 for the token, else what Twirp and browsers understand."""
    status, code = (401, "unauthenticated") if isinstance(error, TokenRefused) else room_service.error_of(error)
    log.info("%s %s: %d %s", request.method, request.path, status, error)
    if request.path.startswith("/twirp/"):
        return web.json_response({"code": code, "msg": str(error)}, status=status)
    if isinstance(error, AccessDenied):
        status = 401  # what clients of the signal endpoint take for "do not try again"
    return web.Response(status=status, text=str(error), headers=ANY_ORIGIN)


@dataclass(slots=True)
class MediaServer:
    """A running server. http_port and udp_port are the real ones, also when the settings said 0."""

    rooms: Rooms
    http_port: int
    udp_port: int
    _mux: IceMux
    _webhooks: Webhooks
    _runner: web.AppRunner
    _tasks: list[asyncio.Task[None]]

    @classmethod
    async def start(cls, settings: MediaSettings) -> MediaServer:
        """Bind both ports and begin to serve on the running event loop. Raises OSError when a port is taken."""
        webhooks = Webhooks(settings)
        mux = IceMux(settings)
        rooms = Rooms(settings, mux, webhooks.notify)
        runner = web.AppRunner(create_app(rooms), access_log=None, max_line_size=MAX_LINE, shutdown_timeout=0.5)
        await runner.setup()
        try:
            site = web.TCPSite(runner, settings.http_host, settings.http_port)
            await site.start()
        except OSError:
            await runner.cleanup()
            mux.socket.close()
            raise
        mux.start()
        tasks = [asyncio.create_task(rooms.run()), asyncio.create_task(webhooks.run())]
        return cls(rooms, runner.addresses[0][1], mux.port, mux, webhooks, runner, tasks)

    async def stop(self) -> None:
        """Send clients away so that they come back, deliver what webhooks are left, and free the ports."""
        await self.rooms.shut_down()
        await self._webhooks.drain(SHUTDOWN_TIMEOUT)
        await self._runner.cleanup()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._mux.close()


async def serve(settings: MediaSettings) -> None:
    """Serve until SIGTERM or SIGINT."""
    server = await MediaServer.start(settings)
    log.info("media server: http %s port %d, udp port %d", settings.http_host, server.http_port, server.udp_port)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    gc.collect()
    gc.freeze()  # what lives as long as the process need not be looked at again
    await stop.wait()
    await server.stop()


def run(settings: MediaSettings) -> None:
    """Run the media server in this process until it is told to stop. Raises OSError when a port is taken."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(settings))
