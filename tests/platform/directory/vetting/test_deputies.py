"""Who stands in, for how long, and what that opens."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from comity.core import journal
from comity.core.errors import Conflict, Invalid, NotFound
from comity.directory.acting import actor_for
from comity.directory.vetting import deputies
from comity.directory.vetting.models import Absence
from comity.people.services import find_account
from tests.platform.directory.moments import NOW
from tests.platform.directory.vetting.conftest import SENDER, Office

FIRST, LAST = date(2026, 11, 24), date(2026, 12, 3)


def named(office: Office, by: object = "anton", **changes: object) -> int:
    given: dict[str, object] = {
        "post_id": office.posts["anton"], "deputy_id": office.posts["clara"], "first": FIRST, "last": LAST,
    }  # fmt: skip
    with office.database.writing() as session:
        return deputies.name_deputy(session, office.actor(str(by)), NOW, sender=SENDER, **(given | changes)).id  # type: ignore[arg-type]


def test_the_deputy_acts_for_the_post_while_it_lasts_and_no_longer(office: Office) -> None:
    number = named(office)
    with office.database.reading() as session:
        absence = session.get_one(Absence, number)
        clara = find_account(session, "clara@comity.example")
        assert clara is not None
        # Midnight in Vienna, an hour before that of UTC.
        assert absence.since.isoformat() == "2026-11-23T23:00:00+00:00"
        assert absence.until.isoformat() == "2026-12-03T23:00:00+00:00"
        for at, stands_in in (
            (absence.since - timedelta(seconds=1), False),
            (absence.since, True),
            (absence.until - timedelta(seconds=1), True),
            (absence.until, False),
        ):
            actor = actor_for(session, clara, at)
            assert [post.deputising for post in actor.posts] == ([False, True] if stands_in else [False])
            assert (office.world.austria in actor.focal_of) is stands_in
            assert actor.held_ids == {office.posts["clara"]}
        assert [one.kind for one in journal.read(session, f"post:{office.posts['anton']}")] == ["post.deputy-named"]
        assert office.mails(session, "clara@comity.example")[-1].language == "fr"


def test_today_begins_at_once_and_may_end_early(office: Office) -> None:
    number = named(office, first=date(2026, 11, 23))
    assert len(office.actor("clara").posts) == 2
    with office.database.writing() as session, pytest.raises(NotFound):
        deputies.end_absence(session, office.actor("somsri"), NOW, number)
    later = NOW + timedelta(hours=1)
    with office.database.writing() as session:
        deputies.end_absence(session, office.actor("anton"), later, number)
        clara = find_account(session, "clara@comity.example")
        assert clara is not None
        assert len(actor_for(session, clara, later).posts) == 1
        with pytest.raises(Conflict):
            deputies.end_absence(session, office.actor("anton"), later, number)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"by": "clara"}, NotFound),
        ({"by": "somsri"}, NotFound),
        ({"by": "noor"}, NotFound),
        ({"last": FIRST - timedelta(days=1)}, Invalid),
        ({"first": date(2026, 11, 22)}, Invalid),
        ({"last": FIRST + timedelta(days=400)}, Invalid),
        ({"deputy": "anton"}, Invalid),
        ({"deputy": "somsri"}, Invalid),
    ],
)
def test_what_is_refused(office: Office, changes: dict[str, object], error: type[Exception]) -> None:
    if "deputy" in changes:
        changes = {"deputy_id": office.posts[str(changes["deputy"])]}
    with pytest.raises(error):
        named(office, **changes)


def test_the_focal_point_names_one_for_a_colleague_but_not_twice_on_one_day(office: Office) -> None:
    turned = {"post_id": office.posts["clara"], "deputy_id": office.posts["anton"]}
    named(office, **turned)
    with pytest.raises(Conflict):
        named(office, by="clara", **turned, first=LAST, last=LAST)
    assert named(office, by="clara", **turned, first=LAST + timedelta(days=1), last=LAST + timedelta(days=1))
    with office.database.reading() as session:
        away = deputies.away_now(session, [office.world.austria], NOW + timedelta(days=2))
        assert {post: deputies.last_day(one) for post, one in away.items()} == {office.posts["clara"]: LAST}
