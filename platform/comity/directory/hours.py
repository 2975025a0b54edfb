"""Office hours: is anybody at their desk there now, and until when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from comity.directory import closures
from comity.directory.closures import Holiday

_FARTHEST = 366
"""Days."""


@dataclass(frozen=True, slots=True)
class Reachability:
    """Whether an office is open at an instant. changes_at: when it closes or opens next, in the office's zone.

    closed_for: what keeps it closed on what would be an office day; without a name where the office just says so.
    """

    is_open: bool
    local_time: datetime
    changes_at: datetime
    closed_for: Holiday | None = None


def weekday_runs(days: frozenset[int]) -> list[tuple[int, int]]:
    """Weekdays as runs of first and last, Sunday being followed by Monday: {7, 1, 2, 5} is (5, 5), (7, 2).

    days: ISO weekdays, at least one. In the order of the week; all seven are one run from Monday.
    """
    if len(days) == 7:
        return [(1, 7)]
    runs = []
    for first in sorted(day for day in days if (day - 2) % 7 + 1 not in days):
        last = first
        while last % 7 + 1 in days:
            last = last % 7 + 1
        runs.append((first, last))
    return runs


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The weekly hours of an office.

    zone: IANA name. days: ISO weekdays, 1 for Monday to 7 for Sunday, at least one. opens, closes: wall clock
    there, opens before closes. calendar: of the public holidays kept (see `closures`). closed_on: further days.
    Raises ValueError for hours that are none.
    """

    zone: str
    days: frozenset[int]
    opens: time
    closes: time
    calendar: str | None = None
    closed_on: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.days or not self.days <= set(range(1, 8)):
            raise ValueError("office days are ISO weekdays, 1 to 7")
        if self.opens >= self.closes:
            raise ValueError("an office opens before it closes")

    def at(self, now: datetime) -> Reachability:
        """Whether the office is open. now: aware. The moment of closing counts as closed."""
        there = now.astimezone(ZoneInfo(self.zone))
        closed_for = self.closed_for(there.date())
        works = there.isoweekday() in self.days and closed_for is None
        if works and self.opens <= there.time() < self.closes:
            return Reachability(True, there, self._on(there, self.closes))
        return Reachability(False, there, self._next_opening(there), closed_for)

    def closed_for(self, on: date) -> Holiday | None:
        """What closes the office on a day of its week; None on a day when it works, or never does."""
        if on.isoweekday() not in self.days:
            return None
        if on in self.closed_on:
            return Holiday(on, "", "")
        return closures.holiday(self.calendar, on) if self.calendar else None

    def _next_opening(self, there: datetime) -> datetime:
        first = None
        for ahead in range(_FARTHEST):
            opening = self._on(there + timedelta(days=ahead), self.opens)
            if opening.isoweekday() not in self.days or opening.timestamp() <= there.timestamp():
                continue
            first = first or opening
            if self.closed_for(opening.date()) is None:
                return opening
        # Closed on every day of a year, it says: then its week alone can tell.
        if first is None:
            raise AssertionError("a week holds every weekday")
        return first

    def _on(self, day: datetime, at: time) -> datetime:
        return datetime.combine(day.date(), at, tzinfo=ZoneInfo(self.zone))
