"""The table of who may do what, as a table."""

from __future__ import annotations

import pytest

from comity.core.actor import Actor, PostRef, Role
from comity.core.permissions import ROLES, TABLE, Action, Standing, holds, may

PARTY, OTHER_PARTY, THIRD = 1, 2, 3


NETWORK, OTHER_NETWORK = "here", "elsewhere"
POST = 10 + PARTY


def _actor(
    *authorities: int,
    roles: frozenset[Role] = frozenset(),
    focal: bool = False,
    deputising: bool = False,
    coordinates: frozenset[str] = frozenset(),
) -> Actor:
    posts = tuple(
        PostRef(10 + one, "Desk", one, f"Authority {one}", "AT", "UTC", focal, deputising) for one in authorities
    )
    return Actor(1, "A", "en", "UTC", posts, roles, coordinates=coordinates)


PEOPLE: dict[str, Actor | None] = {
    "nobody": None,
    "no post": _actor(),
    "party": _actor(PARTY),
    "counterpart": _actor(OTHER_PARTY),
    "third State": _actor(THIRD),
    "deputy": _actor(PARTY, deputising=True),
    "focal point": _actor(PARTY, focal=True),
    "focal point elsewhere": _actor(THIRD, focal=True),
    "coordinator": _actor(THIRD, coordinates=frozenset({NETWORK})),
    "coordinator elsewhere": _actor(THIRD, coordinates=frozenset({OTHER_NETWORK})),
    "moderator": _actor(roles=frozenset({Role.MODERATOR})),
    "secretariat": _actor(roles=frozenset({Role.SECRETARIAT})),
    "auditor": _actor(roles=frozenset({Role.AUDITOR})),
    "organiser": _actor(roles=frozenset({Role.ORGANISER})),
    "every role": _actor(roles=frozenset(Role)),
}
ALL = set(PEOPLE)
SIGNED_IN = ALL - {"nobody"}
PARTIES = {"party", "counterpart", "deputy", "focal point"}
OTHERS = {"third State", "focal point elsewhere", "coordinator", "coordinator elsewhere"}
SECRETARIAT = {"secretariat", "every role"}

EXPECTED: dict[Action, set[str]] = {
    Action.SIGN_IN: ALL,
    Action.KEEP_OWN_ACCOUNT: SIGNED_IN,
    Action.SEE_OWN_LOOKS: SIGNED_IN,
    Action.SEE_DIRECTORY: SIGNED_IN,
    Action.START_CONSULTATION: PARTIES | OTHERS,
    Action.CONSULT_AUTHORITY: OTHERS,
    Action.KEEP_OWN_ENTRY: SIGNED_IN,
    Action.EDIT_PEOPLE: {"focal point"},
    Action.EDIT_RECORD: SECRETARIAT,
    Action.EDIT_GUIDANCE: {"focal point", *SECRETARIAT},
    Action.SEE_COVERAGE: {"coordinator", *SECRETARIAT},
    Action.EXPORT_DIRECTORY: {*PARTIES, *OTHERS, *SECRETARIAT},
    Action.IMPORT_DIRECTORY: SECRETARIAT,
    Action.READ_CONSULTATION: PARTIES,
    Action.WRITE_CONSULTATION: PARTIES,
    Action.ENTER_ROOM: PARTIES,
    Action.SEE_READERS: PARTIES,
    Action.TEND_PEOPLE: {"focal point", *SECRETARIAT},
    Action.CONFIRM_PERSON: {"focal point", *SECRETARIAT},
    Action.LET_IN: SECRETARIAT,
    Action.GIVE_OFFICES: SECRETARIAT,
    Action.NAME_DEPUTY: {"party", "focal point"},
    Action.HAND_OVER: {"party", "focal point"},
    Action.SEE_KEPT_MAIL: SECRETARIAT,
    Action.SEE_AUDIT: {"auditor", "every role"},
    Action.READ_API_DESCRIPTION: ALL,
    Action.KEEP_APPLICATIONS: SIGNED_IN,
    Action.KEEP_CLIENTS: PARTIES,
    Action.GET_TOKEN: ALL,  # the view checks the code, secret or token
    Action.SEE_PROVIDERS: SECRETARIAT,
    Action.REPORT_LOGOUT: ALL,  # the view checks the provider's token
    Action.PROPOSE_CHANGE: {*PARTIES, *OTHERS, *SECRETARIAT},
    Action.REVIEW_OWN_PROPOSAL: SECRETARIAT,
    Action.REVIEW_SUGGESTION: {"focal point"},
    Action.REVIEW_LATE_SUGGESTION: {"focal point", *SECRETARIAT},
    Action.CONFIRM_RECORD: {"focal point"},
    Action.CONFIRM_ORPHAN: {"focal point", *SECRETARIAT},
    Action.SEE_PERSON_HISTORY: {"focal point", *SECRETARIAT},
    Action.REPORT_ROOM: ALL,  # the view checks the machine's token
}


@pytest.mark.parametrize("action", Action)
def test_who_may(action: Action) -> None:
    thing = ([PARTY, OTHER_PARTY], [NETWORK], [POST])
    assert {name for name, actor in PEOPLE.items() if may(actor, action, *thing)} == EXPECTED[action]


def test_the_table_has_one_row_for_each_action_and_every_role_is_explained() -> None:
    assert sorted(rule.action for rule in TABLE) == sorted(Action)
    assert set(ROLES) == set(Role)
    assert all(rule.who and rule.why for rule in TABLE)


def test_a_coordinator_stands_for_their_own_network_alone() -> None:
    standing = {
        name for name, actor in PEOPLE.items() if actor and holds(actor, Standing.COORDINATOR, networks=[NETWORK])
    }
    assert standing == {"coordinator"}


@pytest.mark.parametrize("action", [Action.READ_CONSULTATION, Action.WRITE_CONSULTATION, Action.ENTER_ROOM])
def test_nothing_opens_a_consultation_that_names_no_party(action: Action) -> None:
    assert not any(may(actor, action) for actor in PEOPLE.values())
