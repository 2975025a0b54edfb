"""A server of its own for each test, on free ports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from comity.media.icelite import IceMux
from comity.media.rooms import Rooms
from comity.media.settings import MediaSettings


@pytest.fixture
def settings() -> MediaSettings:
    """Settings that take any free port."""
    return MediaSettings("comity", "an-hmac-secret-of-forty-characters-indeed", http_port=0)


@pytest.fixture
def rooms(settings: MediaSettings) -> Iterator[Rooms]:
    """Rooms without an event loop: good for tables, not for joining."""
    mux = IceMux(settings)
    yield Rooms(settings, mux, lambda event, **details: None)
    mux.socket.close()
