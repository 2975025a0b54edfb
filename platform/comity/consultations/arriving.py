"""A file comes in at the edge: prepared, written outside of any transaction, kept in one, and then published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from flask import Flask, current_app

from comity.consultations import attachments
from comity.consultations.attached import File
from comity.core.config import Config
from comity.core.errors import ComityError, Invalid
from comity.core.files.intake import Intake
from comity.core.files.scanning import scanner_of
from comity.core.files.store import Store
from comity.core.web import Services, actor, now, reading, writing

_EXTENSION = "comity.files"
_PIECE = 65_536


class Source(Protocol):
    """Where the bytes come from."""

    def read(self, size: int, /) -> bytes: ...


def init_app(app: Flask) -> None:
    """What this installation takes in, and where it is kept."""
    services: Services = app.extensions["comity"]
    app.extensions[_EXTENSION] = intake_of(services.config)


def intake_of(config: Config) -> Intake:
    return Intake(Store(config.files_url), scanner_of(config.clamd), config.max_file)


def intake() -> Intake:
    return cast("Intake", current_app.extensions[_EXTENSION])


def pieces(source: Source, length: int | None = None) -> Iterator[bytes]:
    """All that comes, in pieces. length: how much must come, where that is known.

    Raises Invalid for less: gunicorn gives what came before a line was cut, as if it were all.
    """
    come = 0
    while piece := source.read(_PIECE):
        come += len(piece)
        yield piece
    if length is not None and come != length:
        raise Invalid


def arrive(public_id: str, client_id: str, name: str, content: Iterable[bytes]) -> File:
    """Take in a file, to be sent with a message. The same client_id again gives the file that has come under it.

    Raises what `attachments.begin` and `Intake.receive` raise; then nothing is left of the file.
    """
    with reading() as session:
        begun = attachments.begin(session, actor(), public_id=public_id, client_id=client_id)
    if isinstance(begun, File):
        return begun
    received = intake().receive(begun.cipher, begun.place, begun.file_id, name, content)
    try:
        with writing() as session:
            kept = attachments.keep(
                session, actor(), now(), public_id=public_id, client_id=client_id, received=received
            )
    except ComityError:
        # Any other error may have come after the commit: the sweep finds out.
        intake().store.remove(received.file_id)
        raise
    if kept.id == received.file_id:
        intake().store.publish(kept.id)
    else:
        intake().store.remove(received.file_id)
    return kept


def discard(public_id: str, file_ids: list[str]) -> None:
    """Take back files that wait: the rows first, then what they named."""
    with writing() as session:
        found = attachments.discard(session, actor(), public_id=public_id, file_ids=file_ids)
    for file_id in found:
        intake().store.remove(file_id)
