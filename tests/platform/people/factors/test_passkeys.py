"""Passkeys on both databases, with an authenticator in software that also does wrong."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.db import Database
from comity.people.factors.models import Passkey
from comity.people.factors.party import RelyingParty, relying_party
from comity.people.factors.passkeys import (
    Asked,
    PasskeyRefused,
    Purpose,
    ask_to_register,
    ask_to_use,
    judge_new,
    judge_use,
    keep_passkey,
    passkey_named,
    use_challenge,
    use_passkey,
)
from comity.people.factors.rules import CHALLENGE_LASTS
from comity.people.models import Account
from tests.support.authenticator import Authenticator

PARTY = RelyingParty("comity.example", "https://comity.example")


@pytest.mark.parametrize(
    ("base_url", "found"),
    [
        ("https://comity.example", PARTY),
        ("https://Comity.Example:443", PARTY),
        ("https://comity.example:8443", RelyingParty("comity.example", "https://comity.example:8443")),
        ("http://localhost:8470", RelyingParty("localhost", "http://localhost:8470")),
        ("http://127.0.0.1:8470", None),
        ("http://[::1]:8470", None),
        ("https://192.0.2.1", None),
    ],
)
def test_passkeys_need_a_name(base_url: str, found: RelyingParty | None) -> None:
    assert relying_party(base_url) == found


def _register(database: Database, account: Account, device: Authenticator, now: datetime, **wrong: Any) -> None:
    with database.writing() as session:
        token, options = ask_to_register(session, account, PARTY, now)
    answer = device.create({**options, **wrong})
    with database.writing() as session:
        asked = use_challenge(session, token, Purpose.REGISTER, account.id, now)
    made = judge_new(asked, answer, PARTY)
    with database.writing() as session:
        keep_passkey(session, account.id, made, "Telephone", now)


def _ask(
    database: Database, now: datetime, purpose: Purpose = Purpose.SIGN_IN, account_id: int | None = None
) -> tuple[str, Any]:
    with database.writing() as session:
        return ask_to_use(session, purpose, account_id, PARTY, now)


def _judge(
    database: Database,
    token: str,
    answer: Any,
    now: datetime,
    purpose: Purpose = Purpose.SIGN_IN,
    account_id: int | None = None,
) -> Account | None:
    with database.writing() as session:
        asked = use_challenge(session, token, purpose, account_id, now)
    with database.reading() as session:
        passkey = passkey_named(session, answer)
    shown = judge_use(asked, answer, passkey, PARTY)
    with database.writing() as session:
        return use_passkey(session, shown, now)


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(PARTY.origin)


def test_a_passkey_is_made_and_lets_its_owner_in_again_and_again(
    database: Database, account: Account, device: Authenticator, now: datetime
) -> None:
    _register(database, account, device, now)
    for _ in range(2):
        token, options = _ask(database, now)
        assert options["userVerification"] == "required"
        assert not options.get("allowCredentials")
        found = _judge(database, token, device.get(options), now)
        assert found is not None
        assert found.id == account.id
    with database.reading() as session:
        kept = session.query(Passkey).one()
    assert (kept.sign_count, kept.used_at, kept.name) == (2, now, "Telephone")


def test_options_ask_for_a_passkey_that_names_its_owner_and_is_no_second_one(
    database: Database, account: Account, device: Authenticator, now: datetime
) -> None:
    _register(database, account, device, now)
    with database.writing() as session:
        _token, options = ask_to_register(session, account, PARTY, now)
    choice = options["authenticatorSelection"]
    assert (choice["residentKey"], choice["userVerification"]) == ("required", "required")
    assert [each["id"] for each in options["excludeCredentials"]] == [device.create(options)["id"]]
    assert options["rp"]["id"] == "comity.example"
    assert len(options["challenge"]) >= 43
    assert account.email.encode() not in (device.handle or b"")


def test_an_authenticator_that_does_not_count_is_taken(database: Database, account: Account, now: datetime) -> None:
    device = Authenticator(PARTY.origin, counting=False)
    _register(database, account, device, now)
    for _ in range(2):
        token, options = _ask(database, now)
        assert _judge(database, token, device.get(options), now) is not None


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://comity.example.evil"}, {"origin": "http://comity.example"}, {"verified": False}],
    ids=["origin", "scheme", "not-verified"],
)
def test_a_passkey_made_elsewhere_or_without_its_owner_is_refused(
    database: Database, account: Account, now: datetime, wrong: dict[str, Any]
) -> None:
    with pytest.raises(PasskeyRefused):
        _register(database, account, Authenticator(**{"origin": PARTY.origin, **wrong}), now)


def test_a_passkey_for_another_name_is_refused(
    database: Database, account: Account, device: Authenticator, now: datetime
) -> None:
    with pytest.raises(PasskeyRefused):
        _register(database, account, device, now, rp={"id": "evil.example"})


def _set(**values: Any) -> Callable[[Authenticator], None]:
    def change(device: Authenticator) -> None:
        for name, value in values.items():
            setattr(device, name, value)

    return change


@pytest.mark.parametrize(
    "spoil",
    [
        _set(origin="https://comity.example.evil"),
        _set(verified=False),
        _set(rp_id="evil.example"),
        _set(count=0),
        _set(handle=b"x" * 32),
        _set(handle=None),
        _set(key=Authenticator("").key),
        _set(credential_id=b"y" * 32),
    ],
    ids=["origin", "not-verified", "name", "count", "handle", "no-handle", "key", "unknown"],
)
def test_a_use_that_does_wrong_in_one_thing_is_refused(
    database: Database,
    account: Account,
    device: Authenticator,
    now: datetime,
    spoil: Callable[[Authenticator], None],
) -> None:
    _register(database, account, device, now)
    token, options = _ask(database, now)
    assert _judge(database, token, device.get(options), now) is not None
    spoil(device)
    token, options = _ask(database, now)
    with pytest.raises(PasskeyRefused):
        _judge(database, token, device.get(options), now)


def test_a_challenge_is_good_once_for_five_minutes_and_for_its_purpose_and_account(
    database: Database, account: Account, other: Account, device: Authenticator, now: datetime
) -> None:
    _register(database, account, device, now)
    token, options = _ask(database, now)
    answer = device.get(options)
    assert _judge(database, token, answer, now) is not None
    with pytest.raises(PasskeyRefused):
        _judge(database, token, answer, now)
    token, options = _ask(database, now)
    with pytest.raises(PasskeyRefused):
        _judge(database, token, device.get(options), now + CHALLENGE_LASTS)
    token, options = _ask(database, now)
    with pytest.raises(PasskeyRefused):
        _judge(database, token, device.get(options), now, Purpose.CONFIRM)
    token, options = _ask(database, now, Purpose.CONFIRM, other.id)
    with pytest.raises(PasskeyRefused):
        _judge(database, token, device.get(options), now, Purpose.CONFIRM, other.id)
    token, options = _ask(database, now, Purpose.CONFIRM, account.id)
    with pytest.raises(PasskeyRefused):
        _judge(database, token, device.get(options), now, Purpose.CONFIRM, other.id)
    token, options = _ask(database, now, Purpose.CONFIRM, account.id)
    assert len(options["allowCredentials"]) == 1
    last = now + CHALLENGE_LASTS - timedelta(seconds=1)
    assert _judge(database, token, device.get(options), last, Purpose.CONFIRM, account.id) is not None


def test_a_use_judged_against_an_old_count_does_not_count_twice(
    database: Database, account: Account, device: Authenticator, now: datetime
) -> None:
    _register(database, account, device, now)
    token, options = _ask(database, now)
    answer = device.get(options)
    with database.writing() as session:
        asked = use_challenge(session, token, Purpose.SIGN_IN, None, now)
        shown = judge_use(asked, answer, passkey_named(session, answer), PARTY)
        assert use_passkey(session, shown, now) is not None
        assert use_passkey(session, shown, now) is None


def test_a_passkey_is_of_one_account_and_a_closed_one_stays_out(
    database: Database, account: Account, other: Account, device: Authenticator, now: datetime
) -> None:
    _register(database, account, device, now)
    with pytest.raises(PasskeyRefused):
        _register(database, other, device, now)
    token, options = _ask(database, now)
    answer = device.get(options | {"unused": 1})
    # `create` for the other account gave the device its handle: put the owner's back.
    with database.reading() as session:
        device.handle = session.query(Passkey).one().user_handle
    answer = device.get(options)
    with database.writing() as session:
        session.get_one(Account, account.id).closed_at = now
    assert _judge(database, token, answer, now) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(
    answer=_JSON, spoilt=_JSON, part=st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"])
)
def test_whatever_is_sent_is_refused_and_breaks_nothing(answer: object, spoilt: object, part: str) -> None:
    asked = Asked(b"c" * 32, None, b"h" * 32)
    device = Authenticator(PARTY.origin, rp_id=PARTY.id, handle=b"h" * 32)
    passkey = Passkey(id=1, account_id=1, credential_id="x", public_key=b"p", user_handle=b"h" * 32, sign_count=0)
    almost = copy.deepcopy(device.get({"challenge": "Y2Nj"}))
    almost["response"][part] = spoilt
    for sent in (answer, almost):
        with pytest.raises(PasskeyRefused):
            judge_new(asked, sent, PARTY)
        with pytest.raises(PasskeyRefused):
            judge_use(asked, sent, passkey, PARTY)
