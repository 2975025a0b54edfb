"""One-time codes against RFC 6238's own figures; recovery codes; sealed secrets."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.people.factors import codes
from comity.people.factors.rules import FRESH, is_fresh, may_remove
from comity.people.factors.sealing import seal, unseal

SECRET = base64.b32encode(b"12345678901234567890").decode()
KEY = "k" * 48


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"),
     (20000000000, "353130")],
)  # fmt: skip
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, SHA-1: its last six digits."""
    moment = datetime.fromtimestamp(seconds, UTC)
    assert codes.code_at(SECRET, moment) == code
    assert codes.matching_step(SECRET, code, moment, after=0) == seconds // 30


@given(seconds=st.integers(30 * 100, 2**33), drift=st.integers(-300, 300))
def test_a_code_fits_its_step_and_the_neighbours_and_never_twice(seconds: int, drift: int) -> None:
    shown, now = datetime.fromtimestamp(seconds, UTC), datetime.fromtimestamp(seconds + drift, UTC)
    step, code = codes.step_of(shown), codes.code_at(SECRET, shown)
    near = abs(codes.step_of(now) - step) <= 1
    found = codes.matching_step(SECRET, code, now, after=0)
    # A code may be that of another step as well: one in a million.
    assert found == step if near else found is None or codes.code_at(SECRET, shown) == code
    if near:
        assert codes.matching_step(SECRET, code, now, after=step) in {None, step + 1, step + 2}


@pytest.mark.parametrize(
    ("typed", "code"),
    [(" 287 082 ", "287082"), ("٢٨٧٠٨٢", "287082"), ("２８７０８２", "287082"), ("ABCDE-fgh0O", "abcdefgh00"),
     ("a1Il", "a111"), ("", ""), ("x" * 900, "x" * 64)],
)  # fmt: skip
def test_codes_are_read_as_people_write_them(typed: str, code: str) -> None:
    assert codes.clean(typed) == code
    assert codes.is_one_time(code) == (code == "287082")


def test_recovery_codes_are_ten_long_different_and_come_back_as_they_were_shown() -> None:
    fresh = codes.new_recovery_codes()
    assert len(set(fresh)) == 10
    for code in fresh:
        cleaned = codes.clean(code.upper())
        assert (len(cleaned), cleaned) == (20, code.replace("-", ""))
        assert not codes.is_one_time(cleaned)
        assert codes.recovery_digest(1, cleaned) != codes.recovery_digest(2, cleaned)


def test_the_address_in_the_square_says_whose_it_is() -> None:
    uri = codes.provisioning_uri(SECRET, "amina@example.org")
    assert uri == f"otpauth://totp/Comity:amina%40example.org?secret={SECRET}&issuer=Comity"
    assert codes.spelled("ABCDEFGH23") == "ABCD EFGH 23"


@given(secret=st.text(max_size=60), account=st.integers(1, 2**31), place=st.integers(0, 200))
def test_a_sealed_secret_opens_for_its_account_and_key_and_unchanged_alone(
    secret: str, account: int, place: int
) -> None:
    sealed = seal(KEY, account, secret)
    assert unseal(KEY, account, sealed) == secret
    assert secret == "" or secret not in sealed or len(secret) < 4
    assert unseal(KEY, account + 1, sealed) is None
    assert unseal("o" * 48, account, sealed) is None
    at = place % (len(sealed) - 4)
    changed = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
    assert unseal(KEY, account, changed) is None


@pytest.mark.parametrize("sealed", ["", "x", "====", "ß", "AAAA", "A" * 40])
def test_what_was_never_sealed_does_not_open(sealed: str) -> None:
    assert unseal(KEY, 1, sealed) is None


@pytest.mark.parametrize(
    ("ago", "fresh"),
    [(timedelta(0), True), (FRESH - timedelta(seconds=1), True), (FRESH, False), (timedelta(seconds=-1), False)],
)
def test_a_factor_is_fresh_for_ten_minutes(ago: timedelta, fresh: bool) -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert is_fresh(now - ago, now) is fresh
    assert is_fresh(None, now) is False


@pytest.mark.parametrize(
    ("passkey", "passkeys", "authenticators", "has_password", "may"),
    [
        (True, 1, 0, True, False), (True, 2, 0, False, True), (True, 1, 1, True, True), (True, 1, 1, False, False),
        (False, 0, 1, True, False), (False, 1, 1, True, True), (False, 1, 1, False, True), (False, 0, 2, True, True),
        (False, 0, 2, False, False),
    ],
)  # fmt: skip
def test_the_last_way_in_stays(
    passkey: bool, passkeys: int, authenticators: int, has_password: bool, may: bool
) -> None:
    found = may_remove(passkey=passkey, passkeys=passkeys, authenticators=authenticators, has_password=has_password)
    assert found is may
