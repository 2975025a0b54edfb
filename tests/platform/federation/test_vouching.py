"""Whom a provider may let in: the whole table, and what may never happen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.federation.vouching import Candidate, Refusal, refusal

DOMAINS = frozenset({"justice.at.example"})
MAIL = "nova@justice.at.example"


def _candidate(
    *, may_sign_in: bool = True, role: bool = False, posts: frozenset[int] = frozenset(), subject: str | None = None
) -> Candidate:
    return Candidate(may_sign_in, role, posts, subject)


@pytest.mark.parametrize(
    ("candidate", "email", "expected"),
    [
        (_candidate(), MAIL, None),
        (_candidate(posts=frozenset({1})), MAIL, None),
        (_candidate(subject="s"), MAIL, None),
        (_candidate(subject="s"), "", None),
        (_candidate(subject="s"), "x@elsewhere.example", None),
        (None, MAIL, Refusal.NO_ACCOUNT),
        (None, "", Refusal.UNVERIFIED),
        (_candidate(), "", Refusal.UNVERIFIED),
        (_candidate(), "nova@elsewhere.example", Refusal.FOREIGN_ADDRESS),
        (_candidate(), "nova@sub.justice.at.example", Refusal.FOREIGN_ADDRESS),
        (_candidate(may_sign_in=False), MAIL, Refusal.CLOSED),
        (_candidate(may_sign_in=False, subject="s"), MAIL, Refusal.CLOSED),
        (_candidate(subject="other"), MAIL, Refusal.OTHER_SUBJECT),
        (_candidate(role=True, subject="s"), MAIL, Refusal.HAS_ROLE),
        (_candidate(posts=frozenset({1, 2}), subject="s"), MAIL, Refusal.HOLDS_ELSEWHERE),
    ],
)
def test_the_table(candidate: Candidate | None, email: str, expected: Refusal | None) -> None:
    assert refusal(candidate, subject="s", email=email, domains=DOMAINS, authority_id=1) is expected


@given(
    st.builds(
        Candidate, st.booleans(), st.booleans(), st.frozensets(st.integers(1, 3)), st.sampled_from([None, "s", "other"])
    ),
    st.sampled_from(["", MAIL, "nova@elsewhere.example"]),
)
def test_who_comes_in_is_always_the_authority_s_own(candidate: Candidate, email: str) -> None:
    if refusal(candidate, subject="s", email=email, domains=DOMAINS, authority_id=1) is None:
        assert candidate.may_sign_in
        assert not candidate.has_role
        assert candidate.posts_at <= {1}
        assert candidate.subject == "s" or (candidate.subject is None and email == MAIL)
