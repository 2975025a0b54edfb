"""Passkeys (WebAuthn Level 3) with py_webauthn: made and used with user verification, so each is two factors in one.

A ceremony has two requests. The first keeps a challenge here and gives its options to the browser; the second uses the
challenge up, whatever comes of it, and is then judged outside of any transaction.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from comity.core.errors import Invalid
from comity.core.i18n import N_
from comity.people.events import Kind, record
from comity.people.factors.models import Challenge, Passkey
from comity.people.factors.party import RelyingParty
from comity.people.factors.rules import CHALLENGE_LASTS
from comity.people.factors.services import FactorKind, require_room
from comity.people.models import Account
from comity.people.preferences import clean_name
from comity.people.tokens import digest, new_token

_PARTY_NAME = "Comity"
_TIMEOUT_MS = int(CHALLENGE_LASTS.total_seconds() * 1000)
_LONGEST_ID = 1364
"""Letters of the longest credential id, 1023 bytes, in base64url (WebAuthn Level 3, 7.1)."""

T = TypeVar("T")


class Purpose(StrEnum):
    """What a challenge is for; it cannot be used for another."""

    REGISTER = "register"
    SIGN_IN = "sign-in"
    CONFIRM = "confirm"


class PasskeyRefused(Invalid):
    """A passkey that does not fit. One answer, whatever was wrong."""

    code = "passkey-refused"
    message = N_("This passkey was not accepted. Please try again, or come in another way.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge that was used up: what an answer is judged by. Empty when it was not good for this."""

    challenge: bytes
    account_id: int | None
    user_handle: bytes | None


@dataclass(frozen=True, slots=True)
class Made:
    """A new credential that was judged good."""

    credential_id: str
    public_key: bytes
    user_handle: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A use of a passkey that was judged good, against the count that was known then."""

    passkey_id: int
    account_id: int
    sign_count: int


def ask_to_register(session: Session, account: Account, party: RelyingParty, now: datetime) -> tuple[str, Any]:
    """Begin making a passkey. Returns the token for the cookie and the options for the browser (7.1, steps 1 and 2)."""
    have = session.scalars(select(Passkey).where(Passkey.account_id == account.id)).all()
    handle = have[0].user_handle if have else secrets.token_bytes(32)
    token, challenge = _keep(session, Purpose.REGISTER, account.id, now, handle)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=_PARTY_NAME,
        user_id=handle,
        user_name=account.email,
        user_display_name=account.display_name,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[_descriptor(passkey) for passkey in have],
    )
    return token, json.loads(options_to_json(options))


def ask_to_use(
    session: Session, purpose: Purpose, account_id: int | None, party: RelyingParty, now: datetime
) -> tuple[str, Any]:
    """Begin using a passkey. account_id: whose; None to let the passkey say it. Returns what `ask_to_register` does."""
    token, challenge = _keep(session, purpose, account_id, now)
    mine = select(Passkey).where(Passkey.account_id == account_id)
    have = [] if account_id is None else session.scalars(mine).all()
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        allow_credentials=[_descriptor(passkey) for passkey in have],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return token, json.loads(options_to_json(options))


def use_challenge(session: Session, token: object, purpose: Purpose, account_id: int | None, now: datetime) -> Asked:
    """Take a challenge out: it is good once, and only for what and whom it was made for. Raises PasskeyRefused.

    Let the unit of work commit before the answer is judged, so that a wrong answer uses the challenge up as well.
    """
    row = session.scalars(select(Challenge).where(Challenge.token_digest == digest(str(token)))).one_or_none()
    if row is None:
        raise PasskeyRefused
    gone = session.scalars(delete(Challenge).where(Challenge.id == row.id).returning(Challenge.id)).all()
    fits = row.purpose == purpose and row.account_id == account_id and row.expires_at > now
    return Asked(row.challenge if gone and fits else b"", row.account_id, row.user_handle)


def judge_new(asked: Asked, answer: object, party: RelyingParty) -> Made:
    """Whether a new credential is what was asked for (7.1, steps 5 to 25). Raises PasskeyRefused."""
    found = _judged(
        lambda: verify_registration_response(
            credential=_answer(asked, answer),
            expected_challenge=asked.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    )
    name = bytes_to_base64url(found.credential_id)
    if asked.user_handle is None or len(name) > _LONGEST_ID:
        raise PasskeyRefused
    return Made(name, found.credential_public_key, asked.user_handle, found.sign_count)


def passkey_named(session: Session, answer: object) -> Passkey | None:
    """The passkey that an answer names, or None."""
    name = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(name, str) or len(name) > _LONGEST_ID or not name.isascii() or "\0" in name:
        return None
    return session.scalars(select(Passkey).where(Passkey.credential_id == name)).one_or_none()


def judge_use(asked: Asked, answer: object, passkey: Passkey | None, party: RelyingParty) -> Shown:
    """Whether an answer proves that somebody holds a passkey (7.2, steps 5 to 21). Raises PasskeyRefused.

    A count that did not grow is refused, for the passkey may have been copied (step 21).
    """
    if passkey is None or asked.account_id not in {None, passkey.account_id}:
        raise PasskeyRefused
    found = _judged(
        lambda: verify_authentication_response(
            credential=_answer(asked, answer),
            expected_challenge=asked.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    )
    handle = _judged(lambda: _user_handle(answer))
    # Step 6: who was not asked for by name must be named by the authenticator.
    if handle != passkey.user_handle and (handle is not None or asked.account_id is None):
        raise PasskeyRefused
    return Shown(passkey.id, passkey.account_id, found.new_sign_count)


def keep_passkey(
    session: Session, account_id: int, made: Made, name: str, now: datetime, *, first: bool = False
) -> None:
    """Take a new passkey in (7.1, steps 26 and 27).

    first: see `require_room`. Raises PasskeyRefused for one that is known, Conflict, Invalid.
    """
    require_room(session, account_id, first=first)
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)):
        raise PasskeyRefused
    session.add(
        Passkey(
            account_id=account_id, credential_id=made.credential_id, public_key=made.public_key,
            user_handle=made.user_handle, sign_count=made.sign_count, name=clean_name(name), created_at=now,
        )
    )  # fmt: skip
    record(session, Kind.FACTOR_ADDED, account_id, now, by=account_id, factor=FactorKind.PASSKEY.value)


def use_passkey(session: Session, shown: Shown, now: datetime) -> Account | None:
    """Write down the use of a passkey. Returns its owner; None when it was removed, closed, or used in the meantime."""
    counted = or_(Passkey.sign_count < shown.sign_count, (Passkey.sign_count == 0) & (shown.sign_count == 0))
    mine = update(Passkey).where(Passkey.id == shown.passkey_id, counted)
    used = session.scalars(mine.values(sign_count=shown.sign_count, used_at=now).returning(Passkey.id)).all()
    account = session.get(Account, shown.account_id)
    return account if used and account is not None and account.may_sign_in else None


def _keep(
    session: Session, purpose: Purpose, account_id: int | None, now: datetime, handle: bytes | None = None
) -> tuple[str, bytes]:
    token, challenge = new_token(), secrets.token_bytes(32)
    session.add(
        Challenge(
            token_digest=digest(token), purpose=purpose.value, account_id=account_id, challenge=challenge,
            user_handle=handle, expires_at=now + CHALLENGE_LASTS,
        )
    )  # fmt: skip
    return token, challenge


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential_id))


def _answer(asked: Asked, answer: object) -> dict[str, Any]:
    if not asked.challenge or not isinstance(answer, dict):
        raise PasskeyRefused
    return answer


def _user_handle(answer: object) -> bytes | None:
    given = answer["response"].get("userHandle") if isinstance(answer, dict) else None
    return base64url_to_bytes(given) if given else None


def _judged(work: Callable[[], T]) -> T:
    """What was sent is anybody's bytes: whatever the library stumbles over in them is a refusal."""
    try:
        return work()
    except PasskeyRefused:
        raise
    except Exception as error:
        raise PasskeyRefused from error
