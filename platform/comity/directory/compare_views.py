"""Two States side by side: law and practice, receiving requests, and what they need."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from comity.core.web import access, actor, reading
from comity.directory import choosing, comparing, services
from comity.directory.access import may_view_directory
from comity.directory.facts import practice_facts, receiving_facts
from comity.directory.guidance import present
from comity.directory.guidance.services import guidance
from comity.directory.models import Authority
from comity.directory.names import state_name
from comity.directory.readers import reader

blueprint = Blueprint("compare", __name__, url_prefix="/compare", template_folder="templates")


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the two. authority: None where none is designated."""

    iso2: str
    name: str
    url: str
    guidance_url: str
    authority: Authority | None
    sections: dict[str, present.Section]


@dataclass(frozen=True, slots=True)
class Difference:
    """An element of a request in both. The law that a requirement stands on makes no difference."""

    name: str
    article: str
    a: present.Section | None
    b: present.Section | None

    @property
    def differs(self) -> bool:
        return _asked(self.a) != _asked(self.b)


@blueprint.get("")
@access(may_view_directory)
def page() -> str:
    """`?a=AT&b=TH`. Without `a` the reader's own State; without both, a choice alone."""
    own = actor().posts[0].state if actor().posts else ""
    a, b = (request.args.get("a") or own).upper(), request.args.get("b", "").upper()
    with reading() as session:
        states = choosing.states(session, reader().language)
        two = [_compared(session, iso2) for iso2 in (a, b) if iso2] if b else []
        groups = _groups(two) if b and a else []
    return render_template(
        "directory/compare.html",
        states=states,
        a=a,
        b=b,
        two=two,
        groups=groups,
        elements=_elements(two) if groups else [],
        only=request.args.get("only") == "differences",
    )


def _compared(session: Session, iso2: str) -> Compared:
    state = services.state(session, actor(), iso2)
    stated = present.stated(guidance(session, actor(), iso2).requirements)
    return Compared(
        iso2=state.iso2,
        name=state_name(state.iso2, reader().language),
        url=url_for("directory.state", iso2=state.iso2),
        guidance_url=url_for("directory.guidance.page", iso2=state.iso2),
        authority=comparing.speaks_for(state.authorities),
        sections={section.key: section for section in present.sections(stated, reader(), (reader().language,))},
    )


def _groups(two: list[Compared]) -> list[tuple[str, str, tuple[comparing.Pair, ...]]]:
    a, b = (one.authority for one in two)
    receiving = comparing.pairs(*(receiving_facts(one, reader()) if one else () for one in (a, b)))
    practice = comparing.pairs(*(practice_facts(one) if one else () for one in (a, b)))
    found = [("receiving", _("Receiving requests"), receiving), ("practice", _("Law and practice"), practice)]
    return [group for group in found if group[2]]


def _elements(two: list[Compared]) -> list[Difference]:
    a, b = (one.sections for one in two)
    found = []
    for key in dict.fromkeys((*a, *b)):
        one = a.get(key) or b[key]
        found.append(Difference(one.name, one.article, a.get(key), b.get(key)))
    return found


def _asked(section: present.Section | None) -> set[tuple[str, str, tuple[str, ...]]]:
    return {(row.need.words, row.shown.words, row.reasons) for row in section.rows} if section else set()
