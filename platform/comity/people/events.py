"""What the journal keeps about an account, in its topic `account:<id>`. Never a password, never a token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from comity.core import journal

UNKNOWN_TOPIC = "account:unknown"
"""Failed sign-ins with an address nobody has: written all the same, so that both failures cost the same time."""


class Kind(StrEnum):
    INVITED = "account.invited"
    INVITATION_ACCEPTED = "account.invitation-accepted"
    SIGNED_IN = "account.signed-in"
    SIGN_IN_FAILED = "account.sign-in-failed"
    SIGNED_OUT = "account.signed-out"
    SESSION_ENDED = "account.session-ended"
    ENDED_ELSEWHERE = "account.session-ended-elsewhere"
    PASSWORD_CHANGED = "account.password-changed"  # noqa: S105 - a name  # nosec B105
    HALF_SIGNED_IN = "account.half-signed-in"
    FACTOR_REFUSED = "account.factor-refused"
    FACTOR_CONFIRMED = "account.factor-confirmed"
    FACTOR_ADDED = "account.factor-added"
    FACTOR_RENAMED = "account.factor-renamed"
    FACTOR_REMOVED = "account.factor-removed"
    FACTORS_FORGOTTEN = "account.factors-forgotten"
    RECOVERY_CODES_MADE = "account.recovery-codes-made"
    ROLES_CHANGED = "account.roles-changed"
    SUSPENDED = "account.suspended"
    RESTORED = "account.restored"
    CLOSED = "account.closed"
    REOPENED = "account.reopened"
    RECOVERY_ASKED = "account.recovery-asked"
    RECOVERY_VOUCHED = "account.recovery-vouched"
    RECOVERY_APPROVED = "account.recovery-approved"
    RECOVERY_DECLINED = "account.recovery-declined"
    RECOVERY_REFUSED = "account.recovery-refused"
    RECOVERED = "account.recovered"
    RECOVERY_CODE_USED = "account.recovery-code-used"
    PROVIDER_LINKED = "account.provider-linked"
    PROVIDER_REFUSED = "account.provider-refused"
    POST_GIVEN = "account.post-given"
    POST_TAKEN = "account.post-taken"
    CLIENT_REGISTERED = "account.client-registered"
    CLIENT_REVOKED = "account.client-revoked"
    TOOL_ALLOWED = "account.tool-allowed"
    TOOL_ENDED = "account.tool-ended"
    CODE_REPLAYED = "account.code-replayed"
    TOKEN_REUSED = "account.token-reused"  # noqa: S105 - a name  # nosec B105
    APPLICATION_PASSWORD_MADE = "account.application-password-made"  # noqa: S105 - a name  # nosec B105
    APPLICATION_PASSWORD_REVOKED = "account.application-password-revoked"  # noqa: S105 - a name  # nosec B105


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from. address: IP address of the client. user_agent: as the browser sends it."""

    address: str = ""
    user_agent: str = ""


def topic(account_id: int) -> str:
    """The journal's topic about one account."""
    return f"account:{account_id}"


def record(
    session: Session,
    kind: Kind,
    account_id: int | None,
    now: datetime,
    *,
    by: int | None = None,
    **payload: str | int | None,
) -> int:
    """Write what happened to an account.

    account_id: None for an address nobody has. by: the account that did it; None for nobody signed in.
    Returns the entry's position.
    """
    name = UNKNOWN_TOPIC if account_id is None else topic(account_id)
    return journal.append(session, name, kind, dict(payload), now=now, account_id=by)
