"""Layer choice against a model of a narrow link."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.media.bandwidth import Budget, Demand

CAMERA = Demand([150_000, 500_000, 1_700_000], wanted=2)


class Link:
    """A link that loses what exceeds its capacity, and a receiver that reports the loss each second."""

    def __init__(self, capacity: float, demands: list[Demand]) -> None:
        self.capacity, self.demands = capacity, demands
        self.budget, self.now = Budget(), 0.0
        self.layers: list[list[int]] = []
        self.losses: list[float] = []

    def run(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now += 1.0
            layers = self.budget.allocate(self.demands, 40_000, self.now)
            sending = 40_000 + sum(d.layers[layer] for d, layer in zip(self.demands, layers, strict=True))
            loss = max(0.0, 1 - self.capacity / sending)
            self.budget.note_loss(loss, sending, self.now)
            self.layers.append(layers)
            self.losses.append(loss)


def test_a_wide_link_carries_the_best_layer_from_the_start() -> None:
    link = Link(10_000_000, [CAMERA])
    link.run(10)
    assert link.layers == [[2]] * 10


def test_a_narrow_link_gets_what_fits_and_failed_trials_become_rare() -> None:
    link = Link(700_000, [CAMERA])
    link.run(240)
    assert link.layers[-60:].count([1]) >= 55
    early, late = sum(loss > 0.1 for loss in link.losses[:60]), sum(loss > 0.1 for loss in link.losses[-60:])
    assert late <= early
    assert late <= 2


def test_a_link_that_widens_is_used_again() -> None:
    link = Link(300_000, [CAMERA])
    link.run(30)
    assert link.layers[-1] == [0]
    link.capacity = 5_000_000
    link.run(120)
    assert link.layers[-1] == [2]


def test_the_lowest_layer_is_sent_whatever_the_limit() -> None:
    link = Link(50_000, [CAMERA, CAMERA])
    link.run(20)
    assert link.layers[-1] == [0, 0]


def test_several_subscriptions_share_fairly() -> None:
    link = Link(1_400_000, [CAMERA] * 4)
    link.run(60)
    assert sorted(link.layers[-1]) in ([0, 0, 1, 1], [0, 1, 1, 1])


def test_a_low_estimate_alone_changes_nothing_but_a_falling_one_does() -> None:
    budget = Budget()
    for second in range(10):
        budget.note_remb(80_000 * 1.08**second, 1_700_000, float(second))
    assert budget.allocate([CAMERA], 0, 10.0) == [2]
    budget.note_remb(100_000, 1_700_000, 11.0)
    assert budget.allocate([CAMERA], 0, 11.0) == [0]


def test_an_estimate_above_the_limit_raises_it_at_once() -> None:
    budget = Budget()
    budget.note_loss(0.5, 1_700_000, 0.0)
    budget.note_loss(0.5, 1_700_000, 3.0)
    assert budget.allocate([CAMERA], 0, 3.0) != [2]
    budget.note_remb(4_000_000, 500_000, 6.0)
    budget.allocate([CAMERA], 0, 6.0)
    assert budget.allocate([CAMERA], 0, 6.1) == [2]


def test_an_idle_receiver_proves_nothing() -> None:
    budget = Budget()
    budget.note_remb(500_000, 0, 0.0)
    budget.note_remb(30_000, 0, 1.0)
    assert budget.allocate([CAMERA], 0, 2.0) == [2]


Layers = st.lists(st.floats(1_000, 3_000_000), min_size=1, max_size=3).map(sorted)


@given(st.lists(st.builds(Demand, Layers, st.integers(0, 2)), max_size=6), st.floats(0, 5_000_000))
def test_nobody_gets_more_than_it_wants_or_there_is(demands: list[Demand], fixed: float) -> None:
    budget = Budget()
    chosen = budget.allocate(demands, fixed, 1.0)
    assert all(0 <= layer <= max(0, min(d.wanted, len(d.layers) - 1)) for layer, d in zip(chosen, demands, strict=True))
    spent = fixed + sum(d.layers[layer] for layer, d in zip(chosen, demands, strict=True))
    least = fixed + sum(d.layers[0] for d in demands)
    assert spent <= max(budget.limit, least) + 1
