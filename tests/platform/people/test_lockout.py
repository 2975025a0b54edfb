"""What attempts are counted by, and the promise: strangers cannot lock an owner out of a known browser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.errors import TooMany
from comity.people.known import parse, written
from comity.people.limits import Attempts
from comity.people.lockout import MOST, Attempt, Count, counted, given_back, network_of

OWNER = Attempt("amina@example.org", "192.0.2.0/24", "the browser of the owner")
KEY = "k" * 40


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:23ff::1", "2001:db8:1:2300::/56"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_client_is_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_known_browser_is_counted_alone_and_everybody_else_three_times() -> None:
    assert [one.by for one in counted(OWNER)] == [Count.BROWSER]
    stranger = Attempt(" Amina@Example.org ", "192.0.2.0/24", None)
    assert [one.by for one in counted(stranger)] == [Count.NETWORK, Count.PAIR, Count.ACCOUNT]
    assert counted(stranger)[1:] == counted(Attempt("amina@example.org", "192.0.2.0/24", None))[1:]
    assert [one.by for one in given_back(stranger)] == [Count.PAIR]
    assert given_back(OWNER) == counted(OWNER)


def test_one_network_alone_cannot_fill_the_account() -> None:
    assert MOST[Count.PAIR] * 4 < MOST[Count.ACCOUNT]


_NETWORKS = st.sampled_from(["192.0.2.0/24", *(f"10.0.{number}.0/24" for number in range(8))])
_STRANGERS = st.builds(
    Attempt,
    st.sampled_from(
        ["amina@example.org", "AMINA@example.org ", "li@example.org", "the browser of the owner amina@example.org"]
    ),
    _NETWORKS,
    st.one_of(st.none(), st.text(min_size=1).filter(lambda name: not (OWNER.browser or "").startswith(name))),
)


@given(tries=st.lists(st.tuples(_STRANGERS, st.integers(1, 130)), max_size=8))
def test_whatever_strangers_try_the_owner_can(tries: list[tuple[Attempt, int]]) -> None:
    counter = Attempts()
    for attempt, times in tries:
        for _ in range(times):
            try:
                counter.sign_in(attempt)
            except TooMany:
                break
    counter.sign_in(OWNER)


def test_a_counter_begins_anew_once_the_password_was_right() -> None:
    counter = Attempts()
    for _ in range(MOST[Count.BROWSER]):
        counter.sign_in(OWNER)
    counter.signed_in(OWNER)
    counter.sign_in(OWNER)


def test_the_cookie_keeps_the_four_latest_accounts_and_the_browsers_names() -> None:
    cookie = ""
    for number in range(5):
        cookie = written(KEY, parse(KEY, cookie), f"officer{number}@example.org")
    known = parse(KEY, cookie)
    assert len(known) == 4
    assert len(set(known.values())) == 4
    again = parse(KEY, written(KEY, known, " OFFICER4@example.org"))
    assert again == known


def test_a_cookie_that_somebody_else_signed_makes_nothing_known() -> None:
    cookie = written("another key of forty letters, or about so", {}, "amina@example.org")
    assert parse(KEY, cookie) == {}
    assert parse(KEY, written(KEY, {}, "amina@example.org") + "x") == {}


@given(st.text())
def test_no_cookie_breaks_the_reader(cookie: str) -> None:
    assert parse(KEY, cookie) == {}
