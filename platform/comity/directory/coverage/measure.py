"""Which Party lacks what, and how much of each regional group is covered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from comity.directory.vocabulary import NotifiedProvision, RegionalGroup


class Gap(StrEnum):
    """What may be missing."""

    DESIGNATION = "designation"
    """No authority in part A (18(13))."""
    NOTIFICATION = "notification"
    """Nothing that can be relied on under the provision looked at."""
    CONFIRMATION = "confirmation"
    """An entry was not confirmed in time."""
    GUIDANCE = "guidance"
    """Nothing says what they need."""
    REACHABILITY = "reachability"
    """No active practitioner."""


class Level(StrEnum):
    """How a Party stands, all in all or by one gap."""

    COMPLETE = "complete"
    PARTLY = "partly"
    MISSING = "missing"


class Order(StrEnum):
    """What the table is sorted by."""

    NAME = "name"
    GROUP = "group"
    GAPS = "gaps"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the directory holds of a Party. notified: provisions with a current notification. entries, overdue: records
    that are to be confirmed, and those of them that were not in time. practitioners: active ones.
    """

    iso2: str
    region: RegionalGroup
    central_authorities: int
    notified: frozenset[NotifiedProvision]
    entries: int
    overdue: int
    has_guidance: bool
    practitioners: int

    def gaps(self, provision: NotifiedProvision) -> frozenset[Gap]:
        """What is missing. provision: under which a notification is looked for."""
        missing = {
            Gap.DESIGNATION: self.central_authorities == 0,
            Gap.NOTIFICATION: provision not in self.notified,
            Gap.CONFIRMATION: self.overdue > 0,
            Gap.GUIDANCE: not self.has_guidance,
            Gap.REACHABILITY: self.practitioners == 0,
        }
        return frozenset(gap for gap, is_missing in missing.items() if is_missing)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a group's Parties lack nothing that is looked at. region: None for all."""

    region: RegionalGroup | None
    covered: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded down: 100 means all of them."""
        return self.covered * 100 // self.total if self.total else 0


def level(gaps: frozenset[Gap], looked_at: Gap | None) -> Level:
    """How a Party stands. looked_at: one gap alone; None for all together.

    Without a designation nobody can be asked: all in all that is missing, whatever else there is.
    """
    if looked_at is not None:
        return Level.MISSING if looked_at in gaps else Level.COMPLETE
    if Gap.DESIGNATION in gaps:
        return Level.MISSING
    return Level.PARTLY if gaps else Level.COMPLETE


def shares(standings: Iterable[Standing], provision: NotifiedProvision, looked_at: Gap | None) -> tuple[Share, ...]:
    """All together first, then each regional group that has Parties here."""
    found = [(one.region, level(one.gaps(provision), looked_at) is Level.COMPLETE) for one in standings]
    groups = [_share(region, [ok for of, ok in found if of is region]) for region in RegionalGroup]
    return (_share(None, [ok for _region, ok in found]), *(share for share in groups if share.total))


def counts(standings: Iterable[Standing], provision: NotifiedProvision) -> dict[Gap, int]:
    """How many Parties lack each thing."""
    missing = [one.gaps(provision) for one in standings]
    return {gap: sum(gap in gaps for gaps in missing) for gap in Gap}


def _share(region: RegionalGroup | None, covered: Sequence[bool]) -> Share:
    return Share(region, sum(covered), len(covered))
