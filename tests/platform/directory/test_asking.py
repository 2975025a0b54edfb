from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.asking import Advice, Channel, Contact, Desk, Matter, Reason, Urgency, Wording, ask
from comity.directory.hours import OfficeHours
from comity.directory.vocabulary import Function, Means, Part, TranslationRule

MLA, EXTRADITION, POLICE = (
    Function.MUTUAL_LEGAL_ASSISTANCE,
    Function.EXTRADITION,
    Function.LAW_ENFORCEMENT_COOPERATION,
)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NIGHT = NOON.replace(hour=23)
HOURS = OfficeHours("UTC", frozenset({1, 2, 3, 4, 5}), time(9), time(17))
CENTRAL = Desk(
    id=1,
    part=Part.A,
    functions=frozenset({MLA}),
    territories=(),
    languages=("en",),
    translation=TranslationRule.CERTIFIED,
    draft_when_urgent=True,
    means=(Means.POST, Means.EMAIL),
    oral_when_urgent=True,
    interpol_when_urgent=True,
    duty=None,
    hours=HOURS,
)
OTHER = replace(CENTRAL, id=2, part=Part.B, languages=("fr",), duty="+1 00 555 01")
NORTH = replace(CENTRAL, id=3, territories=("North",))
SOUTH = replace(CENTRAL, id=4, territories=("South",))
OFFICERS = replace(CENTRAL, id=5, part=Part.B, functions=frozenset({POLICE}))
MATTER = Matter("XX", MLA, Urgency.ROUTINE, "en")


def ids(matter: Matter, *desks: Desk, now: datetime = NOON) -> list[int]:
    return [advice.desk.id for advice in ask(matter, desks, (), now).desks]


def advice(matter: Matter, desk: Desk, now: datetime = NOON) -> Advice:
    return ask(matter, [desk], (), now).desks[0]


@pytest.mark.parametrize(
    ("matter", "desks", "expected"),
    [
        (MATTER, (OTHER, CENTRAL), [1, 2]),
        (MATTER, (OFFICERS, CENTRAL), [1]),
        (replace(MATTER, territory="North"), (CENTRAL, SOUTH, NORTH), [3, 1]),
        (replace(MATTER, territory="North"), (OTHER, NORTH), [3, 2]),
        (MATTER, (NORTH, SOUTH, CENTRAL), [1, 3, 4]),
        (replace(MATTER, language="fr"), (CENTRAL, replace(OTHER, part=Part.A)), [2, 1]),
        (
            replace(MATTER, means=frozenset({Means.TELEFAX})),
            (CENTRAL, replace(CENTRAL, id=9, means=(Means.TELEFAX,))),
            [9, 1],
        ),
    ],
)
def test_desks_come_in_order(matter: Matter, desks: tuple[Desk, ...], expected: list[int]) -> None:
    assert ids(matter, *desks) == expected


def test_in_an_emergency_at_night_the_desk_with_a_duty_number_comes_first() -> None:
    emergency = replace(MATTER, urgency=Urgency.EMERGENCY)
    on_duty = replace(CENTRAL, id=7, duty="+1 00 555 07")
    assert ids(emergency, CENTRAL, on_duty, now=NIGHT) == [7, 1]
    assert ids(MATTER, CENTRAL, on_duty, now=NIGHT) == [1, 7]
    found = advice(emergency, on_duty, NIGHT)
    assert found.call_duty
    assert Reason.ON_DUTY in found.reasons
    assert not advice(emergency, on_duty, NOON).call_duty
    assert found.reachable.changes_at == datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("desk", "urgency", "language", "expected"),
    [
        (CENTRAL, Urgency.ROUTINE, "en", Wording.ACCEPTED),
        (CENTRAL, Urgency.ROUTINE, "ru", Wording.CERTIFIED),
        (CENTRAL, Urgency.URGENT, "ru", Wording.DRAFT_FIRST),
        (replace(CENTRAL, translation=TranslationRule.MANDATORY), Urgency.ROUTINE, "ru", Wording.TRANSLATION),
        (replace(CENTRAL, translation=TranslationRule.NOT_REQUIRED), Urgency.ROUTINE, "ru", Wording.NO_TRANSLATION),
        (replace(CENTRAL, draft_when_urgent=False), Urgency.URGENT, "ru", Wording.CERTIFIED),
    ],
)
def test_what_becomes_of_my_language(desk: Desk, urgency: Urgency, language: str, expected: Wording) -> None:
    assert advice(replace(MATTER, urgency=urgency, language=language), desk).wording is expected


def test_oral_and_interpol_only_when_urgent() -> None:
    assert not advice(MATTER, CENTRAL).oral
    assert not advice(MATTER, CENTRAL).interpol
    urgent = advice(replace(MATTER, urgency=Urgency.URGENT), CENTRAL)
    assert urgent.oral
    assert urgent.interpol


def test_means_that_both_have_else_all() -> None:
    assert advice(replace(MATTER, means=frozenset({Means.EMAIL, Means.TELEFAX})), CENTRAL).means == (Means.EMAIL,)
    none = advice(replace(MATTER, means=frozenset({Means.TELEFAX})), CENTRAL)
    assert none.means == CENTRAL.means
    assert not none.means_shared


def test_where_nothing_fits_the_nearest_channels_in_order() -> None:
    contacts = [Contact(Channel.NETWORK, "ejn"), Contact(Channel.LIAISON_THERE, "8")]
    asked = replace(MATTER, function=EXTRADITION, urgency=Urgency.URGENT)
    found = ask(asked, [OFFICERS, CENTRAL, OTHER], contacts, NOON)
    assert found.desks == ()
    assert [nearest.channel for nearest in found.nearest] == [
        Channel.CENTRAL_AUTHORITY,
        Channel.LAW_ENFORCEMENT,
        Channel.OTHER_AUTHORITY,
        Channel.LIAISON_THERE,
        Channel.NETWORK,
        Channel.INTERPOL,
        Channel.DIPLOMATIC,
    ]
    assert [one.channel for one in ask(MATTER, [], (), NOON).nearest] == [Channel.DIPLOMATIC]


def desks() -> st.SearchStrategy[Desk]:
    return st.builds(
        Desk,
        id=st.integers(1, 99),
        part=st.sampled_from(Part),
        functions=st.frozensets(st.sampled_from(Function), min_size=1, max_size=4),
        territories=st.sampled_from([(), ("North",), ("South", "North")]),
        languages=st.sampled_from([("en",), ("fr", "ar"), ()]),
        translation=st.sampled_from(TranslationRule),
        draft_when_urgent=st.booleans(),
        means=st.lists(st.sampled_from(Means), unique=True).map(tuple),
        oral_when_urgent=st.booleans(),
        interpol_when_urgent=st.booleans(),
        duty=st.sampled_from([None, "+1 00 555 01"]),
        hours=st.just(HOURS),
    )


MATTERS = st.builds(
    Matter,
    state=st.just("XX"),
    function=st.sampled_from(Function),
    urgency=st.sampled_from(Urgency),
    language=st.sampled_from(["en", "fr", "zh"]),
    territory=st.sampled_from(["", "North", "South"]),
    means=st.frozensets(st.sampled_from(Means)),
)


@given(MATTERS, st.lists(desks(), max_size=6, unique_by=lambda desk: desk.id), st.sampled_from([NOON, NIGHT]))
def test_there_is_always_an_answer_and_never_a_desk_without_the_function(
    matter: Matter, known: list[Desk], now: datetime
) -> None:
    found = ask(matter, known, (), now)
    assert bool(found.desks) != bool(found.nearest)
    assert all(matter.function in one.desk.functions for one in found.desks)
    assert all(
        not matter.territory or not one.desk.territories or matter.territory in one.desk.territories
        for one in found.desks
    )
    own = [matter.territory in one.desk.territories for one in found.desks]
    assert not matter.territory or own == sorted(own, reverse=True)
    assert all(one.reasons for one in found.desks)
    assert all(not (one.oral or one.interpol) for one in found.desks if matter.urgency is Urgency.ROUTINE)
    if matter.function not in {function for desk in known for function in desk.functions}:
        assert found.nearest[-1].channel is Channel.DIPLOMATIC


@given(MATTERS, st.lists(desks(), min_size=2, max_size=6, unique_by=lambda desk: desk.id))
def test_the_order_does_not_depend_on_how_desks_are_read(matter: Matter, known: list[Desk]) -> None:
    assert (
        ask(matter, known, (), NOON) == ask(matter, sorted(known, key=lambda desk: -desk.id), (), NOON)
        or not ask(matter, known, (), NOON).desks
    )
