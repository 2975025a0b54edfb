"""The secretariat's page of providers: which there are, for whom, and what their groups give. Read only."""

from __future__ import annotations

from flask import Blueprint, render_template

from comity.core.web import access, reading
from comity.federation import registry
from comity.federation.access import may_see_providers

blueprint = Blueprint("providers", __name__, url_prefix="/providers", template_folder="templates")


@blueprint.get("")
@access(may_see_providers)
def index() -> str:
    with reading() as session:
        lines = registry.lines(session)
    return render_template("federation/index.html", lines=lines)
