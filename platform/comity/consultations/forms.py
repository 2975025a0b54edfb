"""Reading what a browser sent: forms and JSON documents become plain values, nothing more."""

from __future__ import annotations

import secrets
from typing import Any

from flask import request

from comity.consultations.services import Opening
from comity.consultations.terms import KIND_OF_FUNCTION, Side, Stage
from comity.core.errors import Invalid, NotFound

_FIELDS = ("subject", "stage", "kind", "side", "reference", "client_id")


def new_client_id() -> str:
    """A name for something that a form without script sends."""
    return secrets.token_urlsafe(16)


def blank_opening() -> dict[str, str]:
    """The form to start a consultation, before anybody typed. `?function=` of the directory chooses the kind."""
    preset = {"stage": Stage.BEFORE_SUBMISSION.value, "side": Side.REQUESTING.value, "client_id": new_client_id()}
    if kind := KIND_OF_FUNCTION.get(request.args.get("function", "")):
        preset["kind"] = kind.value
    return dict.fromkeys(_FIELDS, "") | preset


def typed_opening() -> dict[str, str]:
    """The same form as it was sent."""
    return {name: request.form.get(name, "") for name in _FIELDS}


def opening(authority_id: int, typed: dict[str, str]) -> Opening:
    """The form as the service takes it."""
    return Opening(authority_id=authority_id, **typed)


def authority_id() -> int:
    """The authority named in the address. Raises NotFound for none."""
    return number("authority") or _missing()


def number(name: str) -> int | None:
    """A whole number from the query, or None."""
    value = request.args.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


def document() -> dict[str, Any]:
    """The JSON object in the body. Raises Invalid for anything else."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Invalid
    return body


def text(body: dict[str, Any], name: str) -> str:
    """A string of a JSON object. Raises Invalid for anything else."""
    value = body.get(name)
    if not isinstance(value, str):
        raise Invalid(field=name)
    return value


def texts(body: dict[str, Any], name: str) -> list[str]:
    """A list of strings of a JSON object; empty where there is none. Raises Invalid for anything else."""
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Invalid(field=name)
    return value


def position(body: dict[str, Any], name: str = "position") -> int:
    """A position of the journal. Raises Invalid for anything but a whole number from 0."""
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Invalid(field=name)
    return value


def _missing() -> int:
    raise NotFound
