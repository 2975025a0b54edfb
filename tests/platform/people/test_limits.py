"""Attempts are counted by whose they are."""

from __future__ import annotations

import pytest
from limits import RateLimitItemPerMinute

from comity.core.errors import TooMany
from comity.people.limits import Attempts

THREE = RateLimitItemPerMinute(3, namespace="three")


def test_the_fourth_of_three_is_refused_and_others_are_not() -> None:
    attempts = Attempts()
    for _ in range(3):
        attempts.require(THREE, "amina@example.org")
        attempts.spend(THREE, "amina@example.org")
    with pytest.raises(TooMany):
        attempts.require(THREE, "amina@example.org")
    with pytest.raises(TooMany):
        attempts.spend(THREE, " Amina@Example.org")
    attempts.spend(THREE, "li@example.org")
    attempts.spend(RateLimitItemPerMinute(3, namespace="another"), "amina@example.org")


def test_asking_counts_nothing() -> None:
    attempts = Attempts()
    for _ in range(10):
        attempts.require(THREE, "amina@example.org")
    attempts.spend(THREE, "amina@example.org")
