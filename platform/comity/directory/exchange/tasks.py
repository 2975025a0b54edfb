"""Files on their way in or out: asked for on a page, worked on by the jobs process, kept sealed for a day at most.

A task belongs to whoever asked; for anybody else it does not exist. Files are sealed under a key that is derived from
the installation's secret, so that the jobs process needs no master key.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ForeignKey, LargeBinary, String, select, update
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from comity.core.actor import Actor
from comity.core.db import Base, Instant, Key, ShortText
from comity.core.errors import Conflict, Invalid, NotFound, TooMany
from comity.core.i18n import LANGUAGES, N_
from comity.core.keys import KEY_BYTES, Cipher
from comity.directory import keeping
from comity.directory.access import may_export, may_import
from comity.directory.exchange import gather
from comity.directory.exchange.files import MOST_BYTES
from comity.directory.exchange.writing import Form
from comity.directory.models import by_value

KEPT = timedelta(hours=24)
MOST_WAITING = 5
_INFO = b"comity directory exchange"


class Kind(StrEnum):
    """What is done. The book is the whole directory as PDF."""

    EXPORT = "export"
    IMPORT = "import"
    BOOK = "book"


class Stage(StrEnum):
    """How far it is. Shown: an import that waits for a yes. Applying: asked for, or being written."""

    WAITING = "waiting"
    RUNNING = "running"
    SHOWN = "shown"
    APPLYING = "applying"
    INDEXING = "indexing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens."""
        return self in (Stage.DONE, Stage.FAILED, Stage.CANCELLED)

    @property
    def is_busy(self) -> bool:
        """Whether something is being done, or will be without being asked for."""
        return self in BUSY


BUSY = (Stage.WAITING, Stage.RUNNING, Stage.APPLYING, Stage.INDEXING)


class Task(Base):
    """One file. asked: what was chosen. done, total: of whatever the stage counts. file_name: of the file.

    content, outcome: sealed; the file, and what an import would do or did. trouble: a msgid, where it failed.
    touched_at: when the worker last said that it lives.
    """

    __tablename__ = "exchange_task"

    id: Mapped[Key]
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[Kind] = mapped_column(by_value(Kind))
    stage: Mapped[Stage] = mapped_column(by_value(Stage), index=True)
    asked: Mapped[dict[str, Any]]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    file_name: Mapped[ShortText] = mapped_column(default="")
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    outcome: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    trouble: Mapped[ShortText] = mapped_column(default="")
    created_at: Mapped[Instant]
    touched_at: Mapped[Instant]


class Safe:
    """Seals what tasks hold. secret: the installation's."""

    def __init__(self, secret: str) -> None:
        key = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=_INFO).derive(secret.encode())
        self._cipher = Cipher(key)

    def seal(self, task: Task, what: str, content: bytes) -> bytes:
        return self._cipher.seal(content, ("exchange", task.public_id, what))

    def open(self, task: Task, what: str, sealed: bytes) -> bytes:
        """Raises Unreadable."""
        return self._cipher.open(sealed, ("exchange", task.public_id, what))

    def outcome(self, task: Task) -> dict[str, Any]:
        """What an import would do or did; empty where nothing is known yet."""
        if task.outcome is None:
            return {}
        found: dict[str, Any] = json.loads(self.open(task, "outcome", task.outcome))
        return found

    def put_outcome(self, task: Task, outcome: dict[str, Any]) -> None:
        task.outcome = self.seal(task, "outcome", json.dumps(outcome, ensure_ascii=False).encode())


def own(session: Session, actor: Actor) -> Sequence[Task]:
    """The actor's tasks, latest first."""
    return session.scalars(select(Task).where(Task.account_id == actor.account_id).order_by(Task.id.desc())).all()


def task(session: Session, actor: Actor, public_id: str) -> Task:
    """A task of the actor's. Raises NotFound."""
    query = select(Task).where(Task.public_id == public_id, Task.account_id == actor.account_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def ask_export(session: Session, actor: Actor, now: datetime, choice: gather.Choice, form: str) -> Task:
    """Ask for tables as a file. Raises NotFound, Invalid, TooMany."""
    if not may_export(actor):
        raise NotFound
    gather.check(session, choice)
    if form not in set(Form):
        raise Invalid(N_("Please choose one of those offered."), field="form")
    asked = {"sheets": list(choice.names), "state": choice.state, "network": choice.network, "form": form}
    return _new(session, actor, now, Kind.EXPORT, asked)


def ask_book(session: Session, actor: Actor, now: datetime, language: str) -> Task:
    """Ask for the whole directory as PDF. Raises NotFound, Invalid, TooMany."""
    if not may_export(actor):
        raise NotFound
    if language not in LANGUAGES:
        raise Invalid(N_("Please choose one of those offered."), field="language")
    return _new(session, actor, now, Kind.BOOK, {"language": language})


def ask_import(session: Session, actor: Actor, now: datetime, safe: Safe, name: str, content: bytes) -> Task:
    """Ask what a file would change. Raises NotFound, Invalid, TooMany."""
    if not may_import(actor):
        raise NotFound
    if not content:
        raise Invalid(N_("Please choose a file."), field="file")
    if len(content) > MOST_BYTES:
        raise Invalid(N_("The file is larger than %(most)s MB."), field="file", most=MOST_BYTES // 1024**2)
    made = _new(session, actor, now, Kind.IMPORT, {"sha256": hashlib.sha256(content).hexdigest()})
    made.file_name, made.content = name[-300:], safe.seal(made, "content", content)
    return made


def confirm(session: Session, actor: Actor, now: datetime, public_id: str, digest: str) -> Task:
    """Say yes to what was shown. digest: of what was on the page. Raises NotFound, Conflict."""
    found = task(session, actor, public_id)
    if not may_import(actor):
        raise NotFound
    claimed = update(Task).where(Task.id == found.id, Task.stage == Stage.SHOWN)
    if (
        found.asked.get("digest") != digest
        or not session.scalars(claimed.values(stage=Stage.APPLYING).returning(Task.id)).first()
    ):
        raise Conflict
    session.refresh(found)
    found.done = found.total = 0
    found.touched_at = now
    return found


def cancel(session: Session, actor: Actor, now: datetime, public_id: str) -> Task:
    """Stop it and take the file away. Raises NotFound, and Conflict once it is being written."""
    found = task(session, actor, public_id)
    stoppable = (Stage.WAITING, Stage.RUNNING, Stage.SHOWN)
    stopped = update(Task).where(Task.id == found.id, Task.stage.in_(stoppable)).values(
        stage=Stage.CANCELLED, content=None, outcome=None, touched_at=now)  # fmt: skip
    if session.scalars(stopped.returning(Task.id)).first() is None:
        raise Conflict
    session.refresh(found)
    return found


def content(session: Session, actor: Actor, now: datetime, safe: Safe, public_id: str) -> tuple[Task, bytes]:
    """The file of an export or a book that is done. It is journalled. Raises NotFound."""
    found = task(session, actor, public_id)
    if found.kind is Kind.IMPORT or found.stage is not Stage.DONE or found.content is None or not may_export(actor):
        raise NotFound
    keeping.tell(session, actor, now, topic(found), "exchange.downloaded", {"file": found.file_name})
    return found, safe.open(found, "content", found.content)


def forget(session: Session, now: datetime) -> int:
    """Take away what is older than a day, files and all. Returns how many."""
    old = session.scalars(select(Task).where(Task.created_at < now - KEPT)).all()
    for one in old:
        session.delete(one)
    return len(old)


def topic(one: Task) -> str:
    """The journal's topic of a task; it outlives the task."""
    return f"exchange:{one.public_id}"


def _new(session: Session, actor: Actor, now: datetime, kind: Kind, asked: dict[str, Any]) -> Task:
    if sum(not one.stage.is_over and one.stage is not Stage.SHOWN for one in own(session, actor)) >= MOST_WAITING:
        raise TooMany(N_("Please wait until what you asked for is done."))
    made = Task(
        public_id=secrets.token_urlsafe(16), account_id=actor.account_id, kind=kind, stage=Stage.WAITING, asked=asked,
        created_at=now, touched_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    keeping.tell(session, actor, now, topic(made), f"exchange.{kind.value}", dict(asked))
    return made
