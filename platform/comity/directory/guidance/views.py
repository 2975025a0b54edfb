"""The page "What they need": a State's guidance for a kind of cooperation, in a language, on the screen and printed."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from comity.core.web import access, actor, reading
from comity.directory.access import may_view_directory
from comity.directory.guidance import present, rules, services
from comity.directory.guidance.terms import Form, Kind
from comity.directory.names import state_name
from comity.directory.readers import reader

blueprint = Blueprint("guidance", __name__, url_prefix="/states/<iso2>/guidance", template_folder="../templates")


@blueprint.get("")
@access(may_view_directory)
def page(iso2: str) -> str:
    """What a State needs: `?kind=mutual-legal-assistance&form=records&urgent=yes&language=th`; no kind shows all."""
    kind, forms, urgent = _kind(), _forms(), request.args.get("urgent") == "yes"
    with reading() as session:
        found = services.guidance(session, actor(), iso2)
        may_edit = services.may_edit(session, actor(), found.iso2)
    chosen = request.args.get("language", "")
    wanted = (*((chosen,) if chosen in found.languages else ()), reader().language)
    asked = (
        rules.requirements_for(found.requirements, kind, forms, urgent=urgent)
        if kind
        else present.stated(found.requirements)
    )
    return render_template(
        "directory/guidance.html",
        iso2=found.iso2,
        name=state_name(found.iso2, reader().language),
        empty_guidance=found.is_empty,
        demonstration=found.demonstration,
        sections=present.sections(asked, reader(), wanted),
        count=len(asked),
        prose=present.prose(found.texts, wanted, reader()),
        links=present.link_rows(found.links, reader()),
        kinds=[(one.value, present.kind_words(one)) for one in Kind],
        kind=kind.value if kind else "",
        forms=[(one.value, present.form_words(one)) for one in Form],
        chosen_forms=[one.value for one in forms],
        urgent=urgent,
        languages=[(code, present.tongue(code, reader())) for code in found.languages],
        language=next((code for code in (*wanted, "en") if code in found.languages), ""),
        may_edit=may_edit,
    )


def _kind() -> Kind | None:
    value = request.args.get("kind")
    return Kind(value) if value in set(Kind) else None


def _forms() -> tuple[Form, ...]:
    asked = set(request.args.getlist("form"))
    return tuple(form for form in Form if form.value in asked)
