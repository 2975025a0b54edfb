"""What is missing, by Party and by regional group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.coverage.measure import Gap, Level, Standing, counts, level, shares
from comity.directory.vocabulary import NotifiedProvision, RegionalGroup

PROVISION = NotifiedProvision.UNTOC_16_5_A
WHOLE = Standing("AT", RegionalGroup.WESTERN_EUROPEAN_AND_OTHERS, 1, frozenset({PROVISION}), 3, 0, True, 2)


@pytest.mark.parametrize(
    ("changed", "gaps", "whole"),
    [
        ({}, set(), Level.COMPLETE),
        ({"central_authorities": 0}, {Gap.DESIGNATION}, Level.MISSING),
        ({"notified": frozenset({NotifiedProvision.UNTOC_18_13})}, {Gap.NOTIFICATION}, Level.PARTLY),
        ({"overdue": 1}, {Gap.CONFIRMATION}, Level.PARTLY),
        ({"has_guidance": False}, {Gap.GUIDANCE}, Level.PARTLY),
        ({"practitioners": 0}, {Gap.REACHABILITY}, Level.PARTLY),
        ({"practitioners": 0, "central_authorities": 0}, {Gap.REACHABILITY, Gap.DESIGNATION}, Level.MISSING),
    ],
)
def test_each_gap_comes_from_what_is_not_there(changed: dict[str, Any], gaps: set[Gap], whole: Level) -> None:
    found = replace(WHOLE, **changed).gaps(PROVISION)
    assert found == gaps
    assert level(found, None) is whole
    assert {gap for gap in Gap if level(found, gap) is Level.MISSING} == gaps


def test_another_provision_is_another_gap() -> None:
    assert WHOLE.gaps(NotifiedProvision.UNTOC_18_14) == {Gap.NOTIFICATION}


def test_shares_by_group_and_in_all() -> None:
    africa = replace(WHOLE, iso2="KE", region=RegionalGroup.AFRICAN, has_guidance=False)
    found = shares([WHOLE, africa, replace(africa, iso2="NG", has_guidance=True)], PROVISION, Gap.GUIDANCE)
    assert [(share.region, share.covered, share.total, share.percent) for share in found] == [
        (None, 2, 3, 66),
        (RegionalGroup.AFRICAN, 1, 2, 50),
        (RegionalGroup.WESTERN_EUROPEAN_AND_OTHERS, 1, 1, 100),
    ]
    assert counts([WHOLE, africa], PROVISION)[Gap.GUIDANCE] == 1
    assert shares([], PROVISION, None)[0].percent == 0


standings = st.builds(
    Standing,
    iso2=st.just("XX"),
    region=st.sampled_from(RegionalGroup),
    central_authorities=st.integers(0, 2),
    notified=st.sets(st.sampled_from(NotifiedProvision)).map(frozenset),
    entries=st.integers(0, 5),
    overdue=st.integers(0, 2),
    has_guidance=st.booleans(),
    practitioners=st.integers(0, 2),
)


@given(st.lists(standings), st.sampled_from(NotifiedProvision), st.sampled_from([None, *Gap]))
def test_groups_add_up_to_all(found: list[Standing], provision: NotifiedProvision, gap: Gap | None) -> None:
    everything, *by_group = shares(found, provision, gap)
    assert everything.total == len(found) == sum(share.total for share in by_group)
    assert everything.covered == sum(share.covered for share in by_group)
    if gap is not None:
        assert everything.total - everything.covered == counts(found, provision)[gap]
