"""The coverage page, and the same as a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from comity.core.web import access, actor, reading
from comity.directory.access import may_see_coverage
from comity.directory.coverage import measure, present, services, sheet
from comity.directory.coverage.measure import Gap, Order, Standing
from comity.directory.labels import label
from comity.directory.noticed import provision_words
from comity.directory.readers import reader, today
from comity.directory.vocabulary import NotifiedProvision, RegionalGroup

blueprint = Blueprint("coverage", __name__, template_folder="../templates")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for."""

    provision: NotifiedProvision
    gap: Gap | None
    group: RegionalGroup | None
    order: Order
    down: bool

    def url(self, endpoint: str, **changed: str | None) -> str:
        """The address of the same question, with something changed."""
        kept: dict[str, Any] = {
            "provision": self.provision.value,
            "gap": self.gap.value if self.gap else None,
            "group": self.group.value if self.group else None,
            "sort": self.order.value,
            "down": "yes" if self.down else None,
        }
        return url_for(endpoint, **{**kept, **changed})


@dataclass(frozen=True, slots=True)
class Tab:
    """What the picture looks at. count: Parties that lack it."""

    label: str
    url: str
    current: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that the table can be sorted by. sorted: as in `aria-sort`."""

    words: str
    url: str
    sorted: str


@blueprint.get("/coverage")
@access(may_see_coverage)
def page() -> str:
    """`?gap=guidance&group=african&provision=18(13)&sort=gaps&down=yes`."""
    asked = _asked()
    found = _standings(asked)
    rows = present.rows(found, asked.provision, asked.gap, reader())
    shares = measure.shares(found, asked.provision, asked.gap)
    return render_template(
        "directory/coverage.html",
        tabs=_tabs(asked, found),
        groups=present.groups(rows, shares),
        legend=present.legend(asked.gap),
        whole=present.share_words(shares[0]),
        percent=shares[0].percent,
        rows=_shown(rows, asked),
        headings=[_heading(asked, order, words) for order, words in _columns()],
        provision=asked.provision.value,
        provisions=present.provisions(),
        provision_article=provision_words(asked.provision)[1],
        group=asked.group.value if asked.group else "",
        regions=[(region.value, _(label(region))) for region in RegionalGroup],
        gap=asked.gap.value if asked.gap else "",
        sheet_url=asked.url(".table"),
    )


@blueprint.get("/coverage.csv")
@access(may_see_coverage)
def table() -> Response:
    """The rows that the page shows, as CSV."""
    asked = _asked()
    rows = _shown(present.rows(_standings(asked), asked.provision, asked.gap, reader()), asked)
    answer = Response(sheet.as_csv(*present.sheet(rows, asked.provision)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=coverage.csv"
    return answer


def _asked() -> Asked:
    args = request.args
    gap, group, order = args.get("gap"), args.get("group"), args.get("sort")
    provision = args.get("provision")
    return Asked(
        NotifiedProvision(provision) if provision in set(NotifiedProvision) else NotifiedProvision.UNTOC_16_5_A,
        Gap(gap) if gap in set(Gap) else None,
        RegionalGroup(group) if group in set(RegionalGroup) else None,
        Order(order) if order in set(Order) else Order.NAME,
        args.get("down") == "yes",
    )


def _standings(asked: Asked) -> tuple[Standing, ...]:
    with reading() as session:
        found = services.standings(session, actor(), today())
    return tuple(one for one in found if asked.group in (None, one.region))


def _shown(rows: tuple[present.Row, ...], asked: Asked) -> tuple[present.Row, ...]:
    """With a gap looked at, those alone that have it."""
    found = [row for row in rows if asked.gap is None or asked.gap in row.standing.gaps(asked.provision)]
    return present.ordered(found, asked.order, down=asked.down)


def _tabs(asked: Asked, found: tuple[Standing, ...]) -> list[Tab]:
    counted = measure.counts(found, asked.provision)
    whole = Tab(_("All"), asked.url(".page", gap=None), asked.gap is None, len(found))
    return [
        whole,
        *(Tab(_(present.GAPS[gap]), asked.url(".page", gap=gap.value), asked.gap is gap, counted[gap]) for gap in Gap),
    ]


def _columns() -> tuple[tuple[Order, str], ...]:
    return ((Order.NAME, _("State")), (Order.GROUP, _("Regional group")), (Order.GAPS, _("Missing")))


def _heading(asked: Asked, order: Order, words: str) -> Heading:
    """Following it sorts by this column; the column that sorts already turns round."""
    current = asked.order is order
    down = (not asked.down) if current else order is Order.GAPS
    url = asked.url(".page", sort=order.value, down="yes" if down else None, _anchor="table")
    return Heading(words, url, ("descending" if asked.down else "ascending") if current else "none")
