"""What the API offers, declared once: routes, checks and the OpenAPI document are made from the same values.

Each domain declares its operations beside its services, in a module `api.py`; the roof composes them. Schemas are JSON
Schema 2020-12, as OpenAPI 3.1 has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal

from sqlalchemy.orm import Session

from comity.core.actor import Actor

Schema = Mapping[str, Any]
MOST_ON_A_PAGE, ON_A_PAGE = 100, 50
LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Parameter:
    """A part of the address. where: path or query. words: for the document, in English."""

    name: str
    where: Literal["path", "query"]
    schema: Schema
    words: str


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was checked: who asks, when, and what for. values: path and query, as their schemas have them."""

    actor: Actor
    now: datetime
    values: Mapping[str, Any]
    body: Mapping[str, Any]
    page: Callable[[str], str]
    """The absolute address of a page for people, by its path."""

    def text(self, name: str) -> str:
        """A string of the address; empty where it was left out."""
        return str(self.values.get(name, ""))

    def number(self, name: str, otherwise: int = 0) -> int:
        """A whole number of the address."""
        return int(self.values.get(name, otherwise))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back. further: parameters of the next page's address, for the Link header (RFC 8288).

    location: path of what was made (RFC 9110, 10.2.2).
    """

    body: Mapping[str, Any]
    further: Mapping[str, Any] | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One call. path: below /api/v1, with {name} for its parameters. scopes: any of them opens it.

    changes: whether it writes, and so takes an Idempotency-Key. before: what is done before the work, in a unit of its
    own. tagged: whether its answer carries an ETag. example: a body for the document.
    """

    id: str
    method: Literal["GET", "POST", "PUT"]
    path: str
    tag: str
    summary: str
    scopes: tuple[str, ...]
    decision: Callable[[Actor | None], bool]
    answer: Schema
    run: Callable[[Session, Call], Answer]
    parameters: tuple[Parameter, ...] = ()
    body: Schema | None = None
    example: Mapping[str, Any] = field(default_factory=dict)
    before: Callable[[Call], None] | None = None
    status: HTTPStatus = HTTPStatus.OK
    tagged: bool = False
    hidden: bool = False
    """Whether what it is about may be unknown to the caller: then it may be answered by "not found"."""

    @property
    def changes(self) -> bool:
        return self.method != "GET"

    @property
    def problems(self) -> tuple[str, ...]:
        """The codes of the problems it may be answered with."""
        found = ["sign-in-required", "invalid-token", "insufficient-scope", "invalid", "too-many", "internal"]
        if self.hidden:
            found.append("not-found")
        if self.changes:
            found += ["bad-request", "refused", "conflict", "still-answering", "key-reused", "too-large"]
            found.append("unsupported-media-type")
        return tuple(found)


def obj(**members: Schema) -> Schema:
    """An object with exactly these members, all of them there."""
    return {
        "type": "object", "properties": members, "required": list(members), "additionalProperties": False
    }  # fmt: skip


def listed(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def text(words: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": words} if words else {}), **more}


def one_of(values: type[Any], words: str = "") -> Schema:
    """A term of an enumeration, by its value."""
    return text(words, enum=[term.value for term in values])


def whole(words: str = "", least: int = 0, most: int = LARGEST) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most, **({"description": words} if words else {})}


def maybe(schema: Schema) -> Schema:
    """The schema, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


INSTANT = text("An instant in UTC, RFC 3339", format="date-time")
DAY = text("A date, RFC 3339", format="date")
TRUTH: Schema = {"type": "boolean"}
LIMIT = Parameter("limit", "query", whole(least=1, most=MOST_ON_A_PAGE), f"How many at most; {ON_A_PAGE} if left out.")
CURSOR = Parameter(
    "cursor", "query", text(minLength=1, maxLength=300), "Where the page before ended: take it from the Link header."
)


def page_of(of: Schema) -> Schema:
    """A page of a list; the Link header leads to the next one."""
    return obj(items=listed(of))


def instant(moment: datetime) -> str:
    """An instant as the API writes it."""
    return moment.isoformat()
