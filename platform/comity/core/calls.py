"""The edge of the API: a request becomes a `Call`, is checked against its declaration, runs once, and is answered."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from flask import Flask, Response, g, request
from jsonschema import Draft202012Validator

from comity.core import idempotency, web
from comity.core.api import Answer, Call, Operation
from comity.core.idempotency import Attempt, Repeated
from comity.core.openapi import PREFIX
from comity.core.problems import Fault, InsufficientScope, NotJson, Unfit, Unreadable

_KEY = re.compile(r"[!-~]{1,200}")
_NUMBER = re.compile(r"-?[0-9]{1,15}")
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """How the caller came: what the roof found out before the view was called. client: whose secret or password."""

    client: str
    scopes: frozenset[str]


def add(app: Flask, operation: Operation, first: Callable[[Operation], None]) -> None:
    """Register an operation as a view. first: called before anything of the request is read."""
    checks = _Checks.of(operation)

    def view(**path: str) -> Response:
        first(operation)
        return _answer(operation, checks, path)

    name = f"api.{operation.id}"
    rule = PREFIX + re.sub(r"{(\w+)}", r"<\1>", operation.path)
    app.add_url_rule(rule, name, web.access(operation.decision)(view), methods=[operation.method])
    app.extensions["csrf"].exempt(view)


def standing() -> Standing | None:
    """How this request's caller came; None for nobody known."""
    return cast("Standing | None", g.get("api_standing"))


@dataclass(frozen=True, slots=True)
class _Checks:
    """The validators of an operation, made once. values: by name, of path and query."""

    values: Mapping[str, Draft202012Validator]
    body: Draft202012Validator | None

    @classmethod
    def of(cls, operation: Operation) -> _Checks:
        by_name = {p.name: _validator(p.schema) for p in operation.parameters}
        return cls(by_name, _validator(operation.body) if operation.body is not None else None)


def _answer(operation: Operation, checks: _Checks, path: Mapping[str, str]) -> Response:
    caller = standing()
    if caller is None or caller.scopes.isdisjoint(operation.scopes):
        raise InsufficientScope(operation.scopes)
    values = _values(operation, checks, path)
    body = _body(checks.body)
    call = Call(web.actor(), web.now(), values, body, lambda page: web.services().config.base_url + page)
    if operation.before is not None:
        operation.before(call)
    if not operation.changes:
        with web.reading() as session:
            return _made(operation, operation.run(session, call))
    return _changed(operation, call, caller)


def _changed(operation: Operation, call: Call, caller: Standing) -> Response:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        with web.writing() as session:
            answer = operation.run(session, call)
        return _made(operation, answer)
    if not _KEY.fullmatch(key):
        raise Unreadable
    asked = json.dumps([operation.id, dict(call.values), call.body], sort_keys=True).encode()
    attempt = Attempt(f"{call.actor.account_id}:{caller.client}", key, asked)
    with web.writing() as session:
        mine = idempotency.claim(session, attempt, call.now)
    if isinstance(mine, Repeated):
        return _sent(mine)
    try:
        with web.writing() as session:
            made = _kept(operation, operation.run(session, call))
            idempotency.keep(session, attempt, mine, made)
    except BaseException:
        with web.writing() as session:
            idempotency.release(session, attempt, mine)
        raise
    return _sent(made)


def _values(operation: Operation, checks: _Checks, path: Mapping[str, str]) -> dict[str, Any]:
    """Path and query as their schemas have them. An unknown parameter is refused: ignored, it would widen a search."""
    found: dict[str, Any] = {}
    faults = [Fault(name, "is not known here") for name in request.args if name not in checks.values or name in path]
    for parameter in operation.parameters:
        given = [path[parameter.name]] if parameter.where == "path" else request.args.getlist(parameter.name)
        if len(given) > 1:
            faults.append(Fault(parameter.name, "was given more than once"))
        elif given:
            value = _typed(given[0], parameter.schema)
            faults += [Fault(parameter.name, e.message) for e in checks.values[parameter.name].iter_errors(value)]
            found[parameter.name] = value
    if faults:
        raise Unfit(tuple(faults[:_MOST_FAULTS]))
    return found


def _typed(given: str, schema: Mapping[str, Any]) -> Any:
    if schema.get("type") == "integer" and _NUMBER.fullmatch(given):
        return int(given)
    if schema.get("type") == "boolean" and given in {"true", "false"}:
        return given == "true"
    return given


def _body(check: Draft202012Validator | None) -> dict[str, Any]:
    if check is None:
        return {}
    if request.mimetype != "application/json":
        raise NotJson
    try:
        document = json.loads(request.get_data(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unreadable from None
    faults = [Fault(_pointer(error.absolute_path), error.message[:300]) for error in check.iter_errors(document)]
    if faults:
        raise Unfit(tuple(faults[:_MOST_FAULTS]))
    return cast("dict[str, Any]", document)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _pointer(path: Any) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(dict(schema), format_checker=Draft202012Validator.FORMAT_CHECKER)


def _made(operation: Operation, answer: Answer) -> Response:
    response = _sent(_kept(operation, answer))
    if operation.tagged:
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
        response.headers["Cache-Control"] = "private, no-cache"
        response.make_conditional(request)
    return response


def _kept(operation: Operation, answer: Answer) -> Repeated:
    headers: dict[str, str] = {}
    base = web.services().config.base_url
    if answer.further is not None:
        query = {**request.args, **answer.further}
        headers["Link"] = f'<{base}{request.path}?{urlencode(query)}>; rel="next"'
    if answer.location is not None:
        headers["Location"] = base + PREFIX + answer.location
    return Repeated(int(operation.status), dict(answer.body), headers)


def _sent(made: Repeated) -> Response:
    body = json.dumps(made.body, ensure_ascii=False, sort_keys=True)
    return Response(body, status=made.status, headers=made.headers, mimetype="application/json")
