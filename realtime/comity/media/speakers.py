"""Who is speaking, from the audio levels that clients put into their packets (RFC 6464). Pure."""

from __future__ import annotations

from dataclasses import dataclass

FLOOR = 60  # -dBov; quieter counts as silence
ACTIVE_LEVEL = 0.25  # of 0 to 1; begins to speak
QUIET_LEVEL = 0.15  # stops speaking below this: no flicker in between
STALE = 0.6  # seconds without a packet after which a stream counts as silent
DECAY = 0.9
CHANGE = 0.1  # smaller changes of a level are not reported


@dataclass(frozen=True, slots=True)
class Speaker:
    """One participant's loudness, 0 to 1."""

    sid: str
    level: float
    active: bool


class LevelMeter:
    """The smoothed loudness of one audio stream."""

    __slots__ = ("_at", "_level")

    def __init__(self) -> None:
        self._level, self._at = 0.0, -1e9

    def note(self, level: int, now: float) -> None:
        """A packet carried `level`, in -dBov (0 is loudest, 127 silence)."""
        self._level = max(1.0 - level / FLOOR, self._level * DECAY, 0.0)
        self._at = now

    def read(self, now: float) -> float:
        """The present loudness, 0 to 1."""
        return self._level if now - self._at < STALE else 0.0


class SpeakerBoard:
    """Which participants of a room speak; reports changes only."""

    def __init__(self) -> None:
        self._active: dict[str, float] = {}

    def update(self, levels: dict[str, float]) -> list[Speaker]:
        """Take each participant's loudness; returns those that began, changed noticeably or stopped, loudest first."""
        changes = []
        for sid, level in levels.items():
            before = self._active.get(sid)
            if level >= (ACTIVE_LEVEL if before is None else QUIET_LEVEL):
                if before is None or abs(level - before) >= CHANGE:
                    self._active[sid] = level
                    changes.append(Speaker(sid, level, True))
            elif before is not None:
                del self._active[sid]
                changes.append(Speaker(sid, 0.0, False))
        for sid in [sid for sid in self._active if sid not in levels]:
            del self._active[sid]
            changes.append(Speaker(sid, 0.0, False))
        return sorted(changes, key=lambda speaker: -speaker.level)
