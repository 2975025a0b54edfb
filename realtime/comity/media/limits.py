"""How much one client may ask of the server. Pure."""

from __future__ import annotations

SIGNALS_PER_SECOND, SIGNAL_BURST = 50.0, 500.0
KEYFRAMES_PER_SECOND, KEYFRAME_BURST = 0.33, 5.0  # one receiver that cannot decode must not cost all the others
DATA_PER_SECOND, DATA_BURST = 500.0, 4000.0  # a file sent in chunks comes in bursts


class MessageBudget:
    """How many messages a client may send: so many a second, and so many at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._at = burst, 0.0

    def take(self, now: float) -> bool:
        """Whether one more message is within the budget. now: monotonic seconds."""
        self._tokens = min(self._burst, self._tokens + max(0.0, now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
