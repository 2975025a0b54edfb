"""Office hours: is anybody at their desk there now, and until when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Reachability:
    """Whether an office is open at an instant. changes_at: when it closes or opens next, in the office's zone."""

    is_open: bool
    local_time: datetime
    changes_at: datetime


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The weekly hours of an office.

    zone: IANA name. days: ISO weekdays, 1 for Monday to 7 for Sunday, at least one. opens, closes: wall clock
    there, opens before closes.
    Raises ValueError for hours that are none.
    """

    zone: str
    days: frozenset[int]
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not self.days or not self.days <= set(range(1, 8)):
            raise ValueError("office days are ISO weekdays, 1 to 7")
        if self.opens >= self.closes:
            raise ValueError("an office opens before it closes")

    def at(self, now: datetime) -> Reachability:
        """Whether the office is open. now: aware. The moment of closing counts as closed."""
        there = now.astimezone(ZoneInfo(self.zone))
        if there.isoweekday() in self.days and self.opens <= there.time() < self.closes:
            return Reachability(True, there, self._on(there, self.closes))
        return Reachability(False, there, self._next_opening(there))

    def _next_opening(self, there: datetime) -> datetime:
        for ahead in range(8):
            opening = self._on(there + timedelta(days=ahead), self.opens)
            if opening.isoweekday() in self.days and opening.timestamp() > there.timestamp():
                return opening
        raise AssertionError("a week holds every weekday")

    def _on(self, day: datetime, at: time) -> datetime:
        return datetime.combine(day.date(), at, tzinfo=ZoneInfo(self.zone))
