"""The directory's first page: search with filters, or everything by regional group; and results while one types."""

from __future__ import annotations

from flask import Response, current_app, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from comity.core.web import access, reading
from comity.directory import searching, services
from comity.directory.access import may_see_coverage, may_use_exchange, may_view_directory
from comity.directory.browse import groups
from comity.directory.labels import label
from comity.directory.readers import reader
from comity.directory.results import filter_fields, filters_set, page_links, result, tab_links
from comity.directory.search.filters import OPEN_NOW, Chosen, Filter, Tab, code_of
from comity.directory.search.memory import Memory
from comity.directory.views import Tab as PartTab
from comity.directory.views import part_address
from comity.directory.vocabulary import Part

_MOST_SUGGESTED = 10


@access(may_view_directory)
def index() -> str:
    """Search and filters, or everything by regional group."""
    asked, chosen = request.args.get("q", "").strip(), _chosen()
    wanted = request.args.get("part", "")
    tab = Tab(wanted) if wanted in set(Tab) else Tab.ALL
    return _found(asked, chosen, tab) if asked or chosen or tab in (Tab.PEOPLE, Tab.NETWORKS) else _browse()


@access(may_view_directory)
def suggest() -> Response:
    """What a combobox shows while somebody types.

    `{results: [{name, detail, language, direction, url}], words}`
    """
    me = reader()
    with reading() as session:
        found = searching.suggest(session, me.actor, memory(), request.args.get("q", ""), _MOST_SUGGESTED)
        lines = [result(thing, me) for thing in found.things]
    words = ngettext("%(num)s result", "%(num)s results", len(lines))
    if found.corrected:
        words = f"{_('Results for %(words)s', words=found.corrected)}: {words}"
    shown = [{name: getattr(line, name) for name in _SUGGESTED} for line in lines]
    return jsonify(results=shown, words=words)


_SUGGESTED = ("name", "detail", "language", "direction", "url")


def memory() -> Memory:
    """What this process keeps of the search rows."""
    found: Memory = current_app.extensions["comity.directory"]
    return found


def _found(asked: str, chosen: Chosen, tab: Tab) -> str:
    me = reader()
    with reading() as session:
        found = searching.search(session, me.actor, memory(), asked, chosen, tab, me.now, _page())
        networks = services.network_names(session, me.actor)
        lines = [result(thing, me) for thing in found.things]
    return render_template(
        "directory/found.html",
        asked=asked,
        corrected=found.corrected,
        tab=tab.value,
        tabs=tab_links(found.counted, tab, asked, chosen),
        results=lines,
        fields=filter_fields(found.counted, chosen, networks, me),
        chosen=filters_set(chosen, tab, asked, networks, me),
        pages=page_links(found.page, found.pages, asked, chosen, tab),
        words=ngettext("%(num)s result", "%(num)s results", found.total),
    )


def _browse() -> str:
    me = reader()
    wanted = request.args.get("part")
    part = Part(wanted) if wanted in set(Part) else Part.A
    with reading() as session:
        states = services.all_states(session, me.actor)
        counts = services.entry_counts(session, me.actor)
    totals = {one: sum(count for (_iso2, of), count in counts.items() if of is one) for one in Part}
    return render_template(
        "directory/browse.html",
        groups=groups(states, counts, part, me.language),
        part=_(label(part)),
        tabs=[PartTab(_(label(one)), part_address(one), one is part, totals[one]) for one in Part],
        may_see_coverage=may_see_coverage(me.actor),
        may_use_exchange=may_use_exchange(me.actor),
    )


def _chosen() -> Chosen:
    """The filters in the address that mean something."""
    given = {one: request.args.get(one.value, "") for one in Filter}
    return {
        one: value
        for one, value in given.items()
        if value and (value == OPEN_NOW if one is Filter.OPEN else _means_something(one, value))
    }


def _means_something(one: Filter, value: str) -> bool:
    """A filter whose value is none, or that nothing in the directory has, is left out."""
    code = code_of(one, value)
    with reading() as session:
        return code is not None and memory().contents(session).mask(code) != 0


def _page() -> int:
    value = request.args.get("page", "")
    return int(value) if value.isdecimal() and len(value) < 5 else 1
