"""Factors and codes on both databases; two that come with one code at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from comity.core import journal
from comity.core.db import Database
from comity.core.errors import Conflict, Invalid, NotFound
from comity.people.events import Kind, Origin, topic
from comity.people.factors import codes
from comity.people.factors.half import begin_half, find_half, use_half
from comity.people.factors.models import Authenticator, RecoveryCode
from comity.people.factors.rules import HALF_LASTS
from comity.people.factors.sealing import seal
from comity.people.factors.services import (
    Factor,
    FactorKind,
    LastFactor,
    WrongCode,
    add_authenticator,
    factors_of,
    forget_factors,
    has_factor,
    make_recovery_codes,
    recovery_codes_left,
    remove_factor,
    rename_factor,
    spend_code,
)
from comity.people.models import Account
from comity.people.sessions import find_session, open_session

KEY = "k" * 48
HERE = Origin("192.0.2.7", "Firefox/153.0")
STEP = timedelta(seconds=30)
AT_ONCE = 8


def _add(database: Database, account: Account, now: datetime, *, first: bool = True, name: str = "Telephone") -> str:
    secret = codes.new_secret()
    with database.writing() as session:
        add_authenticator(
            session, account.id, sealed=seal(KEY, account.id, secret), code=codes.code_at(secret, now), name=name,
            first=first, secret_key=KEY, now=now,
        )  # fmt: skip
    return secret


def _spend(database: Database, account: Account, code: str, now: datetime) -> str | None:
    with database.writing() as session:
        return spend_code(session, account.id, code, HERE, now, secret_key=KEY)


def _factors(database: Database, account: Account) -> list[Factor]:
    with database.reading() as session:
        return factors_of(session, account.id)


def _kinds(database: Database, account: Account) -> list[str]:
    with database.reading() as session:
        assert journal.first_break(session, topic(account.id)) is None
        return [entry.kind for entry in journal.read(session, topic(account.id))]


def _at_once(database: Database, account: Account, code: str, now: datetime) -> list[str | None]:
    """Come with one code from several threads, which start together."""
    start = threading.Barrier(AT_ONCE)

    def come(_number: int) -> str | None:
        start.wait(20)
        return _spend(database, account, code, now)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(come, range(AT_ONCE)))


def test_an_application_is_added_by_its_first_code_which_is_used_then(
    database: Database, account: Account, now: datetime
) -> None:
    secret = _add(database, account, now)
    assert [(each.kind, each.name, each.used_at) for each in _factors(database, account)] == [
        (FactorKind.AUTHENTICATOR, "Telephone", now)
    ]
    assert _spend(database, account, codes.code_at(secret, now), now) is None
    assert _spend(database, account, codes.code_at(secret, now + STEP), now) == "one-time-code"
    assert _spend(database, account, codes.code_at(secret, now + STEP), now + STEP) is None
    assert _spend(database, account, codes.code_at(secret, now - STEP), now + STEP) is None
    assert _spend(database, account, codes.code_at(secret, now + 3 * STEP), now + STEP) is None
    with database.reading() as session:
        stored = session.scalars(select(Authenticator)).one()
        assert secret not in stored.sealed_secret
    assert _kinds(database, account)[-5:] == [Kind.FACTOR_ADDED] + [Kind.FACTOR_REFUSED] * 4


def test_a_wrong_first_code_a_foreign_secret_and_a_secret_twice_are_refused(
    database: Database, account: Account, other: Account, now: datetime
) -> None:
    secret = codes.new_secret()
    sealed, right = seal(KEY, account.id, secret), codes.code_at(secret, now)

    def add(whose: int, sealed: str, code: str, *, first: bool) -> None:
        with database.writing() as session:
            add_authenticator(session, whose, sealed=sealed, code=code, name="x", first=first, secret_key=KEY, now=now)

    with pytest.raises(WrongCode):
        add(account.id, sealed, f"{(int(right) + 1) % 10**6:06}" if right[0] != "9" else "000000", first=True)
    with pytest.raises(Invalid):
        add(other.id, sealed, right, first=True)
    assert _factors(database, account) == []
    add(account.id, sealed, right, first=True)
    with pytest.raises(Conflict):
        add(account.id, sealed, right, first=False)
    with pytest.raises(Conflict):
        add(account.id, seal(KEY, account.id, SECOND), codes.code_at(SECOND, now), first=True)
    assert len(_factors(database, account)) == 1


SECOND = codes.new_secret()


def test_of_many_with_one_recovery_code_at_once_one_gets_in(
    database: Database, account: Account, now: datetime
) -> None:
    with database.writing() as session:
        fresh = make_recovery_codes(session, account.id, now)
    results = _at_once(database, account, fresh[3], now)
    assert sorted(results, key=str) == [None] * (AT_ONCE - 1) + ["recovery-code"]
    with database.reading() as session:
        assert recovery_codes_left(session, account.id) == 9
    assert _spend(database, account, fresh[4].upper().replace("-", " "), now) == "recovery-code"
    assert _kinds(database, account).count(Kind.RECOVERY_CODE_USED) == 2


def test_of_many_with_one_one_time_code_at_once_one_gets_in(
    database: Database, account: Account, now: datetime
) -> None:
    secret = _add(database, account, now)
    results = _at_once(database, account, codes.code_at(secret, now + STEP), now + STEP)
    assert sorted(results, key=str) == [None] * (AT_ONCE - 1) + ["one-time-code"]


def test_new_recovery_codes_end_the_old_ones_and_only_digests_are_kept(
    database: Database, account: Account, other: Account, now: datetime
) -> None:
    with database.writing() as session:
        old = make_recovery_codes(session, account.id, now)
    with database.writing() as session:
        new = make_recovery_codes(session, account.id, now)
    assert _spend(database, account, old[0], now) is None
    assert _spend(database, other, new[0], now) is None
    assert _spend(database, account, new[0], now) == "recovery-code"
    with database.reading() as session:
        kept = session.scalars(select(RecoveryCode.digest)).all()
    assert len(kept) == 10
    assert not any(code.replace("-", "") in kept for code in new)


@pytest.mark.parametrize("code", ["", " ", "000000", "not a code", "0" * 20, "x" * 10_000, "١٢٣"])
def test_what_is_no_code_of_anybodys_is_refused(database: Database, other: Account, now: datetime, code: str) -> None:
    assert _spend(database, other, code, now) is None
    assert _kinds(database, other) == [Kind.FACTOR_REFUSED]


def test_factors_are_renamed_and_removed_by_their_owner_and_the_last_one_stays(
    database: Database, account: Account, other: Account, now: datetime
) -> None:
    _add(database, account, now)
    _add(database, account, now, first=False, name="Tablet")
    first, second = _factors(database, account)
    with database.writing() as session:
        here, there = (open_session(session, account, HERE, now, method="test", with_factor=True) for _ in range(2))
        kept = find_session(session, here, now)
        assert kept is not None
        rename_factor(session, account.id, second.kind, second.id, "  Old  tablet ", now)
    assert [each.name for each in _factors(database, account)] == ["Telephone", "Old tablet"]
    for whose, kind in ((other.id, first.kind), (account.id, FactorKind.PASSKEY)):
        with pytest.raises(NotFound), database.writing() as session:
            remove_factor(session, whose, kind, first.id, now, keep=kept.id)
    with database.writing() as session:
        remove_factor(session, account.id, first.kind, first.id, now, keep=kept.id)
    with database.reading() as session:
        assert find_session(session, here, now) is not None
        assert find_session(session, there, now) is None
    with pytest.raises(LastFactor), database.writing() as session:
        remove_factor(session, account.id, second.kind, second.id, now, keep=kept.id)
    assert len(_factors(database, account)) == 1
    assert _kinds(database, account)[-3:] == [Kind.FACTOR_RENAMED, Kind.FACTOR_REMOVED, Kind.SESSION_ENDED]


def test_who_lost_everything_begins_anew(database: Database, account: Account, now: datetime) -> None:
    _add(database, account, now)
    with database.writing() as session:
        make_recovery_codes(session, account.id, now)
        token = open_session(session, account, HERE, now, method="test", with_factor=True)
    with database.writing() as session:
        forget_factors(session, account.id, now)
    with database.reading() as session:
        assert not has_factor(session, account.id)
        assert recovery_codes_left(session, account.id) == 0
        assert find_session(session, token, now) is None
        assert session.get_one(Account, account.id).password_hash is None


def test_half_a_sign_in_waits_for_ten_minutes_and_is_finished_once(
    database: Database, account: Account, now: datetime
) -> None:
    with database.writing() as session:
        token = begin_half(session, account, HERE, now, method="password")
    with database.reading() as session:
        assert find_half(session, "another", now) is None
        assert find_half(session, token, now + HALF_LASTS) is None
        found = find_half(session, token, now + HALF_LASTS - timedelta(seconds=1))
        assert found is not None
        assert found.account_id == account.id
    with database.writing() as session:
        assert use_half(session, token, now) is not None
    with database.writing() as session:
        assert use_half(session, token, now) is None


def test_a_closed_account_finishes_nothing(database: Database, account: Account, now: datetime) -> None:
    with database.writing() as session:
        token = begin_half(session, account, HERE, now, method="password")
        session.get_one(Account, account.id).closed_at = now
    with database.reading() as session:
        assert find_half(session, token, now) is None
