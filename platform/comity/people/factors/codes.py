"""One-time codes (RFC 6238) and recovery codes: pure functions of secrets and instants."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime

import pyotp

ISSUER = "Comity"
STEP_SECONDS, DIGITS = 30, 6
TOLERANCE = 1
"""Steps that the two clocks may be apart, before and after (RFC 6238, 5.2)."""

RECOVERY_CODES = 10
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_GROUPS, _GROUP = 4, 5


def new_secret() -> str:
    """A secret of 160 bits in base32 (RFC 4226, 4, R6)."""
    return pyotp.random_base32(32)


def provisioning_uri(secret: str, email: str) -> str:
    """What the QR code holds: `otpauth://totp/...`, understood by all authenticator applications."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def code_at(secret: str, moment: datetime) -> str:
    """The code that the application shows at a moment."""
    return pyotp.TOTP(secret).generate_otp(step_of(moment))


def step_of(moment: datetime) -> int:
    """The time step, T of RFC 6238, 4.2."""
    return int(moment.timestamp()) // STEP_SECONDS


def matching_step(secret: str, code: str, moment: datetime, *, after: int) -> int | None:
    """The step that a code belongs to, or None.

    code: as `clean` leaves it. after: the last step that was used; only later ones count. All steps are compared
    whatever is found, so the time it takes tells nothing.
    """
    generator, found = pyotp.TOTP(secret), None
    for step in range(step_of(moment) - TOLERANCE, step_of(moment) + TOLERANCE + 1):
        if hmac.compare_digest(generator.generate_otp(step).encode(), code.encode()) and step > after:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes of 100 random bits, in groups that one can copy by hand: no letter looks like another one."""
    return ["-".join(_group() for _ in range(_GROUPS)) for _ in range(RECOVERY_CODES)]


def recovery_digest(account_id: int, code: str) -> str:
    """What the database keeps of a recovery code: so much chance needs no slow hash. code: as `clean` leaves it."""
    return hashlib.sha256(f"{account_id}:{code}".encode()).hexdigest()


def clean(code: str) -> str:
    """A code without what people and keyboards add: spaces, hyphens, capitals, other scripts' digits, O for 0, I for 1.

    Crockford's base32 reads letters that look like digits as digits.
    """
    text = unicodedata.normalize("NFKC", code[:200]).lower()
    kept = (_digit(character) for character in text if character.isalnum())
    return "".join(kept).translate(str.maketrans("oil", "011"))[:64]


def is_one_time(code: str) -> bool:
    """Whether a cleaned code has the form of a one-time code, not of a recovery code."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def spelled(secret: str) -> str:
    """A secret to be typed by hand, in groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP))


def _digit(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdecimal() else character
