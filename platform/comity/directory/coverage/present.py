"""Coverage in the reader's language: tiles, shares and the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from comity.core.i18n import N_, listed
from comity.directory.coverage.measure import Gap, Level, Order, Share, Standing, level
from comity.directory.facts import Reader
from comity.directory.labels import label
from comity.directory.names import sorting_key, state_name
from comity.directory.noticed import provision_words
from comity.directory.vocabulary import NotifiedProvision, RegionalGroup

GAPS: Mapping[Gap, str] = {
    Gap.DESIGNATION: N_("No designation"),
    Gap.NOTIFICATION: N_("No notification"),
    Gap.CONFIRMATION: N_("Not confirmed in time"),
    Gap.GUIDANCE: N_("No guidance"),
    Gap.REACHABILITY: N_("Nobody reachable"),
}
LEVELS: Mapping[Level, str] = {
    Level.COMPLETE: N_("Nothing is missing"),
    Level.PARTLY: N_("Something is missing"),
    Level.MISSING: N_("No designation"),
}
_IN_PLACE = N_("In place")
_SIGNS = {Level.COMPLETE: "✓", Level.MISSING: "–"}


@dataclass(frozen=True, slots=True)
class Row:
    """A Party in the table, and as a tile. said: the whole of it in a sentence. sign: in the tile, beside the code."""

    iso2: str
    name: str
    url: str
    region: RegionalGroup
    group: str
    standing: Standing
    notified: bool
    gaps: tuple[str, ...]
    level: Level
    sign: str
    said: str


@dataclass(frozen=True, slots=True)
class Group:
    """A regional group's tiles, with its share."""

    name: str
    share: str
    percent: int
    tiles: tuple[Row, ...]


def rows(
    standings: Iterable[Standing], provision: NotifiedProvision, looked_at: Gap | None, reader: Reader
) -> tuple[Row, ...]:
    """All Parties by name in the reader's language."""
    found = (_row(one, provision, looked_at, reader) for one in standings)
    return tuple(sorted(found, key=lambda row: sorting_key(row.name)))


def ordered(found: Iterable[Row], order: Order, *, down: bool) -> tuple[Row, ...]:
    """Rows that come by name, in another order; equal ones stay by name."""
    rows = list(found)
    if order is Order.NAME:
        return tuple(reversed(rows) if down else rows)
    sign, regions = -1 if down else 1, list(RegionalGroup)
    if order is Order.GROUP:
        return tuple(sorted(rows, key=lambda row: sign * regions.index(row.region)))
    return tuple(sorted(rows, key=lambda row: sign * len(row.gaps)))


def groups(found: Iterable[Row], shares: Iterable[Share]) -> tuple[Group, ...]:
    """The picture: tiles by regional group, each by its code."""
    by_region = {share.region: share for share in shares if share.region is not None}
    tiles: dict[RegionalGroup, list[Row]] = {}
    for row in sorted(found, key=lambda row: row.iso2):
        tiles.setdefault(row.region, []).append(row)
    return tuple(
        Group(_(label(region)), share_words(by_region[region]), by_region[region].percent, tuple(tiles[region]))
        for region in RegionalGroup
        if region in tiles
    )


def share_words(share: Share) -> str:
    """ "12 of 54"."""
    return str(_("%(covered)s of %(total)s", covered=share.covered, total=share.total))


def legend(looked_at: Gap | None) -> tuple[tuple[str, str, str], ...]:
    """What a tile means: level, sign and words."""
    if looked_at is not None:
        missing = (Level.MISSING.value, _SIGNS[Level.MISSING], str(_(GAPS[looked_at])))
        return ((Level.COMPLETE.value, _SIGNS[Level.COMPLETE], str(_(_IN_PLACE))), missing)
    return tuple((one.value, _SIGNS.get(one, "2"), str(_(words))) for one, words in LEVELS.items())


def provisions() -> list[tuple[str, str]]:
    """The provisions to choose from."""
    return [(one.value, " · ".join(reversed(provision_words(one)))) for one in NotifiedProvision]


def sheet(found: Iterable[Row], provision: NotifiedProvision) -> tuple[list[str], list[list[object]]]:
    """The table as head and rows, for a spreadsheet."""
    head = [
        _("Code"), _("State"), _("Regional group"), _("Central authorities"), provision_words(provision)[1],
        _("Entries"), _("Not confirmed in time"), _("Guidance"), _("Active practitioners"), _("Missing"),
    ]  # fmt: skip
    body: list[list[object]] = [
        [
            row.iso2, row.name, row.group, row.standing.central_authorities, _yes(row.notified), row.standing.entries,
            row.standing.overdue, _yes(row.standing.has_guidance), row.standing.practitioners, "; ".join(row.gaps),
        ]
        for row in found
    ]  # fmt: skip
    return [str(words) for words in head], body


def _row(one: Standing, provision: NotifiedProvision, looked_at: Gap | None, reader: Reader) -> Row:
    missing = one.gaps(provision)
    stands = level(missing, looked_at)
    words = tuple(str(_(GAPS[gap])) for gap in Gap if gap in missing)
    name = state_name(one.iso2, reader.language)
    return Row(
        iso2=one.iso2,
        name=name,
        url=url_for("directory.state", iso2=one.iso2),
        region=one.region,
        group=_(label(one.region)),
        standing=one,
        notified=provision in one.notified,
        gaps=words,
        level=stands,
        sign=_SIGNS.get(stands, str(len(words))),
        said=f"{name}: {_said(words, stands, looked_at, reader)}",
    )


def _said(words: tuple[str, ...], stands: Level, looked_at: Gap | None, reader: Reader) -> str:
    if looked_at is not None:
        return str(_(GAPS[looked_at]) if stands is Level.MISSING else _(_IN_PLACE))
    return listed(words, reader.language) if words else str(_(LEVELS[Level.COMPLETE]))


def _yes(value: bool) -> str:
    return str(_("Yes") if value else _("No"))
