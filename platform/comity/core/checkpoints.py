"""Checkpoints: signed lines in a file beside the database that say how far each topic had come, and with which head.

The chain alone cannot tell when somebody who may write to the database cuts a topic's end off and its row with it, or
writes a whole chain anew. A checkpoint can, for what was written before it. Each line holds the topics that moved since
the line before and that line's signature, so a line cannot be taken out of the middle. Whoever can also cut lines off
the end of the file hides what the lost lines covered: keep a copy of it, or of its last line, somewhere else.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.core.chain import GENESIS, Break, Tampering
from comity.core.journal import JournalEntry, Topic
from comity.core.signing import Signer

PURPOSE = "comity checkpoint 1"
_HEADS = select(Topic.name, Topic.position, Topic.head).order_by(Topic.name)


class BrokenCheckpoints(Exception):
    """The file of checkpoints itself was tampered with. line: its number, from 1."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}: line {line}: {reason}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a topic had come. head: the digest of its last entry."""

    position: int
    head: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A line. moved: the topics that grew since the line before. last: signature of that line, empty for the first."""

    at: datetime
    moved: Mapping[str, Mark]
    last: str
    signature: str


def path_in(data: Path) -> Path:
    """Where the checkpoints of an installation are kept."""
    return data / "audit" / "checkpoints.jsonl"


def write(session: Session, path: Path, signer: Signer, now: datetime) -> Checkpoint:
    """Add a checkpoint over all topics. Two processes may do it at once: one waits for the other.

    Raises BrokenCheckpoints rather than signing on top of a file that was tampered with.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path):
        known = read(path, signer)
        latest = {topic: mark for line in known for topic, mark in line.moved.items()}
        heads = {name: Mark(position, head) for name, position, head in session.execute(_HEADS)}
        moved = {topic: mark for topic, mark in heads.items() if latest.get(topic) != mark}
        last = known[-1].signature if known else ""
        signed = _signed_part(now, moved, last)
        made = Checkpoint(now, moved, last, signer.sign(PURPOSE, signed.encode()))
        with path.open("a", encoding="utf-8") as file:
            os.ftruncate(file.fileno(), len(_whole(path)))
            file.write(f"{signed[:-1]},{json.dumps('signature')}:{json.dumps(made.signature)}}}\n")
            file.flush()
            os.fsync(file.fileno())
    return made


def read(path: Path, signer: Signer) -> list[Checkpoint]:
    """All checkpoints, the oldest first; none where there is no file. Raises BrokenCheckpoints."""
    found: list[Checkpoint] = []
    for number, line in enumerate(_whole(path).decode(errors="replace").split("\n")[:-1], 1):
        try:
            one = _parsed(line)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BrokenCheckpoints(path, number, "is no checkpoint") from error
        if not signer.knows(PURPOSE, _signed_part(one.at, one.moved, one.last).encode(), one.signature):
            raise BrokenCheckpoints(path, number, "was not signed by this installation")
        if one.last != (found[-1].signature if found else ""):
            raise BrokenCheckpoints(path, number, "does not follow the line before it")
        found.append(one)
    return found


def breaks(session: Session, checkpoints: list[Checkpoint]) -> list[Break]:
    """Topics that are not what they were at a checkpoint; the first break of each."""
    marks: dict[str, list[Mark]] = {}
    for checkpoint in checkpoints:
        for topic, mark in checkpoint.moved.items():
            marks.setdefault(topic, []).append(mark)
    heads = {name: position for name, position, _head in session.execute(_HEADS)}
    found = (_first(session, topic, heads.get(topic, 0), known) for topic, known in sorted(marks.items()))
    return [one for one in found if one is not None]


def _first(session: Session, topic: str, position: int, marks: list[Mark]) -> Break | None:
    good = 0
    for mark in marks:
        if mark.position > position:
            return Break(Tampering.TRUNCATED, topic, position + 1, mark.position)
        if _digest_at(session, topic, mark.position) != mark.head:
            return Break(Tampering.REWRITTEN, topic, good + 1, mark.position)
        good = mark.position
    return None


def _digest_at(session: Session, topic: str, position: int) -> str | None:
    if position == 0:
        return GENESIS
    query = select(JournalEntry.digest).join(Topic).where(Topic.name == topic, JournalEntry.position == position)
    return session.scalar(query)


def _signed_part(at: datetime, moved: Mapping[str, Mark], last: str) -> str:
    heads = {topic: [mark.position, mark.head] for topic, mark in moved.items()}
    fields = {"at": at.isoformat(), "heads": heads, "last": last}
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _parsed(line: str) -> Checkpoint:
    fields = json.loads(line)
    moved = {topic: Mark(int(position), str(head)) for topic, (position, head) in fields["heads"].items()}
    return Checkpoint(datetime.fromisoformat(fields["at"]), moved, str(fields["last"]), str(fields["signature"]))


def _whole(path: Path) -> bytes:
    """The file's finished lines: a power cut may have left a piece of one at the end."""
    held = path.read_bytes() if path.exists() else b""
    return held[: held.rfind(b"\n") + 1]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
