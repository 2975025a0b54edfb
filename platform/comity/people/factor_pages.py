"""What several pages about factors show: whether passkeys are offered, and the form that adds an authenticator."""

from __future__ import annotations

from typing import Any

import segno
from flask import render_template, url_for
from flask_babel import gettext as _

from comity.core.errors import Invalid, NotFound
from comity.core.web import reading, services
from comity.people.factors import codes
from comity.people.factors.party import RelyingParty, relying_party
from comity.people.factors.sealing import seal, unseal
from comity.people.factors.services import recovery_codes_left
from comity.people.models import Account


def passkeys_offered() -> bool:
    """Whether browsers can make passkeys for the address of this installation."""
    return relying_party(services().config.base_url) is not None


def party() -> RelyingParty:
    """The relying party of this installation. Raises NotFound where there can be none."""
    found = relying_party(services().config.base_url)
    if found is None:
        raise NotFound
    return found


def authenticator_form(
    account: Account, onward: str, *, first: bool, error: Invalid | None = None, typed: dict[str, str] | None = None
) -> str:
    """The page that adds one-time codes, and a passkey where there can be one.

    first: before anything else opens. typed: what was sent, when it comes back with an error; its square stays.
    """
    key, typed = services().config.secret_key, typed or {}
    secret = unseal(key, account.id, typed.get("sealed", "")) or codes.new_secret()
    return render_template(
        "people/set_up.html" if first else "people/authenticator.html",
        account=account,
        onward=onward,
        sealed=seal(key, account.id, secret),
        square=square(codes.provisioning_uri(secret, account.email)),
        secret=codes.spelled(secret),
        name=typed.get("name") or _("Authenticator application"),
        problems={error.field or "code": _(error.message, **error.parameters)} if error else {},
        passkeys=passkeys_offered(),
    )


def square(text: str) -> str:
    """A QR code (ISO/IEC 18004) as a data: URI of an SVG image, black on white in every theme."""
    drawn: Any = segno.make_qr(text, error="m")
    return str(drawn.svg_data_uri(scale=4, border=4, dark="#000", light="#fff"))


def after_adding(account_id: int, onward: str) -> str:
    """Where to go once a factor was added: to the recovery codes, as long as there are none."""
    with reading() as session:
        left = recovery_codes_left(session, account_id)
    return url_for("own_factors.page") if left else url_for("own_factors.recovery_codes", next=onward)
