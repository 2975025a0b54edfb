"""The API in the application: its operations as routes, their OpenAPI document, and a page about them for people."""

from __future__ import annotations

import json

from flask import Blueprint, Flask, Response, render_template

from comity.app import callers
from comity.consultations import api as consultations
from comity.core import calls, openapi
from comity.core.api import Operation
from comity.core.problems import TABLE
from comity.core.web import access, api_description, services
from comity.directory import api as directory
from comity.people.oauth import api as me
from comity.people.oauth.scopes import WORDS

OPERATIONS: tuple[Operation, ...] = (
    *me.OPERATIONS, *directory.OPERATIONS, *consultations.OPERATIONS
)  # fmt: skip
blueprint = Blueprint("api", __name__, url_prefix="/api")


def init_app(app: Flask) -> None:
    """Register every operation, the document and the page."""
    app.register_blueprint(blueprint)
    for operation in OPERATIONS:
        calls.add(app, operation, callers.spend)


@blueprint.get("/openapi.json")
@access(api_description)
def described() -> Response:
    """OpenAPI 3.1."""
    made = openapi.document(
        OPERATIONS, services().config.base_url, {scope.value: words for scope, words in WORDS.items()}
    )
    return Response(json.dumps(made, ensure_ascii=False), mimetype="application/json")


@blueprint.get("/")
@access(api_description)
def page() -> str:
    """For people: what there is, what opens it, how to ask."""
    tags = dict.fromkeys(operation.tag for operation in OPERATIONS)
    return render_template(
        "api.html",
        base=services().config.base_url,
        groups=[(tag, [operation for operation in OPERATIONS if operation.tag == tag]) for tag in tags],
        scopes=[(scope.value, words) for scope, words in WORDS.items()],
        problems=TABLE,
        body=lambda operation: json.dumps(operation.example, ensure_ascii=False),
    )
