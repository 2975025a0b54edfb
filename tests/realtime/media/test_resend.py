"""Retransmission, key frame requests and messages are throttled."""

from __future__ import annotations

from comity.media.limits import MessageBudget
from comity.media.resend import BURST, MAX_TRIES, KeyframeThrottle, ResendLimit


def test_a_packet_is_sent_again_a_few_times_and_not_at_once() -> None:
    limit = ResendLimit()
    assert limit.allow(5, 1.0)
    assert not limit.allow(5, 1.05)
    assert [limit.allow(5, 1.0 + tick * 0.2) for tick in range(1, 6)] == [True] * (MAX_TRIES - 1) + [False] * 3


def test_numbers_that_come_round_again_are_new() -> None:
    limit = ResendLimit()
    for tick in range(MAX_TRIES):
        limit.allow(5, 1.0 + tick)
    assert not limit.allow(5, 5.0)
    assert limit.allow(5, 60.0)


def test_one_receiver_gets_no_more_than_its_share() -> None:
    limit = ResendLimit()
    granted = sum(limit.allow(number, 1.0) for number in range(1000))
    assert granted == BURST
    assert sum(limit.allow(1000 + number, 1.1) for number in range(1000)) == 10


def test_key_frames_are_asked_for_once_and_the_rest_is_remembered() -> None:
    throttle = KeyframeThrottle(0.5)
    assert throttle.ask(1.0)
    assert not throttle.ask(1.1)
    assert not throttle.due(1.2)
    assert throttle.due(1.6)
    assert not throttle.due(3.0)
    assert throttle.ask(3.0)


def test_a_client_may_send_a_burst_and_then_so_many_a_second() -> None:
    budget = MessageBudget(10, 100)
    assert sum(budget.take(5.0) for _ in range(200)) == 100
    assert sum(budget.take(6.0) for _ in range(200)) == 10
    assert sum(budget.take(100.0) for _ in range(200)) == 100
