"""Access is by participation and by nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.consultations.access import may_read, may_start, may_write, writing_post
from comity.core.actor import Actor, PostRef, Role

AUTHORITIES = st.frozensets(st.integers(1, 6), max_size=4)
ROLES = st.frozensets(st.sampled_from(Role))


def actor(authorities: frozenset[int], roles: frozenset[Role]) -> Actor:
    posts = tuple(PostRef(100 + one, "Desk", one, f"Authority {one}", "AT", "UTC") for one in sorted(authorities))
    return Actor(1, "Anton Muster", "en", "UTC", posts, roles)


@given(own=AUTHORITIES, parties=AUTHORITIES, roles=ROLES)
def test_who_has_a_post_in_a_party_reads_and_writes_and_nobody_else(
    own: frozenset[int], parties: frozenset[int], roles: frozenset[Role]
) -> None:
    someone = actor(own, roles)
    takes_part = bool(own & parties)
    assert may_read(someone, parties) is takes_part
    assert may_write(someone, parties) is takes_part
    assert may_start(someone) is bool(own)


@given(own=AUTHORITIES, parties=AUTHORITIES, roles=ROLES)
def test_one_speaks_through_a_post_in_a_party(
    own: frozenset[int], parties: frozenset[int], roles: frozenset[Role]
) -> None:
    post = writing_post(actor(own, roles), parties)
    assert (post.authority_id in own & parties) if post else not own & parties


@given(own=AUTHORITIES, parties=AUTHORITIES)
def test_no_role_opens_a_consultation(own: frozenset[int], parties: frozenset[int]) -> None:
    with_roles, without = actor(own, frozenset(Role)), actor(own, frozenset())
    assert may_read(with_roles, parties) is may_read(without, parties)
