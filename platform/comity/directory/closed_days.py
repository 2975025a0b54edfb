"""The days on which an office is closed, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from comity.core.times import day
from comity.directory.closures import Holiday, upcoming
from comity.directory.facts import Reader
from comity.directory.hours import OfficeHours

_MOST = 4


@dataclass(frozen=True, slots=True)
class HolidayLine:
    """A day on which an office is closed. language: of the name; no name where the office gives no reason."""

    day: str
    name: str
    language: str


def holiday_lines(hours: OfficeHours, reader: Reader) -> tuple[HolidayLine, ...]:
    """The next days on which the office is closed, today included."""
    today = reader.now.astimezone(ZoneInfo(hours.zone)).date()
    kept = upcoming(hours.calendar, today, reader.language, _MOST) if hours.calendar else ()
    own = [Holiday(on, "", "") for on in hours.closed_on if on >= today]
    nearest = sorted({one.on: one for one in (*own, *kept)}.values(), key=lambda one: one.on)[:_MOST]
    return tuple(HolidayLine(day(one.on, reader.language), one.name, one.language) for one in nearest)
