"""Helpers hash beside the loop: a bounded number at a time, a bounded number waiting, and none left behind."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator

import gevent
import pytest

from comity.core.errors import Busy
from comity.people.hashing import ArgonHasher
from comity.people.hashing_apart import HasherApart
from comity.people.hashing_helper import Turns
from tests.support.helpers import ECHO, TELL

Make = Callable[..., HasherApart]


@pytest.fixture
def make(hasher: ArgonHasher) -> Iterator[Make]:
    made: list[HasherApart] = []

    def one(**options: object) -> HasherApart:
        made.append(HasherApart(hasher, **{"command": ECHO, "most": 1, **options}))  # type: ignore[arg-type]
        return made[-1]

    yield one
    for each in made:
        each.close()


def test_the_real_one_makes_hashes_as_they_are_made_here(make: Make) -> None:
    apart, here = HasherApart(ArgonHasher()), ArgonHasher()
    hashed = apart.hash("lantern orchard")
    apart.close()
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert here.verify(hashed, "lantern orchard")


def test_others_are_served_meanwhile(make: Make) -> None:
    apart = make(seconds=30)
    waiting = gevent.spawn(apart.hash, "never")
    gevent.sleep(0)
    assert not waiting.ready()
    waiting.kill()


@pytest.mark.parametrize("most", [1, 3])
def test_no_more_helpers_than_wanted_work_for_a_crowd(make: Make, most: int) -> None:
    apart = make(most=most)
    crowd = [gevent.spawn(apart.hash, f"password {number}") for number in range(50)]
    answers = [one.get(timeout=60).split(" ", 1) for one in crowd]
    assert [words for _process, words in answers] == [f"password {number}" for number in range(50)]
    assert len({process for process, _words in answers}) == most


def test_more_than_may_wait_are_refused_at_once_and_the_others_are_not(make: Make) -> None:
    apart = make(waiting=4)
    crowd = [gevent.spawn(apart.hash, str(number)) for number in range(7)]
    gevent.joinall(crowd, timeout=60)
    assert [isinstance(one.exception, Busy) for one in crowd] == [False] * 5 + [True] * 2
    assert apart.hash("later").endswith(" later")


def test_who_waits_too_long_is_refused_and_the_next_one_gets_a_new_helper(make: Make) -> None:
    apart = make(seconds=3)
    first = apart.hash("a")
    with pytest.raises(Busy):
        apart.hash("never")
    _ended(first)
    assert apart.hash("b").split(" ")[1] == "b"


def test_nobody_gets_the_answer_of_one_who_went_away(make: Make) -> None:
    apart = make()
    apart.hash("begun")
    gone = gevent.spawn(apart.hash, "of another")
    gevent.sleep(0)
    gone.kill()
    assert apart.hash("mine").endswith(" mine")


def test_a_helper_that_ended_is_replaced_and_one_that_ends_each_time_is_refused(make: Make) -> None:
    apart = make()
    first = apart.hash("a")
    os.kill(int(first.split(" ")[0]), 9)
    assert apart.hash("b").split(" ")[1] == "b"
    with pytest.raises(Busy):
        apart.hash("end")
    assert apart.hash("c").endswith(" c")


def test_no_secret_of_ours_is_in_its_environment(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMITY_MASTER_KEY", "secret")
    assert "COMITY" not in make(command=TELL).hash("x")


def test_none_is_left_behind(make: Make) -> None:
    apart = make()
    told = apart.hash("a")
    apart.close()
    _ended(told)


# ---- the turns inside a helper -------------------------------------------------------------------------------------
def test_work_that_finds_no_time_left_over_is_begun_again_and_what_follows_does_not_wait_for_it() -> None:
    turns, room, begun = Turns(patience=0.05), threading.Event(), []

    def work(name: str) -> str:
        begun.append(name)
        if begun.count(name) == 1 and name == "first":
            room.wait(30)  # as where others take all of the processor
        return name.upper()

    assert turns.take(work, ["first"]) == "FIRST"
    assert begun == ["first", "first"]
    assert turns.take(work, ["second"]) == "SECOND"
    assert begun == ["first", "first", "second"]
    room.set()


def test_what_work_raises_is_raised() -> None:
    def work(text: str) -> None:
        raise ValueError(text)

    with pytest.raises(ValueError, match="broken"):
        Turns().take(work, ["broken"])


def _ended(answer: str) -> None:
    """The helper that gave an answer is there no more, not even as a zombie."""
    with pytest.raises(ProcessLookupError):
        os.kill(int(answer.split(" ")[0]), 0)
