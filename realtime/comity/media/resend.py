"""Which negative acknowledgements are answered, and how often: retransmission must not multiply itself. Pure."""

from __future__ import annotations

MAX_TRIES = 3
MIN_INTERVAL = 0.1  # seconds between two retransmissions of one packet
RATE = 100.0  # retransmissions a second for one receiver of one stream
BURST = 60.0
_REMEMBERED = 2048


class ResendLimit:
    """Throttles retransmission for one receiver of one stream, per sequence number and in all."""

    __slots__ = ("_history", "_refilled", "_tokens")

    def __init__(self) -> None:
        self._history: dict[int, tuple[int, float]] = {}
        self._tokens = BURST
        self._refilled = 0.0

    def allow(self, sequence: int, now: float) -> bool:
        """Whether the packet with this sequence number may be sent again at `now` (seconds); counts it if so."""
        self._tokens = min(BURST, self._tokens + max(0.0, now - self._refilled) * RATE)
        self._refilled = now
        tries, last = self._history.get(sequence, (0, -1.0))
        if last >= 0 and now - last > 10.0:
            tries = 0  # the 16-bit number has come round again
        if tries >= MAX_TRIES or (tries and now - last < MIN_INTERVAL) or self._tokens < 1:
            return False
        if len(self._history) >= _REMEMBERED:
            self._history.clear()
        self._history[sequence] = (tries + 1, now)
        self._tokens -= 1
        return True


class KeyframeThrottle:
    """Lets one key frame request through per interval and remembers one that came too soon.

    interval: seconds.
    """

    __slots__ = ("_interval", "_last", "_waiting")

    def __init__(self, interval: float = 0.5) -> None:
        self._interval, self._last, self._waiting = interval, -1e9, False

    def ask(self, now: float) -> bool:
        """Whether to ask for a key frame right now."""
        if now - self._last < self._interval:
            self._waiting = True
            return False
        self._last, self._waiting = now, False
        return True

    def due(self, now: float) -> bool:
        """Whether a request that was held back should go out now."""
        return self._waiting and self.ask(now)
