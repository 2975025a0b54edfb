"""The table of who may do what, as a table."""

from __future__ import annotations

import pytest

from comity.core.actor import Actor, PostRef, Role
from comity.core.permissions import ROLES, TABLE, Action, may

PARTY, OTHER_PARTY, THIRD = 1, 2, 3


def _actor(*authorities: int, roles: frozenset[Role] = frozenset()) -> Actor:
    posts = tuple(PostRef(10 + one, "Desk", one, f"Authority {one}", "AT", "UTC") for one in authorities)
    return Actor(1, "A", "en", "UTC", posts, roles)


PEOPLE: dict[str, Actor | None] = {
    "nobody": None,
    "no post": _actor(),
    "party": _actor(PARTY),
    "counterpart": _actor(OTHER_PARTY),
    "third State": _actor(THIRD),
    "secretariat": _actor(roles=frozenset({Role.SECRETARIAT})),
    "auditor": _actor(roles=frozenset({Role.AUDITOR})),
    "organiser": _actor(roles=frozenset({Role.ORGANISER})),
    "every role": _actor(roles=frozenset(Role)),
}
ALL = set(PEOPLE)
SIGNED_IN = ALL - {"nobody"}
PARTIES = {"party", "counterpart"}

EXPECTED: dict[Action, set[str]] = {
    Action.SIGN_IN: ALL,
    Action.KEEP_OWN_ACCOUNT: SIGNED_IN,
    Action.SEE_OWN_LOOKS: SIGNED_IN,
    Action.SEE_DIRECTORY: SIGNED_IN,
    Action.START_CONSULTATION: {*PARTIES, "third State"},
    Action.CONSULT_AUTHORITY: {"third State"},
    Action.READ_CONSULTATION: PARTIES,
    Action.WRITE_CONSULTATION: PARTIES,
    Action.ENTER_ROOM: PARTIES,
    Action.SEE_READERS: PARTIES,
    Action.SEE_KEPT_MAIL: {"secretariat", "every role"},
    Action.SEE_AUDIT: {"auditor", "every role"},
    Action.READ_API_DESCRIPTION: ALL,
    Action.KEEP_APPLICATIONS: SIGNED_IN,
    Action.KEEP_CLIENTS: PARTIES,
    Action.GET_TOKEN: ALL,  # the view checks the code, secret or token
    Action.REPORT_ROOM: ALL,  # the view checks the machine's token
}


@pytest.mark.parametrize("action", Action)
def test_who_may(action: Action) -> None:
    assert {name for name, actor in PEOPLE.items() if may(actor, action, [PARTY, OTHER_PARTY])} == EXPECTED[action]


def test_the_table_has_one_row_for_each_action_and_every_role_is_explained() -> None:
    assert sorted(rule.action for rule in TABLE) == sorted(Action)
    assert set(ROLES) == set(Role)
    assert all(rule.who and rule.why for rule in TABLE)


@pytest.mark.parametrize("action", [Action.READ_CONSULTATION, Action.WRITE_CONSULTATION, Action.ENTER_ROOM])
def test_nothing_opens_a_consultation_that_names_no_party(action: Action) -> None:
    assert not any(may(actor, action) for actor in PEOPLE.values())
