"""Files on their way into a message: whose they are, when they are seen, and what becomes of the others."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from comity.consultations import attachments
from comity.consultations.attached import content_of, size_in_words
from comity.consultations.attachments import KEPT_WAITING, MOST_FILES, MOST_WAITING
from comity.consultations.models import Attachment, Message
from comity.consultations.pages import thread_page
from comity.consultations.participation import consultation_for
from comity.consultations.timeline import events_after
from comity.core import sealing
from comity.core.actor import Actor
from comity.core.db import Database
from comity.core.errors import Conflict, Invalid, NotFound
from comity.core.files.store import Store
from comity.core.journal import JournalEntry
from comity.core.keys import MasterKeys, Unreadable
from comity.directory.acting import actor_for
from comity.directory.posts import Holding
from comity.people.models import Account
from tests.platform.consultations.giving import MINUTE, given, read, sent, store_in
from tests.platform.consultations.world import BEGAN, World, opened, said


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_in(tmp_path)


def waiting(database: Database, actor: Actor, public_id: str) -> list[str]:
    with database.reading() as session:
        return [file.name for file in attachments.waiting(session, actor, consultation_for(session, actor, public_id))]


def shown(database: Database, actor: Actor, public_id: str) -> list[list[str]]:
    with database.reading() as session:
        entries = events_after(session, actor, public_id, after=1).entries
    return [[file.name for file in entry.files] for entry in entries]


def test_a_file_waits_for_its_giver_alone_and_is_then_for_all(
    database: Database, store: Store, world: World, larch: str
) -> None:
    second = given(database, store, world.anton, larch, "b.txt", b"second")
    first = given(database, store, world.anton, larch, "طلب.txt", "أول".encode())
    assert waiting(database, world.anton, larch) == ["b.txt", "طلب.txt"]
    assert waiting(database, world.clara, larch) == waiting(database, world.somsri, larch) == []
    with database.reading() as session, pytest.raises(NotFound):
        content_of(session, world.anton, larch, first.id)
    sent(database, world.anton, larch, first.id, second.id)
    assert waiting(database, world.anton, larch) == []
    assert shown(database, world.somsri, larch) == [["طلب.txt", "b.txt"]]
    assert read(database, store, world.somsri, larch, first.id) == "أول".encode()
    with database.reading() as session:
        page = thread_page(session, world.somsri, larch, BEGAN + MINUTE, None)
    assert [(each.file.name, each.position, each.who) for each in page.files] == [
        ("طلب.txt", 2, "Anton Muster"), ("b.txt", 2, "Anton Muster"),
    ]  # fmt: skip
    assert (page.files[0].file.label, page.files[0].file.size) == ("TXT", "1 kB")


def test_a_message_with_files_is_said_once(database: Database, store: Store, world: World, larch: str) -> None:
    file = given(database, store, world.anton, larch)
    first = sent(database, world.anton, larch, file.id, client_id="only-once")
    again = sent(database, world.anton, larch, file.id, client_id="only-once")
    assert (again.position, again.again) == (first.position, True)
    assert shown(database, world.somsri, larch) == [["note.txt"]]
    with pytest.raises(Invalid):
        sent(database, world.anton, larch, file.id, client_id="another-one")
    assert shown(database, world.somsri, larch) == [["note.txt"]]


def test_a_file_that_is_sent_again_is_kept_once(database: Database, store: Store, world: World, larch: str) -> None:
    first = given(database, store, world.anton, larch, client_id="the-same-file")
    again = given(database, store, world.anton, larch, client_id="the-same-file")
    assert again == first
    assert store.ids() == {first.id}
    other = opened(database, world, client_id="another-opening")
    with pytest.raises(Conflict):
        given(database, store, world.anton, other, client_id="the-same-file")


@pytest.mark.parametrize("who", ["clara", "somsri"])
def test_nobody_sends_or_takes_back_what_another_gave(
    database: Database, store: Store, world: World, larch: str, who: str
) -> None:
    file = given(database, store, world.anton, larch)
    other: Actor = getattr(world, who)
    with pytest.raises(Invalid, match="not there any more"):
        sent(database, other, larch, file.id)
    with database.writing() as session:
        assert attachments.discard(session, other, public_id=larch, file_ids=[file.id]) == []
    assert waiting(database, world.anton, larch) == ["note.txt"]


@pytest.mark.parametrize("who", ["amina", "noor"])
def test_for_a_stranger_there_is_nothing(database: Database, store: Store, world: World, larch: str, who: str) -> None:
    file = given(database, store, world.anton, larch)
    sent(database, world.anton, larch, file.id)
    other: Actor = getattr(world, who)
    with database.writing() as session:
        with pytest.raises(NotFound):
            attachments.begin(session, other, public_id=larch, client_id="let-me-in")
        with pytest.raises(NotFound):
            attachments.discard(session, other, public_id=larch, file_ids=[file.id])
        with pytest.raises(NotFound):
            content_of(session, other, larch, file.id)


def test_a_leaver_finds_nothing_any_more(database: Database, store: Store, world: World, larch: str) -> None:
    file = given(database, store, world.anton, larch)
    sent(database, world.anton, larch, file.id)
    left = BEGAN + 2 * MINUTE
    with database.writing() as session:
        session.execute(update(Holding).where(Holding.account_id == world.anton.account_id).values(until=left))
        account = session.get_one(Account, world.anton.account_id)
        before, after = (actor_for(session, account, left + step) for step in (-MINUTE, MINUTE))
        assert content_of(session, before, larch, file.id).file_id == file.id
        with pytest.raises(NotFound):
            content_of(session, after, larch, file.id)
        with pytest.raises(NotFound):
            attachments.begin(session, after, public_id=larch, client_id="after-leaving")


def test_a_file_is_of_one_consultation_alone(database: Database, store: Store, world: World, larch: str) -> None:
    file = given(database, store, world.anton, larch)
    other = opened(database, world, client_id="another-opening")
    with pytest.raises(Invalid):
        sent(database, world.anton, other, file.id)
    sent(database, world.anton, larch, file.id)
    with database.reading() as session, pytest.raises(NotFound):
        content_of(session, world.anton, other, file.id)


def test_limits_of_number(database: Database, store: Store, world: World, larch: str) -> None:
    files = [given(database, store, world.anton, larch, f"{n}.txt").id for n in range(MOST_WAITING)]
    with pytest.raises(Invalid, match="at most 10 files"):
        given(database, store, world.anton, larch, "one-more.txt")
    with pytest.raises(Invalid, match="at most 10 files"):
        sent(database, world.anton, larch, *files[: MOST_FILES + 1])
    sent(database, world.anton, larch, *files[:MOST_FILES])
    assert len(shown(database, world.somsri, larch)[0]) == MOST_FILES


def test_words_or_files_but_not_nothing(database: Database, store: Store, world: World, larch: str) -> None:
    with pytest.raises(Invalid, match="Write something"):
        sent(database, world.anton, larch, client_id="with-nothing")
    file = given(database, store, world.anton, larch)
    sent(database, world.anton, larch, file.id, body="  \n ")
    with database.reading() as session:
        entry = events_after(session, world.somsri, larch, after=1).entries[0]
    assert (entry.kind, entry.html, [each.name for each in entry.files]) == ("message", "", ["note.txt"])


def test_taken_back_is_gone(database: Database, store: Store, world: World, larch: str) -> None:
    file = given(database, store, world.anton, larch)
    with database.writing() as session:
        assert attachments.discard(session, world.anton, public_id=larch, file_ids=[file.id, "x"]) == [file.id]
    assert waiting(database, world.anton, larch) == []
    sent_one = given(database, store, world.anton, larch, "sent.txt")
    sent(database, world.anton, larch, sent_one.id)
    with database.writing() as session:
        assert attachments.discard(session, world.anton, public_id=larch, file_ids=[sent_one.id]) == []
    assert shown(database, world.somsri, larch) == [["sent.txt"]]


def test_what_nobody_sends_is_forgotten_after_a_while(
    database: Database, store: Store, world: World, larch: str
) -> None:
    lost, kept = given(database, store, world.anton, larch), given(database, store, world.anton, larch, "kept.txt")
    sent(database, world.anton, larch, kept.id)
    with database.writing() as session:
        assert attachments.forget_waiting(session, BEGAN + KEPT_WAITING) == 0
        assert attachments.forget_waiting(session, BEGAN + KEPT_WAITING + timedelta(seconds=1)) == 1
        assert attachments.named(session, [lost.id, kept.id]) == {kept.id}


def test_names_stand_nowhere_in_the_database(database: Database, store: Store, world: World, larch: str) -> None:
    file = given(database, store, world.anton, larch, "larch-suspect-list.txt")
    sent(database, world.anton, larch, file.id)
    with database.reading() as session:
        rows = [*session.scalars(select(Attachment)), *session.scalars(select(JournalEntry))]
        written = " ".join(str(vars(row)) for row in rows)
    assert "suspect" not in written
    assert file.id in written


def _point_at(session: Session, first: str, second: str) -> None:
    """Let the row of one file name the content of another."""
    session.execute(update(Attachment).where(Attachment.file_id == second).values(file_id="x" * 22))
    session.execute(update(Attachment).where(Attachment.file_id == first).values(file_id=second))


def test_a_row_that_names_another_content_shows_nothing(
    database: Database, store: Store, world: World, larch: str
) -> None:
    files = [given(database, store, world.anton, larch, name).id for name in ("a.txt", "b.txt")]
    sent(database, world.anton, larch, *files)
    with database.writing() as session:
        _point_at(session, *files)
    with database.reading() as session:
        found = events_after(session, world.somsri, larch, after=1).entries[0].files
        assert [file.readable for file in found] == [False, False]
        with pytest.raises(Unreadable):
            content_of(session, world.somsri, larch, files[1])


def test_a_file_put_to_another_message_is_not_shown_there(
    database: Database, store: Store, world: World, larch: str
) -> None:
    file = given(database, store, world.anton, larch)
    sent(database, world.anton, larch, file.id)
    position = said(database, world.anton, larch, "without a file", 2 * MINUTE)
    with database.writing() as session:
        other = session.scalars(select(Message.id).where(Message.position == position)).one()
        session.execute(update(Attachment).values(message_id=other))
    with database.reading() as session:
        entries = events_after(session, world.somsri, larch, after=1).entries
    assert [[each.readable for each in entry.files] for entry in entries] == [[False], []]


def test_changing_the_master_key_leaves_files_as_they_are(
    database: Database, store: Store, world: World, larch: str, tmp_path: Path
) -> None:
    file = given(database, store, world.anton, larch, content=b"kept through a rotation")
    sent(database, world.anton, larch, file.id)
    before = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    old, new = bytes(range(32)), bytes(range(1, 33))
    both = Database(database.url.render_as_string(hide_password=False), keys=MasterKeys([new, old]))
    with both.writing() as session:
        sealing.note_start(session, BEGAN)
    assert sum(sealing.rotate(both.writing)) > 0
    both.dispose()
    after = Database(database.url.render_as_string(hide_password=False), keys=MasterKeys([new]))
    assert read(after, store, world.somsri, larch, file.id) == b"kept through a rotation"
    after.dispose()
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == before


@pytest.mark.parametrize(
    ("size", "locale", "words"),
    [(1, "en", "1 kB"), (1500, "en", "2 kB"), (999_499, "en", "999 kB"), (999_500, "en", "1 MB"),
     (1_250_000, "en", "1.2 MB"), (100_000_000, "fr", "100 Mo"), (1_300_000, "fr", "1,3 Mo")],
)  # fmt: skip
def test_sizes_in_words(size: int, locale: str, words: str) -> None:
    assert size_in_words(size, locale).replace("\u202f", " ").replace("\xa0", " ") == words
