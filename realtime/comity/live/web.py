"""Live events in the application."""

from __future__ import annotations

import time
from typing import Any, cast

from flask import Flask
from flask_socketio import SocketIO
from gevent import monkey
from redis import Redis
from socketio import RedisManager

from comity.core.config import Config
from comity.core.web import Services
from comity.live.announced import Announced, MemoryAnnounced, RedisAnnounced
from comity.live.hub import Hub
from comity.live.namespace import ConsultationEvents
from comity.live.presence import MemoryPresence, Presence, RedisPresence
from comity.live.seats import Seats
from comity.live.sweep import Sweep, checked_accounts

EXTENSION = "comity.live"
_PING_EVERY, _PING_LASTS = 15, 10
_MOST_BYTES = 200_000


def init_app(app: Flask) -> None:
    """Put Socket.IO before the application, over WebSocket alone, for pages of our own origin."""
    services = cast("Services", app.extensions["comity"])
    socketio = SocketIO(app, **_options(services.config))
    presence, announced = _stores(services.config)
    hub = Hub(socketio, Seats(), presence, announced, recheck=lambda seats: sweep.recheck(seats))
    sweep = Sweep(hub, services.db, services.clock, checked_accounts(services.clock))
    socketio.on_namespace(ConsultationEvents(hub, sweep))
    services.db.after_commit(hub.committed)
    app.extensions[EXTENSION] = hub


def _options(config: Config) -> dict[str, Any]:
    options: dict[str, Any] = {
        # Threads serve tests and the development server; gunicorn's workers are patched before this module is read.
        "async_mode": "gevent" if monkey.is_module_patched("socket") else "threading",
        "transports": ["websocket"],
        "cors_allowed_origins": [config.base_url],
        # Who is signed in stays what it was when the socket opened; `watch.py` ends the socket when that changes.
        "manage_session": False,
        # One event of a client after the other, in the order they were sent.
        "async_handlers": False,
        "ping_interval": _PING_EVERY,
        "ping_timeout": _PING_LASTS,
        "max_http_buffer_size": _MOST_BYTES,
    }
    if config.redis_url:
        options["client_manager"] = RedisManager(config.redis_url, channel="comity")
    return options


def _stores(config: Config) -> tuple[Presence, Announced]:
    if config.redis_url is None:
        return MemoryPresence(), MemoryAnnounced(time.monotonic)
    redis = Redis.from_url(config.redis_url)
    return RedisPresence(redis, time.time), RedisAnnounced(redis)
