"""The OpenAPI 3.1 document, made from the declared operations. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from comity.core.api import Operation, Parameter
from comity.core.problems import BY_CODE

PREFIX = "/api/v1"
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "field": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Up to 200 printable characters. Repeated with the same request within 24 hours: answered alike.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


def document(operations: Iterable[Operation], base_url: str, scopes: Mapping[str, str]) -> dict[str, Any]:
    """The document. base_url: of the installation. scopes: words by scope, in English."""
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for operation in operations:
        paths[operation.path][operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Comity",
            "version": "1",
            "summary": "Direct contact between central authorities",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": f"{base_url}{PREFIX}"}],
        "paths": dict(paths),
        "components": {
            "schemas": {"Problem": _PROBLEM},
            "securitySchemes": {
                "oauth": {
                    "type": "oauth2",
                    "description": f"OAuth 2.1; metadata at {base_url}/.well-known/oauth-authorization-server",
                    "flows": _flows(base_url, scopes),
                },
                "applicationPassword": {"type": "http", "scheme": "basic"},
            },
        },
    }


def _flows(base_url: str, scopes: Mapping[str, str]) -> dict[str, Any]:
    token = f"{base_url}/oauth/token"
    for_clients = {scope: words for scope, words in scopes.items() if scope != "dav"}
    return {
        "clientCredentials": {"tokenUrl": token, "scopes": for_clients},
        "authorizationCode": {
            "authorizationUrl": f"{base_url}/oauth/authorize",
            "tokenUrl": token,
            "refreshUrl": token,
            "scopes": for_clients,
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "security": [
            {"applicationPassword": []} if scope == "dav" else {"oauth": [scope]} for scope in operation.scopes
        ],
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        "responses": _responses(operation),
    }
    if operation.changes:
        made["parameters"].append(_KEY)
    if operation.body is not None:
        content = {"schema": operation.body, **({"example": operation.example} if operation.example else {})}
        made["requestBody"] = {"required": True, "content": {"application/json": content}}
    return made


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.where == "path",
        "description": parameter.words,
        "schema": parameter.schema,
    }


def _responses(operation: Operation) -> dict[str, Any]:
    limits = {name: {"schema": {"type": "string"}} for name in ("RateLimit", "RateLimit-Policy")}
    headers: dict[str, Any] = dict(limits)
    if operation.tagged:
        headers["ETag"] = {"schema": {"type": "string"}}
    if any(parameter.name in {"cursor", "after"} for parameter in operation.parameters):
        headers["Link"] = {"schema": {"type": "string"}, "description": 'rel="next": the page after this one'}
    if operation.status is HTTPStatus.CREATED:
        headers["Location"] = {"schema": {"type": "string"}}
    good = {
        "description": operation.status.phrase,
        "headers": headers,
        "content": {"application/json": {"schema": operation.answer}},
    }
    made: dict[str, Any] = {str(int(operation.status)): good}
    if operation.tagged:
        made["304"] = {"description": "Not changed since the ETag that If-None-Match names"}
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in operation.problems:
        by_status[int(BY_CODE[code].status)].append(code)
    for status, codes in sorted(by_status.items()):
        made[str(status)] = {
            "description": " ".join(f"`{code}`: {BY_CODE[code].words}" for code in codes),
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return made
