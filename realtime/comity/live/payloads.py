"""What clients send, checked: each event's payload becomes a frozen value. Pure. See protocol.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comity.core.errors import Invalid

_LARGEST_POSITION = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Join:
    consultation: str
    cursor: int

    @classmethod
    def of(cls, payload: object) -> Join:
        fields = _fields(payload)
        return cls(_text(fields, "consultation"), _position(fields, "cursor"))


@dataclass(frozen=True, slots=True)
class ReadAfter:
    cursor: int

    @classmethod
    def of(cls, payload: object) -> ReadAfter:
        return cls(_position(_fields(payload), "cursor"))


@dataclass(frozen=True, slots=True)
class Post:
    """files: ids of those that wait to be sent."""

    client_id: str
    body: str
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, payload: object) -> Post:
        fields = _fields(payload)
        return cls(_text(fields, "client_id"), _text(fields, "body"), _texts(fields, "files"))


@dataclass(frozen=True, slots=True)
class Read:
    position: int

    @classmethod
    def of(cls, payload: object) -> Read:
        return cls(_position(_fields(payload), "position"))


@dataclass(frozen=True, slots=True)
class Typing:
    on: bool

    @classmethod
    def of(cls, payload: object) -> Typing:
        value = _fields(payload).get("on")
        if not isinstance(value, bool):
            raise Invalid(field="on")
        return cls(value)


@dataclass(frozen=True, slots=True)
class Draft:
    body: str

    @classmethod
    def of(cls, payload: object) -> Draft:
        return cls(_text(_fields(payload), "body"))


def _fields(payload: object) -> Mapping[str, Any]:
    if not isinstance(payload, dict):
        raise Invalid
    return payload


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise Invalid(field=name)
    return value


def _texts(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = fields.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Invalid(field=name)
    return tuple(value)


def _position(fields: Mapping[str, Any], name: str) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST_POSITION:
        raise Invalid(field=name)
    return value
