"""A topic as a file that verifies without Comity's database: JSON lines under an Ed25519 signature.

First line: what it is. Then one line for each entry, with everything that its digest covers. Last line: the signature
over the SHA-256 of all bytes before it. Messages stand in it by their digests alone, as in the journal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core import journal, signing
from comity.core.chain import Break, Link, breaks
from comity.core.signing import Signer

PURPOSE = "comity audit export 1"
_FORMAT = "comity audit export"


class NoTopic(Exception):
    """There is no such topic in the journal."""


class Refused(Exception):
    """The file is not what an installation with that key signed, or what it signed does not hold."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry in a file. at: aware, in UTC."""

    position: int
    kind: str
    payload: dict[str, Any]
    account_id: int | None
    post_id: int | None
    at: datetime
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a file was found to hold. head: digest of the last entry. exported_at: ISO 8601."""

    topic: str
    position: int
    head: str
    exported_at: str


def export(session: Session, topic: str, file: BinaryIO, signer: Signer, now: datetime) -> Held:
    """Write a topic to a file. Raises NoTopic, and Refused for a topic whose chain does not hold."""
    query = select(journal.Topic.position, journal.Topic.head).where(journal.Topic.name == topic)
    last = session.execute(query).one_or_none()
    if last is None:
        raise NoTopic(f"there is no topic {topic}")
    if found := journal.breaks(session, topic):
        raise Refused("; ".join(str(one) for one in found))
    held = Held(topic, last[0], last[1], now.isoformat())
    digest = hashlib.sha256()
    for line in _lines(session, held, signer):
        file.write(line)
        digest.update(line)
    file.write(_line({"signature": signer.sign(PURPOSE, digest.digest())}))
    return held


def check(path: Path, public_key: str) -> Held:
    """Verify a file with nothing but the public key. Raises Refused, and NoKey for something that is no key."""
    lines = path.read_bytes().splitlines(keepends=True)
    try:
        signature, head = json.loads(lines[-1])["signature"], json.loads(lines[0])
        entries = [_entry(json.loads(line)) for line in lines[1:-1]]
        held = Held(head["topic"], head["position"], head["head"], head["exported_at"])
        known = head["format"] == _FORMAT and head["version"] == 1
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise Refused("this is no export, or not a whole one") from error
    content = hashlib.sha256(b"".join(lines[:-1])).digest()
    if not known or not signing.verifies(public_key, PURPOSE, content, str(signature)):
        raise Refused("the signature is not that of this key over this file")
    if found := _breaks(held, entries):
        raise Refused("; ".join(str(one) for one in found))
    return held


def _breaks(held: Held, entries: list[Entry]) -> list[Break]:
    links: list[Link] = list(entries)
    return breaks(held.topic, links, held.position, held.head)


def _lines(session: Session, held: Held, signer: Signer) -> Iterator[bytes]:
    yield _line({"format": _FORMAT, "version": 1, **asdict(held), "public_key": signer.public_key})
    for row in journal.entries(session, held.topic):
        entry = Entry(
            row.position, row.kind, row.payload, row.account_id, row.post_id, row.at, row.previous, row.digest
        )
        yield _line(asdict(entry) | {"at": row.at.isoformat(timespec="microseconds")})


def _entry(fields: dict[str, Any]) -> Entry:
    return Entry(**(fields | {"at": datetime.fromisoformat(fields["at"])}))


def _line(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
