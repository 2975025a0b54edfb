"""Putting the holder of a post into the directory as a practitioner."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.directory.fold import transliterate
from comity.directory.posts import Post
from comity.directory.record import ContactDetail, Practitioner
from comity.directory.search.index import index_person
from comity.directory.vocabulary import (
    AuthorityKind,
    DetailKind,
    LanguageLevel,
    PractitionerRole,
    Vetting,
    Visibility,
)
from comity.people.models import Account

_ROLES = {
    AuthorityKind.CENTRAL_AUTHORITY: PractitionerRole.CENTRAL_AUTHORITY_OFFICER,
    AuthorityKind.PROSECUTION: PractitionerRole.PROSECUTOR,
    AuthorityKind.POLICE: PractitionerRole.POLICE,
    AuthorityKind.COURT: PractitionerRole.JUDGE,
}
_PUBLIC_ID_BYTES = 16


def enlist(session: Session, post: Post, account: Account, now: datetime) -> Practitioner:
    """The account as a practitioner of the post's authority; one who is listed already moves to the post.

    What the directory says of a new one is taken from the authority, for the person to change. Whoever calls this
    raises the search rows' version.
    """
    found = session.scalars(select(Practitioner).where(Practitioner.account_id == account.id)).one_or_none()
    if found is None:
        found = _new(post, account)
        session.add(found)
    found.authority, found.post, found.vetting, found.updated_at = post.authority, post, Vetting.ACTIVE, now
    session.flush()
    index_person(session, found)
    return found


def _new(post: Post, account: Account) -> Practitioner:
    authority, state = post.authority, post.authority.state
    return Practitioner(
        public_id=secrets.token_urlsafe(_PUBLIC_ID_BYTES),
        account=account,
        name=account.display_name,
        name_latin=transliterate(account.display_name).title(),
        language=authority.original_language,
        role=_ROLES[authority.kind],
        languages={
            code: (LanguageLevel.NATIVE if code in state.languages else LanguageLevel.WORKING).value
            for code in authority.languages_spoken
        },
        networks=list(state.networks),
        confirmed_on=authority.confirmed_on,
        confirmed_by=authority.confirmed_by,
        next_review_on=authority.next_review_on,
        demonstration=account.demonstration,
        details=[
            ContactDetail(kind=DetailKind.EMAIL, value=account.email, functional=True, visibility=Visibility.MEMBERS)
        ],
    )
