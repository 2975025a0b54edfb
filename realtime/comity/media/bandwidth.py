"""Which simulcast layer each subscription gets, from what the receiver reports. Pure.

Down at once, on loss or when the receiver's estimate (REMB) falls. Up in trials: one step at a
time, undone when loss follows, and then tried again later and later. An estimate of an idle receiver proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LOSS_LIMIT = 0.10  # share of packets lost from which we count the link as congested
LOSS_FINE = 0.03
START_BITRATE = 3_000_000.0
HOLD = 1.0  # seconds of quiet before the next trial
FIRST_RETRY, LONGEST_RETRY = 5.0, 60.0  # seconds before a bitrate that failed is tried again
TRIAL = 3.0  # seconds in which loss is blamed on the last step up
SETTLE = 2.0  # seconds after a step down in which the queue drains
REMB_LIFETIME = 5.0
HEADROOM = 0.9
REMB_FALL = 0.93
IDLE_BITRATE = 100_000.0


@dataclass(frozen=True, slots=True)
class Demand:
    """One video subscription: bitrates of its layers from low to high (bits per second), and the layer it asks for."""

    layers: Sequence[float]
    wanted: int


class Budget:
    """The bitrate that one receiver's video may take together.

    Feed it with `note_remb` and `note_loss`, read it with `allocate`.
    """

    def __init__(self) -> None:
        self.limit = START_BITRATE
        self._remb: float | None = None
        self._remb_at = 0.0
        self._remb_peak = 0.0  # the best estimate since the link was last overused
        self._failed = float("inf")  # the bitrate the link did not carry last, and when to try it again
        self._retry, self._retry_at = FIRST_RETRY, 0.0
        self._quiet_since: float | None = None
        self._trial_at: float | None = None
        self._settled_at = 0.0
        self._loss = 0.0

    @property
    def loss(self) -> float:
        """The share of packets lost, smoothed, 0 to 1."""
        return self._loss

    def note_remb(self, bitrate: float, sending: float, now: float) -> None:
        """The receiver estimates `bitrate` while we send `sending` (bits per second)."""
        peak = self._remb_peak
        self._remb, self._remb_at = bitrate, now
        self._remb_peak = max(peak, bitrate)
        # an estimate that is merely low is still learning: it only falls when the link is overused
        if bitrate < peak * REMB_FALL and bitrate < sending and sending > IDLE_BITRATE and now >= self._settled_at:
            self._remb_peak = bitrate
            self._congested(bitrate * HEADROOM, sending, now)

    def note_loss(self, fraction: float, sending: float, now: float) -> None:
        """The receiver lost this share of what we sent at `sending` bits per second since its last report."""
        self._loss += (fraction - self._loss) * 0.5
        if fraction > LOSS_LIMIT and self._loss > LOSS_LIMIT / 2 and now >= self._settled_at:
            self._congested(max(sending, 50_000.0) * (1 - fraction / 2) * HEADROOM, sending, now)
        elif fraction <= LOSS_FINE:
            if self._quiet_since is None:
                self._quiet_since = now
        else:
            self._quiet_since = None

    def _congested(self, limit: float, sending: float, now: float) -> None:
        self._failed = max(min(self.limit, sending), IDLE_BITRATE)
        self._retry_at, self._retry = now + self._retry, min(LONGEST_RETRY, self._retry * 2)
        self.limit = min(self.limit, limit)
        self._trial_at, self._quiet_since, self._settled_at = None, None, now + SETTLE

    def allocate(self, demands: Sequence[Demand], fixed: float, now: float) -> list[int]:
        """The layer for each demand. fixed: what streams without layers take. Call it about once a second.

        Each gets its lowest layer first, whatever the limit: a small picture beats none.
        """
        self._grow(demands, fixed, now)
        chosen = [0] * len(demands)
        spent = fixed + sum(demand.layers[0] for demand in demands if demand.layers)
        step = 1
        while any(demand.wanted >= step and len(demand.layers) > step for demand in demands):
            for index, demand in enumerate(demands):
                if chosen[index] != step - 1 or demand.wanted < step or len(demand.layers) <= step:
                    continue
                extra = max(0.0, demand.layers[step] - demand.layers[step - 1])
                if spent + extra <= self.limit:
                    chosen[index], spent = step, spent + extra
            step += 1
        return chosen

    def _grow(self, demands: Sequence[Demand], fixed: float, now: float) -> None:
        """Raise the limit by one trial when the link has been quiet long enough and someone would use it."""
        if self._trial_at is not None and now - self._trial_at >= TRIAL:
            self._trial_at = None  # the last step up held
            if self.limit > self._failed:
                self._failed, self._retry = float("inf"), FIRST_RETRY
        total = fixed + sum(
            demand.layers[min(demand.wanted, len(demand.layers) - 1)] for demand in demands if demand.layers
        )
        if total <= self.limit or self._trial_at is not None or now < self._settled_at:
            return
        fresh = self._remb is not None and now - self._remb_at < REMB_LIFETIME
        if fresh and self._remb is not None and self._remb > self.limit:
            self.limit = self._remb  # the receiver says itself that it has room
            return
        if self._quiet_since is None or now - self._quiet_since < HOLD:
            return
        step = max(self.limit * 1.5, self.limit + 200_000.0)
        if now < self._retry_at:
            step = min(step, self._failed * HEADROOM)
        if step > self.limit:
            self.limit, self._trial_at, self._quiet_since = step, now, now
