"""The page of who looked at one's own data."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from comity.core.web import access, actor, reading
from comity.directory.access import may_see_own_looks
from comity.directory.own_looks import own_looks

blueprint = Blueprint("own_looks", __name__, url_prefix="/account/looks", template_folder="templates")


@blueprint.get("")
@access(may_see_own_looks)
def page() -> str:
    """`?before=` a cursor, for older ones."""
    before = request.args.get("before", type=int)
    with reading() as session:
        found = own_looks(session, actor(), before)
    return render_template("directory/own_looks.html", looks=found, first=before is None)
