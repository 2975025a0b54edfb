"""Whether a provider may let somebody in. Pure.

A provider vouches for the people of its own authority and for nobody else: an account that holds posts elsewhere, or
has a role, must not be opened by whoever runs that provider.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """Why not. The value is what the journal says."""

    UNVERIFIED = "unverified-address"
    FOREIGN_ADDRESS = "foreign-address"
    NO_ACCOUNT = "no-account"
    CLOSED = "closed"
    OTHER_SUBJECT = "other-subject"
    HAS_ROLE = "has-role"
    HOLDS_ELSEWHERE = "holds-elsewhere"


@dataclass(frozen=True, slots=True)
class Candidate:
    """The account that is meant. posts_at: authorities where it holds a post now. subject: bound here, or None."""

    may_sign_in: bool
    has_role: bool
    posts_at: frozenset[int]
    subject: str | None


def refusal(
    candidate: Candidate | None, *, subject: str, email: str, domains: frozenset[str], authority_id: int
) -> Refusal | None:
    """None when the provider may let the person in.

    candidate: found by the subject, else by the verified address; None where there is no such account. email: verified,
    or empty. domains: that the provider may vouch for. authority_id: the provider's.
    """
    bound = candidate is not None and candidate.subject == subject
    if not bound and not email:
        return Refusal.UNVERIFIED
    if not bound and email.rpartition("@")[2] not in domains:
        return Refusal.FOREIGN_ADDRESS
    if candidate is None:
        return Refusal.NO_ACCOUNT
    if not candidate.may_sign_in:
        return Refusal.CLOSED
    if candidate.subject is not None and not bound:
        return Refusal.OTHER_SUBJECT
    if candidate.has_role:
        return Refusal.HAS_ROLE
    return None if candidate.posts_at <= {authority_id} else Refusal.HOLDS_ELSEWHERE
