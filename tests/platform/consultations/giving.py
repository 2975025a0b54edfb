"""Files given to consultations, without the edge."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

from comity.consultations import attachments
from comity.consultations.attached import File, content_of
from comity.consultations.threads import Posted, post_message
from comity.core.actor import Actor
from comity.core.db import Database
from comity.core.files import stream
from comity.core.files.intake import Intake
from comity.core.files.scanning import NoScanner
from comity.core.files.store import Store
from tests.platform.consultations.world import BEGAN

MINUTE = timedelta(minutes=1)


def store_in(folder: Path) -> Store:
    return Store((folder / "files").as_uri())


def given(
    database: Database, store: Store, actor: Actor, public_id: str, name: str = "note.txt", content: bytes = b"Hello",
    client_id: str = "",
) -> File:  # fmt: skip
    """A file that waits to be sent."""
    client_id = client_id or f"file-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    with database.reading() as session:
        begun = attachments.begin(session, actor, public_id=public_id, client_id=client_id)
    if isinstance(begun, File):
        return begun
    received = Intake(store, NoScanner(), 10_000_000).receive(begun.cipher, begun.place, begun.file_id, name, [content])
    with database.writing() as session:
        kept = attachments.keep(session, actor, BEGAN, public_id=public_id, client_id=client_id, received=received)
    store.publish(kept.id)
    return kept


def sent(database: Database, actor: Actor, public_id: str, *files: str, body: str = "", client_id: str = "") -> Posted:
    """A message with files."""
    client_id = client_id or f"message-{'-'.join(files)[:40]}"
    with database.writing() as session:
        return post_message(
            session, actor, BEGAN + MINUTE, public_id=public_id, client_id=client_id, body=body, files=files
        )


def read(database: Database, store: Store, actor: Actor, public_id: str, file_id: str) -> bytes:
    with database.reading() as session:
        found = content_of(session, actor, public_id, file_id)
    with store.reading(file_id) as source:
        return b"".join(stream.unseal(found.cipher, found.place, source, found.about.size))
