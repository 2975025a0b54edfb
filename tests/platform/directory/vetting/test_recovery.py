"""A new way in: two offices, a link and a code; mail alone opens nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from comity.core import journal
from comity.core.errors import Conflict, Invalid, NotFound, Refused
from comity.core.outbox import OutboxMail
from comity.directory.vetting import recovery
from comity.directory.vetting.machine import SamePerson
from comity.directory.vetting.models import Recovery
from comity.people.events import Origin
from comity.people.factors.services import make_recovery_codes, recovery_codes_left
from comity.people.models import Account
from comity.people.services import find_account, find_invitation
from comity.people.sessions import open_session, sessions_of
from tests.platform.directory.moments import NOW
from tests.platform.directory.vetting.conftest import SENDER, Office

KEY = "the installation's secret"


def asked(office: Office, name: str = "clara") -> str:
    with office.database.writing() as session:
        account = find_account(session, f"{name}@comity.example")
        assert account is not None
        account.password_hash = "old"
        make_recovery_codes(session, account.id, NOW)
        open_session(session, account, Origin(), NOW, method="test", with_factor=True)
        recovery.ask(session, account.email, NOW, SENDER, "192.0.2.9")
        return session.scalars(select(Recovery.public_id).order_by(Recovery.id.desc())).first() or ""


def approved(office: Office, name: str = "clara", by: tuple[str, str] = ("anton", "noor")) -> tuple[str, str]:
    """Returns the token of the link and the code."""
    public_id = asked(office, name)
    with office.database.writing() as session:
        recovery.vouch(session, office.actor(by[0]), NOW, public_id, "telephone", SENDER)
    with office.database.writing() as session:
        recovery.approve(session, office.actor(by[1]), NOW, public_id, SENDER)
    with office.database.reading() as session:
        body = office.mails(session, f"{name}@comity.example")[-1].body
        found = re.search(r"/recovery/(\S+)", body)
        assert found
        code = recovery.code_of(session.scalars(select(Recovery)).one(), KEY)
        assert code not in body
        return found[1], code


def test_two_offices_a_link_and_a_code_let_somebody_begin_anew(office: Office) -> None:
    token, code = approved(office)
    with office.database.writing() as session:
        assert sessions_of(session, office.actor("clara").account_id, NOW) == []
        invitation = recovery.use(session, token, code.lower(), KEY, NOW, SENDER)
        assert invitation is not None
        account = find_invitation(session, invitation, NOW)
        assert (account.email, account.password_hash) == ("clara@comity.example", None)
        assert recovery_codes_left(session, account.id) == 0
        kinds = [one.kind for one in journal.read(session, f"account:{account.id}")]
        assert [kind for kind in kinds if "recover" in kind and "codes" not in kind] == [
            "account.recovery-asked", "account.recovery-vouched", "account.recovery-approved", "account.recovered",
        ]  # fmt: skip
        for one in ("anton", "noor"):
            assert office.mails(session, f"{one}@comity.example")[-1].subject == "Comity: a new way in was set up"
        assert "Clara Beispiel" in office.mails(session, "clara@comity.example")[-1].body
    with office.database.writing() as session, pytest.raises(NotFound):
        recovery.use(session, token, code, KEY, NOW, SENDER)


def test_the_link_without_the_code_opens_nothing_and_ends_after_five(office: Office) -> None:
    token, code = approved(office)
    for _time in range(recovery.MOST_FAILURES):
        with office.database.writing() as session:
            assert recovery.use(session, token, "AAAA-AAAA", KEY, NOW, SENDER) is None
    with office.database.writing() as session, pytest.raises(NotFound):
        recovery.use(session, token, code, KEY, NOW, SENDER)
    with office.database.reading() as session:
        clara = find_account(session, "clara@comity.example")
        assert clara is not None
        assert (clara.password_hash, recovery_codes_left(session, clara.id)) == ("old", 10)


def test_the_link_lasts_a_day(office: Office) -> None:
    token, code = approved(office)
    with office.database.writing() as session, pytest.raises(NotFound):
        recovery.use(session, token, code, KEY, NOW + recovery.LINK_LASTS, SENDER)


def test_only_who_vouched_is_shown_the_code_and_only_while_it_is_good(office: Office) -> None:
    approved(office)
    with office.database.reading() as session:
        found = session.scalars(select(Recovery)).one()
        assert re.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}", recovery.code_shown_to(office.actor("anton"), found, KEY, NOW))
        for name in ("noor", "sami", "clara"):
            assert recovery.code_shown_to(office.actor(name), found, KEY, NOW) == ""
        later = NOW + timedelta(days=2)
        assert recovery.code_shown_to(office.actor("anton"), found, KEY, later) == ""
        assert recovery.code_of(found, KEY) != recovery.code_of(found, KEY + "x")


@pytest.mark.parametrize(
    ("whose", "by", "outcome"),
    [
        ("clara", "anton", None),
        ("clara", "noor", Refused),
        ("clara", "clara", NotFound),
        ("clara", "somsri", NotFound),
        ("anton", "anton", SamePerson),
        ("anton", "clara", NotFound),
        ("anton", "noor", None),  # the only focal point lost their own way in
        ("somsri", "noor", None),  # Thailand has no focal point
        ("somsri", "anton", NotFound),
        ("noor", "sami", None),
        ("noor", "noor", SamePerson),
        ("noor", "anton", NotFound),
    ],
)
def test_who_may_vouch(office: Office, whose: str, by: str, outcome: type[Exception] | None) -> None:
    public_id, person = asked(office, whose), office.actor(by)
    with office.database.writing() as session:
        if outcome is None:
            assert recovery.vouch(session, person, NOW, public_id, "in_person", SENDER).vouched_by_id
        else:
            with pytest.raises(outcome):
                recovery.vouch(session, person, NOW, public_id, "in_person", SENDER)


@pytest.mark.parametrize(
    ("whose", "vouched", "by", "outcome"),
    [
        ("clara", "anton", "noor", None),
        ("clara", "anton", "anton", NotFound),
        ("anton", "noor", "noor", SamePerson),
        ("anton", "noor", "sami", None),
        ("noor", "sami", "sami", SamePerson),
        ("noor", "sami", "noor", SamePerson),
        ("clara", "anton", "somsri", NotFound),
        ("clara", None, "noor", Conflict),
    ],
)
def test_who_may_approve(
    office: Office, whose: str, vouched: str | None, by: str, outcome: type[Exception] | None
) -> None:
    public_id = asked(office, whose)
    with office.database.writing() as session:
        if vouched:
            recovery.vouch(session, office.actor(vouched), NOW, public_id, "telephone", SENDER)
    with office.database.writing() as session:
        if outcome is None:
            assert recovery.approve(session, office.actor(by), NOW, public_id, SENDER).token_digest
        else:
            with pytest.raises(outcome):
                recovery.approve(session, office.actor(by), NOW, public_id, SENDER)


def test_how_one_spoke_must_be_said(office: Office) -> None:
    public_id = asked(office)
    with office.database.writing() as session, pytest.raises(Invalid):
        recovery.vouch(session, office.actor("anton"), NOW, public_id, "by e-mail", SENDER)


def test_nobody_learns_whether_an_address_is_known(office: Office) -> None:
    with office.database.writing() as session:
        clara = find_account(session, "clara@comity.example")
        assert clara is not None
        clara.closed_at = NOW
    with office.database.writing() as session:
        for email in ("nobody@x.example", "clara@comity.example"):
            recovery.ask(session, email, NOW, SENDER, "192.0.2.9")
        assert session.scalar(select(func.count()).select_from(Recovery)) == 0
        assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0
        assert len(journal.read(session, "account:unknown")) == 2


def test_asking_twice_makes_one_request(office: Office) -> None:
    asked(office)
    with office.database.writing() as session:
        recovery.ask(session, "clara@comity.example", NOW, SENDER, "")
        assert session.scalar(select(func.count()).select_from(Recovery)) == 1
        assert len(recovery.waiting(session, office.actor("anton"), NOW)) == 1
        assert len(recovery.waiting(session, office.actor("clara"), NOW)) == 0
        assert len(recovery.waiting(session, office.actor("noor"), NOW + recovery.WAITS)) == 0


def test_declining_ends_it_and_tells(office: Office) -> None:
    public_id = asked(office)
    with office.database.writing() as session:
        recovery.decline(session, office.actor("anton"), NOW, public_id, "It was not her", SENDER)
    with office.database.writing() as session, pytest.raises(Conflict):
        recovery.vouch(session, office.actor("anton"), NOW, public_id, "telephone", SENDER)
    with office.database.reading() as session:
        assert "It was not her" in office.mails(session, "clara@comity.example")[-1].body
        assert session.scalars(select(Account.password_hash).where(Account.email == "clara@comity.example")).one()
