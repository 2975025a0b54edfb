"""The signed-in browser at the edge: its token lives in Flask's signed cookie, under `sid`.

Reading who is signed in never writes, so it works in Socket.IO handlers too, where no answer could carry a new cookie.
A token is replaced only where one can: before a view is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_babel import refresh
from gevent import monkey
from sqlalchemy.orm import Session

from comity.core import web
from comity.core.errors import Busy, SignInRequired
from comity.people import sessions
from comity.people.events import Kind, Origin
from comity.people.factors.half import begin_half, find_half, use_half
from comity.people.factors.models import HalfSignIn
from comity.people.factors.services import WrongCode, has_factor, spend_code
from comity.people.hashing import ArgonHasher, Hasher
from comity.people.hashing_apart import HELPERS, HasherApart
from comity.people.known import know
from comity.people.models import Account
from comity.people.rules import Step
from comity.people.services import Credentials, WrongCredentials, authenticate, check_password, credentials
from comity.people.sessions import Found
from comity.people.turns import BUSY, Turns
from comity.people.ways import Way, ways

_SID, _HALF = "sid", "half"


def init_app(app: Flask) -> None:
    """Keep sessions alive and their tokens fresh; hash passwords beside gevent's loop where there is one."""
    hasher: Hasher = ArgonHasher()
    app.extensions["comity.hasher"] = hasher
    if monkey.is_module_patched("socket"):
        app.extensions["comity.hasher"] = HasherApart(hasher)
        app.wsgi_app = Turns(app.wsgi_app, most=HELPERS + 1)  # type: ignore[method-assign]
    # Else every answer would carry the cookie its request came with, and a slow one would put an old token back.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.before_request(_keep)


def hasher() -> Hasher:
    """The application's password hasher."""
    return cast("Hasher", current_app.extensions["comity.hasher"])


def origin() -> Origin:
    """Where this request comes from."""
    return Origin(request.remote_addr or "", request.headers.get("User-Agent", ""))


def current_sign_in() -> Found | None:
    """The session that this request belongs to, or None. Looked up once a request. A call of the API has none."""
    if "sign_in" not in g:
        token = None if web.is_call() else cookie.get(_SID)
        g.sign_in = None
        if isinstance(token, str):
            with web.reading() as session:
                g.sign_in = sessions.find_session(session, token, web.now())
    return cast("Found | None", g.sign_in)


def current_account() -> Account | None:
    """Who is signed in, with a second factor; None for everybody else, so that nothing opens to them anywhere."""
    found = current_sign_in()
    return found.account if found and is_complete(found) else None


def is_complete(found: Found) -> bool:
    """Whether a second factor was proved in a session. Demonstration accounts need none while demonstration is on."""
    return found.factor_at is not None or needs_no_factor(found.account)


def needs_no_factor(account: Account) -> bool:
    """Whether an account is one of the demonstration's, where demonstration is switched on."""
    return account.demonstration and web.services().config.demo


def sign_in_with_password(email: str, password: str) -> Entered:
    """Sign this browser in as far as a password goes: see `enter`. Raises WrongCredentials, whatever did not fit, and
    Busy when too many do the same.

    The password is compared between two units of work, never inside one.
    """
    if BUSY in request.environ:
        raise Busy
    with web.reading() as session:
        known = credentials(session, email)
    checked = check_password(known, password, hasher())
    with web.writing() as session:
        account = authenticate(session, checked, origin(), web.now())
        entered = enter(session, account, "password") if account else None
    if entered is None:
        raise WrongCredentials
    entered.remember()
    return entered


@dataclass(frozen=True, slots=True)
class Entered:
    """How far somebody came in. half: a second factor is owed; else the person has none and sets one up first."""

    token: str
    half: bool

    def remember(self) -> None:
        """Put it into the cookie, once the unit of work is committed."""
        if self.half:
            _forget()
            cookie[_HALF] = self.token
        else:
            remember(self.token)


def enter(session: Session, account: Account, method: str, *, vouched_by: str | None = None) -> Entered:
    """Let somebody in who has proved one thing: to the second step, or to setting up what the second step asks for.

    vouched_by: see `SignInSession`.
    """
    if has_factor(session, account.id):
        _end(session)
        token = begin_half(session, account, origin(), web.now(), method=method, vouched_by=vouched_by)
        return Entered(token, half=True)
    return Entered(begin(session, account, method, vouched_by=vouched_by), half=False)


def current_half() -> HalfSignIn | None:
    """The sign-in of this browser that waits for its second step, or None."""
    token = cookie.get(_HALF)
    if not isinstance(token, str):
        return None
    with web.reading() as session:
        return find_half(session, token, web.now())


def finish_half(code: str) -> None:
    """Take the second step. Raises SignInRequired when there was no first one, WrongCode."""
    config, token = web.services().config, str(cookie.get(_HALF, ""))
    fresh = None
    with web.writing() as session:
        half = find_half(session, token, web.now())
        if half is None:
            raise SignInRequired
        account, method = half.account, half.method
        spent = spend_code(session, account.id, code, origin(), web.now(), secret_key=config.secret_key)
        if spent is not None and use_half(session, token, web.now()) is not None:
            fresh = begin(session, account, f"{method}+{spent}", with_factor=True, vouched_by=half.vouched_by)
    if fresh is None:
        raise WrongCode(field="code")
    remember(fresh)


def confirm_password(account: Account, password: str) -> bool:
    """Whether a signed-in person knows their password."""
    return check_password(Credentials(account.id, account.password_hash), password, hasher()).passed


def begin(
    session: Session,
    account: Account,
    method: str,
    *,
    with_factor: bool = False,
    vouched_by: str | None = None,
    proved_at: datetime | None = None,
) -> str:
    """Open a session in this unit of work, in place of the one that the browser had.

    method: how the person proved who they are. with_factor: whether a second factor was among it. vouched_by: see
    `SignInSession`; what vouched for the same person's first step when absent. proved_at: when the factor was shown, if
    not now. Returns the token: hand it to `remember`
    once the work is committed.
    """
    _end(session)
    half = find_half(session, str(cookie.get(_HALF, "")), web.now())
    if vouched_by is None and half is not None and half.account_id == account.id:
        vouched_by = half.vouched_by
    return sessions.open_session(
        session,
        account,
        origin(),
        web.now(),
        method=method,
        with_factor=with_factor,
        vouched_by=vouched_by,
        proved_at=proved_at,
    )


def remember(token: str) -> None:
    """Put a session's token into the cookie. Whatever the cookie held is dropped, against session fixation."""
    _forget()
    cookie.permanent = True
    cookie[_SID] = token
    reload()


def reload() -> None:
    """The account changed in this request: read it, and the reader's language, anew."""
    g.pop("sign_in", None)
    g.pop("actor", None)
    refresh()
    if (account := current_account()) is not None:
        know(account.email)


def sign_out() -> Way | None:
    """Sign this browser out; without harm when it is not signed in. Returns where it goes next, if anywhere."""
    found, further = current_sign_in(), None
    if found is not None:
        further = ways().out(found)
        with web.writing() as session:
            _end(session)
    _forget()
    return further


def _end(session: Session) -> None:
    found = current_sign_in()
    if found is not None:
        sessions.end_session(session, found.account.id, found.id, web.now(), Kind.SIGNED_OUT)


def _forget() -> None:
    cookie.clear()
    reload()


def _keep() -> None:
    """Before each view: put the session's end off, replace its token, or drop one that opens nothing any more."""
    if web.is_call() or request.endpoint in {None, "static"}:
        return
    token = cookie.get(_SID)
    if token is None:
        return
    found = current_sign_in()
    if found is None:
        cookie.pop(_SID)
    elif found.step is not Step.NOTHING:
        with web.writing() as session:
            fresh = sessions.refresh(session, token, web.now())
        if fresh is not None:
            cookie[_SID] = fresh
