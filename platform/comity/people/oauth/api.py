"""The person or post that a token stands for."""

from __future__ import annotations

from sqlalchemy.orm import Session

from comity.core.api import Answer, Call, Operation, listed, maybe, obj, text, whole
from comity.core.calls import standing
from comity.core.web import signed_in
from comity.people.oauth.scopes import Scope

_POST = obj(
    id=whole(least=1), title=text(), authority=whole("The authority's id", 1), authority_name=text(),
    state=text("ISO 3166-1 alpha-2"), zone=text("IANA name"),
)  # fmt: skip
_ME = obj(
    name=text(), language=text("BCP 47"), zone=text("IANA name"), posts=listed(_POST), scopes=listed(text()),
    client=maybe(text("client_id of whatever the token was given to")),
)  # fmt: skip


def _me(session: Session, call: Call) -> Answer:
    me, caller = call.actor, standing()
    posts = [
        {
            "id": post.id, "title": post.title, "authority": post.authority_id, "authority_name": post.authority_name,
            "state": post.state, "zone": post.zone,
        }
        for post in me.posts
    ]  # fmt: skip
    return Answer(
        {
            "name": me.display_name,
            "language": me.locale,
            "zone": me.zone,
            "posts": posts,
            "scopes": sorted(caller.scopes) if caller else [],
            "client": caller.client if caller else None,
        }
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="getMe",
        method="GET",
        path="/me",
        tag="me",
        summary="The person that the token acts for, with the posts it acts through",
        scopes=(Scope.PROFILE.value,),
        decision=signed_in,
        answer=_ME,
        run=_me,
    ),
)
