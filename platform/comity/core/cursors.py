"""Cursors of lists: opaque to callers, signed, and good for the list they came from alone."""

from __future__ import annotations

from typing import Any, TypeVar

from itsdangerous import BadSignature, URLSafeSerializer

from comity.core.problems import Fault, Unfit

Item = TypeVar("Item")


def write(secret_key: str, of: str, after: Any) -> str:
    """A cursor. of: the list's name, with its filters. after: JSON value that says where the page ended."""
    made = URLSafeSerializer(secret_key, salt=f"cursor:{of}").dumps(after)
    return made if isinstance(made, str) else made.decode()


def read(secret_key: str, of: str, cursor: str) -> Any:
    """What `write` was given. Raises Unfit for a cursor that was not made here, or for another list."""
    try:
        return URLSafeSerializer(secret_key, salt=f"cursor:{of}").loads(cursor)
    except BadSignature:
        raise Unfit((Fault("cursor", "was not given out for this list"),)) from None
