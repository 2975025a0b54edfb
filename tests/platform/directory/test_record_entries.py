"""The demonstration's record: whole, invented, and what cannot be used is named with its place."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import phonenumbers
import pytest
from sqlalchemy import select

from comity.core.db import Database
from comity.directory import own_entry
from comity.directory.acting import actor_for
from comity.directory.entries import load_entries
from comity.directory.labels import label
from comity.directory.loading import load_demonstration, load_reference
from comity.directory.models import Network
from comity.directory.notices import chains
from comity.directory.record import Practitioner
from comity.directory.record_entries import (
    load_arrangements,
    load_coordinators,
    load_notices,
    load_people,
)
from comity.directory.reference import DataError, load_abouts, load_networks, load_states
from comity.directory.vocabulary import (
    ArrangementKind,
    AuthorityKind,
    DetailKind,
    Instrument,
    LanguageLevel,
    NotificationStatus,
    NotifiedProvision,
    PractitionerRole,
    Speciality,
    Vetting,
    Visibility,
)
from comity.people.models import Account
from tests.platform.directory.moments import NOW
from tests.support.people import AUSTRIA

PEOPLE, NOTICES, ENTRIES = load_people(), load_notices(), load_entries()
PERSON = """
[[person]]
authority = "at-a"
mailbox = "a@x.example"
name = "A"
name_latin = "A"
language = "de"
title = ""
role = "prosecutor"
languages = { de = "native" }
specialities = []
networks = []
vetting = "active"
[[person.detail]]
kind = "telephone"
value = "+43 00 555 0999"
functional = true
visibility = "members"
[person.trust]
confirmed_on = 2026-01-01
confirmed_by = "Focal point"
next_review_on = 2026-07-01
"""


def test_every_authority_of_part_a_has_people_and_every_state_notified() -> None:
    states = {entry.state for entry in ENTRIES}
    assert len(states) == 45
    assert {entry.code for entry in ENTRIES if entry.code.endswith("-a")} <= {one.authority for one in PEOPLE}
    assert {one.state for one in NOTICES} == states
    assert {one.status for one in NOTICES} == set(NotificationStatus)


def test_people_are_invented_and_cannot_be_reached() -> None:
    details = [detail for one in PEOPLE for detail in one.details]
    for detail in details:
        if detail.kind is DetailKind.EMAIL:
            assert detail.value.endswith(".example")
        else:
            assert not phonenumbers.is_valid_number(phonenumbers.parse(detail.value))
    assert {detail.visibility for detail in details} == set(Visibility)
    values = Counter(detail.value for detail in details)
    assert max(values.values()) == 1


def test_liaison_persons_and_arrangements_are_there() -> None:
    posted = [one for one in PEOPLE if one.liaison]
    assert len(posted) >= 6
    assert all(one.role.is_liaison and one.hours for one in posted)
    assert len(load_arrangements()) >= 5
    assert {one.kind for one in load_arrangements()} == set(ArrangementKind)


def test_every_network_says_what_it_is_and_has_a_coordinator() -> None:
    codes = {network.code for network in load_networks(load_states())}
    assert set(load_abouts()) == codes
    assert {one.network for one in load_coordinators()} == codes


def test_texts_that_are_not_in_english_have_a_translation() -> None:
    for notice in NOTICES:
        assert bool(notice.text) is (notice.status is not NotificationStatus.NONE_ON_FILE)
        assert bool(notice.english) is (bool(notice.text) and notice.language != "en")
    assert {one.language for one in NOTICES} == {"ar", "en", "es", "fr", "ru", "zh"}


def test_federal_states_name_their_territories() -> None:
    assert {entry.state for entry in ENTRIES if entry.territories} == {"BR", "CH", "DE", "GB", "US"}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("+43 00 555 0999", "01 555", "value: A number begins with"),
        ('"prosecutor"', '"wizard"', "unknown role"),
        ("de = ", "xx = ", "unknown language"),
        ('"native"', '"perfect"', "unknown de"),
        ("a@x.example", "nobody", "mailbox: This is not"),
        ('"members"', '"everybody"', "unknown visibility"),
        ("2026-07-01", '"soon"', "next_review_on must be date"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(tmp_path: Path, old: str, new: str, reason: str) -> None:
    (tmp_path / "at.toml").write_text(PERSON, "utf-8")
    assert len(load_people(tmp_path)) == 1
    (tmp_path / "at.toml").write_text(PERSON.replace(old, new, 1), "utf-8")
    with pytest.raises(DataError, match=reason) as found:
        load_people(tmp_path)
    assert found.value.where.startswith("at.toml")


def test_loading_fills_the_record_and_leaves_what_was_edited(database: Database) -> None:
    with database.writing() as session:
        load_reference(session)
        load_demonstration(session, NOW)
        account = session.scalars(select(Account).where(Account.email == AUSTRIA)).one()
        actor = actor_for(session, account, NOW)
        public_id = own_entry.own_id(session, actor) or ""
        own_entry.save(session, actor, NOW, public_id, blank())
    with database.writing() as session:
        load_reference(session)
        load_demonstration(session, NOW)
    with database.reading() as session:
        one = session.scalars(select(Practitioner).where(Practitioner.public_id == public_id)).one()
        assert (one.name, one.specialities, one.details, one.deputy) == ("Toni Muster", [], [], None)
        superseding = next(c for c in chains(session, actor, "AR") if c.head.code == "ar-18-13-2")
        assert [before.code for before in superseding.earlier] == ["ar-18-13-1"]
        assert session.get_one(Network, "ejn").about.startswith("The European Judicial Network")


def blank() -> own_entry.TypedEntry:
    return own_entry.TypedEntry(
        name="Toni Muster", name_latin="Toni Muster", language="de", title="", languages=(), specialities=(),
        networks=(), details=(), zone="", days="", opens="", closes="", deputy="",
    )  # fmt: skip


def test_terms_of_the_same_value_keep_their_own_labels() -> None:
    assert label(AuthorityKind.POLICE) == "Police"
    assert label(PractitionerRole.POLICE) == "Police officer"
    assert label(PractitionerRole.SECRETARIAT) != label(Visibility.SECRETARIAT)


@pytest.mark.parametrize(
    "kind",
    [
        ArrangementKind, DetailKind, LanguageLevel, NotificationStatus, NotifiedProvision, PractitionerRole,
        Speciality, Vetting, Visibility,
    ],
)  # fmt: skip
def test_every_term_has_a_label(kind: type) -> None:
    assert all(label(term) for term in kind)  # type: ignore[attr-defined]


def test_every_provision_has_its_article() -> None:
    articles = {one: one.provision for one in NotifiedProvision}
    assert articles[NotifiedProvision.UNTOC_16_5_A] == (Instrument.UNTOC, "16(5)(a)")
    assert articles[NotifiedProvision.MIGRANTS_8_6] == (Instrument.MIGRANTS_PROTOCOL, "8(6)")
    assert articles[NotifiedProvision.FIREARMS_13_2] == (Instrument.FIREARMS_PROTOCOL, "13(2)")
