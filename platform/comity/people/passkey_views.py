"""Ceremonies of passkeys: what the island in the page asks for and sends, as JSON."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from comity.core.errors import NotFound
from comity.core.web import access, now, public, reading, writing
from comity.people.browsers import browser_of
from comity.people.events import Kind, record
from comity.people.factor_pages import after_adding, party
from comity.people.factors.passkeys import (
    Asked,
    PasskeyRefused,
    Purpose,
    ask_to_register,
    ask_to_use,
    judge_new,
    judge_use,
    keep_passkey,
    passkey_named,
    use_challenge,
    use_passkey,
)
from comity.people.factors.services import has_factor
from comity.people.known import client
from comity.people.limits import INVITATION_BY_CLIENT, PASSKEYS_BY_CLIENT, attempts
from comity.people.models import Account
from comity.people.preferences import local_path
from comity.people.services import accept_invitation, find_invitation
from comity.people.sessions import factor_shown
from comity.people.signin import begin, origin, reload, remember
from comity.people.stepup import came_in, here, require_may_add

blueprint = Blueprint("passkeys", __name__)
_TOKEN = "passkey"  # noqa: S105 - where the cookie keeps it  # nosec B105


@blueprint.post("/passkeys/sign-in/options.json")
@access(public)
def sign_in_options() -> ResponseReturnValue:
    attempts().spend(PASSKEYS_BY_CLIENT, client())
    return _ask_to_use(Purpose.SIGN_IN, None)


@blueprint.post("/passkeys/sign-in.json")
@access(public)
def sign_in() -> ResponseReturnValue:
    """A passkey alone lets in: the device, and what it asked its owner for, are two factors."""
    attempts().spend(PASSKEYS_BY_CLIENT, client())
    account_id = _shown(Purpose.SIGN_IN, None)
    with writing() as session:
        account = session.get_one(Account, account_id)
        fresh = begin(session, account, "passkey", with_factor=True)
    remember(fresh)
    return _onward(local_path(_text("next")))


@blueprint.post("/passkeys/confirm/options.json")
@access(came_in)
def confirm_options() -> ResponseReturnValue:
    return _ask_to_use(Purpose.CONFIRM, here().account.id)


@blueprint.post("/passkeys/confirm.json")
@access(came_in)
def confirm() -> ResponseReturnValue:
    attempts().spend(PASSKEYS_BY_CLIENT, client())
    found = here()
    account_id = _shown(Purpose.CONFIRM, found.account.id)
    with writing() as session:
        factor_shown(session, found.id, now())
        record(session, Kind.FACTOR_CONFIRMED, account_id, now(), by=account_id, factor="passkey")
    reload()
    return _onward(local_path(_text("next")))


@blueprint.post("/passkeys/register/options.json")
@access(came_in)
def register_options() -> ResponseReturnValue:
    return _ask_to_register(require_may_add().account)


@blueprint.post("/passkeys/register.json")
@access(came_in)
def register() -> ResponseReturnValue:
    found = require_may_add()
    made = judge_new(_asked(Purpose.REGISTER, found.account.id), _sent().get("credential"), party())
    with writing() as session:
        keep_passkey(session, found.account.id, made, _name(), now(), first=found.factor_at is None)
        factor_shown(session, found.id, now())
    reload()
    return _onward(after_adding(found.account.id, local_path(_text("next"))))


@blueprint.post("/invitations/<token>/passkey/options.json")
@access(public)
def invitation_options(token: str) -> ResponseReturnValue:
    return _ask_to_register(_invited(token))


@blueprint.post("/invitations/<token>/passkey.json")
@access(public)
def invitation(token: str) -> ResponseReturnValue:
    """Accept an invitation with a passkey in place of a password."""
    account = _invited(token)
    made = judge_new(_asked(Purpose.REGISTER, account.id), _sent().get("credential"), party())
    with writing() as session:
        account = accept_invitation(session, token, None, now())
        keep_passkey(session, account.id, made, _name(), now(), first=True)
        fresh = begin(session, account, "invitation+passkey", with_factor=True)
    remember(fresh)
    return _onward(url_for("own_factors.recovery_codes"))


def _invited(token: str) -> Account:
    """Whom a link invites, if there is no factor yet: a link in a mail does not take the place of one."""
    attempts().spend(INVITATION_BY_CLIENT, client())
    with reading() as session:
        account = find_invitation(session, token, now())
        if has_factor(session, account.id):
            raise NotFound
    return account


def _ask_to_use(purpose: Purpose, account_id: int | None) -> ResponseReturnValue:
    relying = party()
    with writing() as session:
        cookie[_TOKEN], options = ask_to_use(session, purpose, account_id, relying, now())
    return jsonify(options)


def _ask_to_register(account: Account) -> ResponseReturnValue:
    relying = party()
    with writing() as session:
        cookie[_TOKEN], options = ask_to_register(session, account, relying, now())
    return jsonify(options)


def _asked(purpose: Purpose, account_id: int | None) -> Asked:
    with writing() as session:
        return use_challenge(session, cookie.pop(_TOKEN, ""), purpose, account_id, now())


def _shown(purpose: Purpose, account_id: int | None) -> int:
    """Whose passkey was shown. Raises PasskeyRefused, and then it is in the journal."""
    relying, asked, answer = party(), _asked(purpose, account_id), _sent().get("credential")
    with reading() as session:
        passkey = passkey_named(session, answer)
    try:
        shown = judge_use(asked, answer, passkey, relying)
    except PasskeyRefused:
        shown = None
    with writing() as session:
        account = use_passkey(session, shown, now()) if shown else None
        if account is None:
            whose = account_id or (passkey.account_id if passkey else None)
            kind = Kind.SIGN_IN_FAILED if purpose is Purpose.SIGN_IN else Kind.FACTOR_REFUSED
            record(session, kind, whose, now(), factor="passkey", address=origin().address)
    if account is None:
        raise PasskeyRefused
    return account.id


def _sent() -> dict[str, Any]:
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}


def _text(name: str) -> str | None:
    found = _sent().get(name)
    return found if isinstance(found, str) else None


def _name() -> str:
    """What to call a new passkey until its owner says something else: the browser it was made with."""
    browser = browser_of(request.headers.get("User-Agent", ""))
    if browser.name and browser.system:
        return str(_("%(browser)s on %(system)s", browser=browser.name, system=browser.system))
    return browser.name or browser.system or str(_("Passkey"))


def _onward(path: str) -> ResponseReturnValue:
    return jsonify(onward=path)
