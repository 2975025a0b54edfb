"""How good a participant's connection is, from losses both ways. Pure."""

from __future__ import annotations

from livekit.protocol import models

GOOD_LOSS, POOR_LOSS = 0.02, 0.08  # shares of packets lost
LOST_AFTER = 15.0  # seconds without a connectivity check; clients ask for consent every 5 s (RFC 7675, section 5.1)
_WORST_FIRST = (
    models.ConnectionQuality.LOST,
    models.ConnectionQuality.POOR,
    models.ConnectionQuality.GOOD,
    models.ConnectionQuality.EXCELLENT,
)
_SCORES = dict(zip(_WORST_FIRST, (0.0, 2.0, 3.5, 4.5), strict=True))


def judge(loss_up: float, loss_down: float, silent_for: float) -> models.ConnectionQuality:
    """The quality for these shares of packets lost, and seconds since the client was last heard of."""
    if silent_for > LOST_AFTER:
        return models.ConnectionQuality.LOST
    worst = max(loss_up, loss_down)
    if worst >= POOR_LOSS:
        return models.ConnectionQuality.POOR
    return models.ConnectionQuality.GOOD if worst >= GOOD_LOSS else models.ConnectionQuality.EXCELLENT


def score(quality: models.ConnectionQuality) -> float:
    """The same as a mean opinion score, 0 to 5."""
    return _SCORES[quality]
