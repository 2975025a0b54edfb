"""Password hashes: argon2id, the same for every way of typing a character, renewed when parameters change."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest

from comity.people.hashing import ArgonHasher, Hasher
from comity.people.hashing_apart import HasherApart
from tests.support.helpers import QUICK


@pytest.fixture(params=["here", "apart"])
def either(request: pytest.FixtureRequest, hasher: ArgonHasher) -> Iterator[Hasher]:
    if request.param == "here":
        yield hasher
        return
    apart = HasherApart(hasher, command=QUICK)
    yield apart
    apart.close()


def test_a_hash_fits_its_password_alone(either: Hasher) -> None:
    first, second = either.hash("lantern orchard"), either.hash("lantern orchard")
    assert first != second
    assert either.verify(first, "lantern orchard")
    assert not either.verify(first, "lantern orchards")


def test_new_ones_are_argon2id_as_rfc_9106_recommends() -> None:
    assert ArgonHasher().hash("lantern").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_nothing_fits_the_dummy_and_it_has_the_shape_of_a_real_hash(either: Hasher) -> None:
    assert not either.verify(either.dummy, "")
    assert not either.is_outdated(either.dummy)
    assert [len(part) for part in either.dummy.split("$")] == [len(part) for part in either.hash("x").split("$")]


@pytest.mark.parametrize("broken", ["", "plain text", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA"])
def test_a_hash_that_cannot_be_read_fits_nothing(either: Hasher, broken: str) -> None:
    assert not either.verify(broken, "lantern")


def test_other_parameters_are_outdated(either: Hasher) -> None:
    older = ArgonHasher(time_cost=2, memory_cost=8, parallelism=1).hash("lantern")
    assert either.is_outdated(older)
    assert either.verify(older, "lantern")
    assert not either.is_outdated(either.hash("lantern"))


def test_one_keyboard_composes_and_another_does_not(either: Hasher) -> None:
    composed, apart = (unicodedata.normalize(form, "été à Genève") for form in ("NFC", "NFD"))
    assert composed != apart
    assert either.verify(either.hash(composed), apart)
