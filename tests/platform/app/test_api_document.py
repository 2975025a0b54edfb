"""The OpenAPI document is valid, and the API answers as it says: schemathesis asks, with tokens of each kind."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from limits import RateLimitItemPerMinute
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select

from comity.app.apidoc import document
from comity.directory.models import Authority
from tests.support.callers import Caller, headers
from tests.support.people import AUSTRIA

EXAMPLES = 8
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
]  # fmt: skip
EXPECTED = {
    "a case system": ({200, 201, 404}, {400, 422}),
    "a reader of the directory": ({200, 403}, {403, 422}),
    "nobody": ({401}, {401}),
    "a forger": ({401}, {401}),
}
"""Statuses that must come, for what fits the document and for what does not. Who is not known gets nothing else."""

DOCS = Path(__file__).parents[3] / "docs" / "api.md"


@pytest.fixture
def caller(application: Flask) -> Caller:
    application.extensions["comity.api.limits"] = dict.fromkeys((True, False), RateLimitItemPerMinute(100_000))
    return Caller(application)


def test_the_document_is_valid(caller: Caller) -> None:
    found = caller.client.get("/api/openapi.json").get_json()
    assert [str(fault) for fault in OpenAPIV31SpecValidator(found).iter_errors()] == []
    assert found["openapi"].startswith("3.1")


def test_the_page_for_people_lists_every_operation(caller: Caller) -> None:
    document, page = caller.client.get("/api/openapi.json").get_json(), caller.client.get("/api/").text
    named = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(named) > 10
    assert [name for name in named if f'id="{name}"' not in page] == []
    assert "<script src" not in page.replace('<script src="/static', "") or "https://" not in page


def test_the_documentation_is_current() -> None:
    assert DOCS.read_text(encoding="utf-8") == document(), "run: python -m comity.app.apidoc > docs/api.md"


def _tokens(caller: Caller) -> dict[str, str | None]:
    return {
        "a case system": caller.system_token(AUSTRIA),
        "a reader of the directory": caller.system_token(AUSTRIA, scopes=("directory.read",)),
        "nobody": None,
        "a forger": "forged",
    }


def _prepared(caller: Caller, token: str) -> str:
    with caller.services.db.reading() as session:
        other = session.scalars(select(Authority.id).where(Authority.code == "th-a")).one()
    opening = {
        "authority": other, "subject": "Larch", "stage": "before-submission", "kind": "extradition",
        "side": "requesting",
    }  # fmt: skip
    return str(caller.send("POST", "/consultations", token, opening).get_json()["id"])


@pytest.mark.parametrize("who", EXPECTED)
@pytest.mark.parametrize("mode", GenerationMode)
def test_it_answers_as_it_says(caller: Caller, who: str, mode: GenerationMode) -> None:
    tokens = _tokens(caller)
    larch, token = _prepared(caller, tokens["a case system"] or ""), tokens[who]
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", caller.application)
    answered: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        if mode is GenerationMode.POSITIVE or operation.path_parameters or operation.query or operation.body:
            answered += _asked(operation, mode, headers(token), larch)
    expected = EXPECTED[who][mode is GenerationMode.NEGATIVE]
    assert expected <= set(answered), answered
    assert set(answered) == expected or 401 not in expected
    assert sum(answered.values()) >= EXAMPLES * 8


def _asked(operation: Any, mode: GenerationMode, sent: dict[str, str], larch: str) -> Counter[int]:
    """Ask one operation many things; how often each status was the answer."""
    answered: Counter[int] = Counter()

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: schemathesis.Case[Any]) -> None:
        if mode is GenerationMode.POSITIVE and "consultation" in (case.path_parameters or {}):
            case.path_parameters["consultation"] = larch
        response = case.call(headers=sent)
        case.validate_response(response, checks=CHECKS)
        answered[response.status_code] += 1

    ask()
    return answered
