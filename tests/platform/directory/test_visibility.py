"""Every visibility, standing and viewer: what is shown, and that nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.actor import Actor, PostRef, Role
from comity.directory.models import Authority, Network
from comity.directory.record import ContactDetail, Practitioner
from comity.directory.visibility import Viewer, may_know_of, may_see, see, visible_details
from comity.directory.vocabulary import AuthorityKind, DetailKind, PractitionerRole, Vetting, Visibility

HERE, ELSEWHERE, THEMSELVES, SOMEBODY = 7, 8, 1, 2
VIEWERS = {
    "the person": Viewer(THEMSELVES),
    "the focal point": Viewer(SOMEBODY, focal_of=frozenset({HERE})),
    "the secretariat": Viewer(SOMEBODY, secretariat=True),
    "one of the network": Viewer(SOMEBODY, networks=frozenset({"ejn", "globe"})),
    "one of another network": Viewer(SOMEBODY, networks=frozenset({"pilon"})),
    "a focal point elsewhere": Viewer(SOMEBODY, focal_of=frozenset({ELSEWHERE})),
    "a member": Viewer(SOMEBODY),
}
EVERYTHING = set(Visibility)
SEES_WHEN_ACTIVE = {
    "the person": EVERYTHING,
    "the focal point": EVERYTHING,
    "the secretariat": EVERYTHING,
    "one of the network": {Visibility.MEMBERS, Visibility.NETWORKS},
    "one of another network": {Visibility.MEMBERS},
    "a focal point elsewhere": {Visibility.MEMBERS},
    "a member": {Visibility.MEMBERS},
}
KNOWS_ALWAYS = {"the person", "the focal point", "the secretariat"}


def practitioner(vetting: Vetting = Vetting.ACTIVE, *, networks: tuple[str, ...] = ("ejn",)) -> Practitioner:
    authority = Authority(
        id=HERE, code="x-a", state_iso2="AT", name_en="Ministry", kind=AuthorityKind.CENTRAL_AUTHORITY,
        zone="Europe/Vienna", office_days="12345", opens=time(8), closes=time(16), closed_on=[],
    )  # fmt: skip
    return Practitioner(
        public_id="p",
        account_id=THEMSELVES,
        authority=authority,
        authority_id=HERE,
        name="Ada Muster",
        name_latin="Ada Muster",
        language="de",
        title="",
        role=PractitionerRole.PROSECUTOR,
        languages={"de": "native"},
        specialities=[],
        networks=[Network(code=code, name=code) for code in networks],
        vetting=vetting,
        confirmed_by="",
        demonstration=False,
        updated_at=datetime(2026, 11, 23, tzinfo=UTC),
        details=[
            ContactDetail(kind=kind, value=f"{kind.value} {visibility.value}", functional=False, visibility=visibility)
            for kind in DetailKind
            for visibility in Visibility
        ],
    )


@pytest.mark.parametrize("vetting", Vetting)
@pytest.mark.parametrize("viewer", VIEWERS)
def test_each_viewer_sees_each_field_as_the_table_says(viewer: str, vetting: Vetting) -> None:
    known = vetting is Vetting.ACTIVE or viewer in KNOWS_ALWAYS
    seen = see(VIEWERS[viewer], practitioner(vetting))
    assert (seen is not None) is known
    if seen is not None:
        wanted = {f"{kind.value} {one.value}" for kind in DetailKind for one in SEES_WHEN_ACTIVE[viewer]}
        assert {detail.value for detail in seen.details} == wanted
        assert seen.full is (viewer in KNOWS_ALWAYS)


def test_a_coordinator_belongs_to_the_network_that_they_coordinate() -> None:
    post = PostRef(1, "Head", ELSEWHERE, "Ministry", "TH", "Asia/Bangkok", focal=True)
    actor = Actor(9, "C", "en", "UTC", (post,), networks=frozenset({"globe"}), coordinates=frozenset({"ejn"}))
    viewer = Viewer.of(actor)
    assert viewer == Viewer(9, False, frozenset({"globe", "ejn"}), frozenset({ELSEWHERE}))
    assert may_see(viewer, practitioner(), Visibility.NETWORKS)
    assert not may_see(viewer, practitioner(), Visibility.SECRETARIAT)
    assert Viewer.of(Actor(3, "S", "en", "UTC", roles=frozenset({Role.SECRETARIAT}))).secretariat


def test_an_account_is_nobody_who_has_none() -> None:
    listed_alone = practitioner(Vetting.SUSPENDED)
    listed_alone.account_id = None
    assert see(Viewer(THEMSELVES), listed_alone) is None


def test_a_deputy_who_may_not_be_known_is_left_out() -> None:
    one = practitioner()
    one.deputy = practitioner(Vetting.SUSPENDED)
    one.deputy.account_id = None
    shown = [see(VIEWERS[name], one) for name in ("a member", "the focal point")]
    assert [seen is not None and seen.deputy is not None for seen in shown] == [False, True]


def test_a_deputy_s_details_are_the_deputy_s_own_to_show() -> None:
    one = practitioner()
    one.deputy = practitioner(networks=("pilon",))
    seen = see(VIEWERS["one of the network"], one)
    assert seen is not None
    assert seen.deputy is not None
    assert {detail.visibility for detail in seen.details} == {Visibility.MEMBERS, Visibility.NETWORKS}
    assert {detail.visibility for detail in seen.deputy.details} == {Visibility.MEMBERS}


codes = st.frozensets(st.sampled_from(["ejn", "globe", "pilon", "casc"]))
viewers = st.builds(
    Viewer,
    st.sampled_from([THEMSELVES, SOMEBODY]),
    st.booleans(),
    codes,
    st.frozensets(st.sampled_from([HERE, ELSEWHERE])),
)


@given(viewers, codes, st.sampled_from(Vetting), st.sampled_from(Visibility))
def test_who_is_shown_less_never_sees_more(
    viewer: Viewer, networks: frozenset[str], vetting: Vetting, visibility: Visibility
) -> None:
    one = practitioner(vetting, networks=tuple(networks))
    order = list(Visibility)
    wider = order[: order.index(visibility) + 1]
    if may_see(viewer, one, visibility):
        assert all(may_see(viewer, one, other) for other in wider)
        assert may_know_of(viewer, one)
    assert {detail.visibility for detail in visible_details(viewer, one)} == {
        other for other in order if may_see(viewer, one, other)
    }


@given(viewers, codes, st.sampled_from(Vetting))
def test_more_standing_never_sees_less(viewer: Viewer, networks: frozenset[str], vetting: Vetting) -> None:
    one = practitioner(vetting, networks=tuple(networks))
    more = Viewer(viewer.account_id, True, viewer.networks | networks, viewer.focal_of | {HERE})
    assert set(visible_details(viewer, one)) <= set(visible_details(more, one))


def test_details_of_the_post_come_first() -> None:
    one = practitioner()
    one.details[-1].functional = True
    details = visible_details(VIEWERS["the person"], one)
    assert [detail.functional for detail in details] == [True] + [False] * (len(details) - 1)
