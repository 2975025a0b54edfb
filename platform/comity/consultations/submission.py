"""A message with files as a form sends it (RFC 7578), read as it comes: no file is held in memory or put down unsealed.

Flask would read the whole form before anything is decided. Here the fields that stand before the first file are read,
the view decides, and then takes the files one after the other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from flask import current_app, request
from flask_wtf.csrf import CSRFError, same_origin, validate_csrf
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, MultipartDecoder, NeedData
from werkzeug.sansio.multipart import File as FilePart
from wtforms import ValidationError

from comity.consultations.arriving import pieces
from comity.core.errors import Invalid

_MOST_FIELDS, _MOST_PARTS = 1_000_000, 200
"""Bytes of all fields together; fields and files of a form."""


class Submission:
    """The form of this request."""

    def __init__(self) -> None:
        self._fields: dict[str, list[str]] = {}
        self._size = 0
        self._file: FilePart | None = None
        boundary = request.mimetype_params.get("boundary", "")
        if request.mimetype == "multipart/form-data" and boundary:
            # What is too much is for the view to say, for it has the typed text by then.
            request.max_content_length = sys.maxsize
            self._events = _events(boundary.encode())
            self._read_fields()
        else:
            self._fields = {name: request.form.getlist(name) for name in request.form}
            self._events = iter(())

    def field(self, name: str) -> str:
        """The text of a field; empty for none."""
        return next(iter(self._fields.get(name, ())), "")

    def fields(self, name: str) -> list[str]:
        return list(self._fields.get(name, ()))

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Name and content of each file. A content that is not read to its end is passed over."""
        while self._file is not None:
            part, self._file = self._file, None
            content = self._content()
            if part.filename:
                yield part.filename, content
            for _piece in content:
                pass
            self._read_fields()

    def _content(self) -> Iterator[bytes]:
        for event in self._events:
            if isinstance(event, Data):
                yield event.data
                if not event.more_data:
                    return
        raise Invalid

    def _read_fields(self) -> None:
        """Up to the next file, or to the end."""
        for event in self._events:
            if isinstance(event, FilePart):
                self._file = event
                return
            if isinstance(event, Field):
                self._fields.setdefault(event.name, []).append(self._text())

    def _text(self) -> str:
        found = bytearray()
        for piece in self._content():
            found += piece
            self._size += len(piece)
            if self._size > _MOST_FIELDS:
                raise RequestEntityTooLarge
        return found.decode(errors="replace")


def require_token(token: str) -> None:
    """Refuse what no page of ours has sent. As Flask-WTF's own check, without reading the form. Raises CSRFError."""
    try:
        validate_csrf(token)
    except ValidationError as problem:
        raise CSRFError(problem.args[0]) from None
    strict = request.is_secure and current_app.config["WTF_CSRF_SSL_STRICT"]
    if strict and not same_origin(request.referrer or "", f"https://{request.host}/"):
        raise CSRFError("The referrer does not match the host.")


def _events(boundary: bytes) -> Iterator[Event]:
    """Raises Invalid for what is no form."""
    decoder = MultipartDecoder(boundary, _MOST_FIELDS, max_parts=_MOST_PARTS)
    source = pieces(request.stream)
    try:
        while not isinstance(event := decoder.next_event(), Epilogue):
            if isinstance(event, NeedData):
                decoder.receive_data(next(source, None))
            else:
                yield event
    except ValueError:
        raise Invalid from None
