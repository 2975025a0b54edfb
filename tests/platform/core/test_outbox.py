"""The outbox: due in order, tried again later and later, given up in the end; what goes out is well formed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

from comity.core import outbox
from comity.core.db import Database

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def _enqueue(database: Database, **changes: str) -> int:
    given = {
        "to": "a@x.example",
        "name": "Ana Müller",
        "subject": "Words",
        "body": "Body\n",
        "language": "en",
    } | changes
    with database.writing() as session:
        mail = outbox.enqueue(session, domain="x.example", now=NOW, **given)
        session.flush()
        return mail.id


def _due(database: Database, now: datetime) -> list[int]:
    with database.reading() as session:
        return [mail.id for mail in outbox.due(session, now)]


def test_sent_mail_is_due_no_longer(database: Database) -> None:
    first, second = _enqueue(database), _enqueue(database)
    assert _due(database, NOW) == [first, second]
    with database.writing() as session:
        outbox.record_sent(session, first, NOW)
    assert _due(database, NOW) == [second]


def test_a_failure_waits_longer_each_time_and_ends(database: Database) -> None:
    mail = _enqueue(database)
    now, waits = NOW, []
    while True:
        with database.writing() as session:
            outbox.record_failure(session, mail, now, "451 later", permanent=False)
            row = session.get_one(outbox.OutboxMail, mail)
            waits.append(row.due_at - now)
            now = row.due_at
        if row.gave_up_at:
            break
    assert waits[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert max(waits) == timedelta(hours=4)
    assert waits == sorted(waits)
    assert len(waits) == outbox.MOST_ATTEMPTS
    assert _due(database, now + timedelta(days=1)) == []


def test_a_permanent_refusal_is_not_tried_again(database: Database) -> None:
    mail = _enqueue(database)
    with database.writing() as session:
        outbox.record_failure(session, mail, NOW, "550 no such user", permanent=True)
    assert _due(database, NOW + timedelta(days=1)) == []


def test_what_goes_out_is_one_clean_message(database: Database) -> None:
    mail = _enqueue(database, subject="Two\r\nBcc: spy@x.example lines ", body="Bonjour — ธันวาคม\n", language="fr")
    with database.reading() as session:
        raw = outbox.compose(session.get_one(outbox.OutboxMail, mail), sender="Comity <c@x.example>").as_bytes()
    read = message_from_bytes(raw, policy=policy.default)
    assert read["Bcc"] is None
    assert read["Subject"] == "Two Bcc: spy@x.example lines"
    assert read["To"].addresses[0].display_name == "Ana Müller"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Content-Language"] == "fr"
    assert read.get_content().splitlines() == ["Bonjour — ธันวาคม"]
