"""Sign-out from the provider's side (OpenID Connect Back-Channel Logout 1.0), and sign-out there from ours."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from comity.federation.metadata import Metadata
from comity.federation.models import ProviderVisit, SpentLogout
from comity.federation.tokens import LoggedOut
from comity.people.sessions import end_vouched
from comity.people.tokens import digest


def end_sessions(session: Session, provider_id: int, who: LoggedOut, now: datetime) -> bool:
    """End what the provider had vouched for: the session with that sid, or every one of that person.

    Returns False, and ends nothing, for a token that was taken in before.
    """
    if not _spend(session, provider_id, who):
        return False
    query = select(ProviderVisit.reference).where(ProviderVisit.provider_id == provider_id)
    if who.sid is not None:
        query = query.where(ProviderVisit.sid == who.sid)
    if who.subject is not None:
        query = query.where(ProviderVisit.subject == who.subject)
    end_vouched(session, session.scalars(query).all(), now)
    return True


def end_url(found: Metadata, client_id: str, token: str | None, back: str, locale: str) -> str | None:
    """Where a browser signs out at the provider (RP-Initiated Logout 1.0, 2); None where it offers no such thing.

    token: the id_token of the session. back: our page to come back to.
    """
    if found.end_session_endpoint is None:
        return None
    fields = {"client_id": client_id, "post_logout_redirect_uri": back, "ui_locales": locale}
    if token is not None:
        fields["id_token_hint"] = token
    joint = "&" if "?" in found.end_session_endpoint else "?"
    return f"{found.end_session_endpoint}{joint}{urlencode(fields)}"


def _spend(session: Session, provider_id: int, who: LoggedOut) -> bool:
    """Whether nobody has used this token before: of two that come at once, one wins."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"provider_id": provider_id, "jti_digest": digest(who.jti), "expires_at": who.expires_at}
    taken = dialect.insert(SpentLogout).values(row).on_conflict_do_nothing().returning(SpentLogout.id)
    return bool(session.scalars(taken).all())
