"""Talking to providers: their description, their keys, and a code for an identity. All of it through `core/outgoing`.

Nothing here touches the database: every call may take seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote_plus

from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client

from comity.core.addresses import RefusedAddress
from comity.core.clock import Clock
from comity.core.outgoing import Answer, Outgoing, Unreachable
from comity.federation import identity, metadata, tokens
from comity.federation.errors import ProviderAway, Untrusted
from comity.federation.flows import Secrets
from comity.federation.identity import Identity
from comity.federation.metadata import BadMetadata, Metadata
from comity.federation.tokens import BadToken, Expected, LoggedOut, UnknownKey

KEPT = timedelta(hours=1)
"""For so long a description and keys are used without asking again."""

NEW_KEYS_AFTER = timedelta(seconds=10)
"""A token with an unknown key has the keys fetched anew, but not more often than this."""

Held = TypeVar("Held")


@dataclass(frozen=True, slots=True)
class Settings:
    """What talking to one provider needs: see `IdentityProvider`. client_secret: in the clear."""

    id: int
    code: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...]
    groups_claim: str
    counts_factor: bool
    acr_values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cached:
    value: Any
    at: datetime


class Client:
    """One for each process; descriptions and keys are kept in memory for an hour.

    outgoing: the guarded way out. clock: tells how old what is kept has become, and whether tokens have expired.
    """

    def __init__(self, outgoing: Outgoing, clock: Clock) -> None:
        self._outgoing, self._clock = outgoing, clock
        self._kept: dict[tuple[str, str], _Cached] = {}

    def metadata(self, settings: Settings) -> Metadata:
        """The provider's description. Raises ProviderAway, Untrusted."""

        def fetch() -> Metadata:
            document = self._outgoing.get(metadata.well_known(settings.issuer)).json_object()
            return metadata.parse(settings.issuer, document, loopback=self._outgoing.loopback)

        return self._keep(settings, "metadata", fetch, KEPT)

    def authorization_url(
        self, settings: Settings, redirect_uri: str, secrets: Secrets, locale: str, *, anew: bool
    ) -> str:
        """Where the browser goes to sign in (OpenID Connect Core 1.0, 3.1.2.1; RFC 7636).

        anew: whether the person must show there again who they are. Raises ProviderAway, Untrusted.
        """
        more = {"prompt": "login", "max_age": "0"} if anew else {}
        if settings.counts_factor and settings.acr_values:
            more["acr_values"] = " ".join(settings.acr_values)
        url, _state = self._oauth(settings, "", redirect_uri).create_authorization_url(
            self.metadata(settings).authorization_endpoint,
            state=secrets.state,
            nonce=secrets.nonce,
            code_verifier=secrets.verifier,
            ui_locales=locale,
            **more,
        )
        return str(url)

    def redeem(
        self, settings: Settings, redirect_uri: str, secrets: Secrets, code: str, issuer: str | None
    ) -> Identity:
        """The identity that a code stands for. issuer: as the answer names it, or None.

        Raises ProviderAway, and Untrusted for everything that does not hold.
        """
        found = self.metadata(settings)
        if issuer != found.issuer and (issuer is not None or found.names_issuer):
            raise Untrusted(settings.name, "the answer names another issuer")
        answer = self._token(settings, found, redirect_uri, secrets, code)
        token, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(token, str) or not isinstance(access, str):
            raise Untrusted(settings.name, "the answer holds no tokens")
        expected = Expected(settings.issuer, settings.client_id, secrets.nonce, access)
        claims = self._read(settings, lambda keys: tokens.read_id_token(token, keys, expected, self._clock.now()))
        if found.userinfo_endpoint and identity.needs_more(claims, settings.groups_claim):
            claims = {**self._userinfo(settings, found.userinfo_endpoint, access, claims["sub"]), **claims}
        return identity.read(
            claims,
            token,
            groups_claim=settings.groups_claim,
            counts_factor=settings.counts_factor,
            acr_values=settings.acr_values,
        )

    def logged_out(self, settings: Settings, token: str) -> LoggedOut:
        """Who signed out at the provider. Raises ProviderAway, Untrusted."""
        expected = Expected(settings.issuer, settings.client_id)
        return self._read(settings, lambda keys: tokens.read_logout_token(token, keys, expected, self._clock.now()))

    def _token(
        self, settings: Settings, found: Metadata, redirect_uri: str, secrets: Secrets, code: str
    ) -> Mapping[str, Any]:
        try:
            answer: Mapping[str, Any] = self._oauth(settings, found.secret_method, redirect_uri).fetch_token(
                found.token_endpoint,
                grant_type="authorization_code",
                code=code,
                redirect_uri=redirect_uri,
                code_verifier=secrets.verifier,
            )
        except AuthlibBaseError as problem:
            raise Untrusted(settings.name, f"the code was refused ({problem.error})") from None
        except (Unreachable, RefusedAddress) as problem:
            raise ProviderAway(settings.name, str(problem)) from None
        except ValueError:
            raise Untrusted(settings.name, "the answer is no JSON object") from None
        return answer

    def _oauth(self, settings: Settings, secret_method: str, redirect_uri: str) -> OAuth2Client:
        # RFC 6749, 2.3.1: name and secret are form-encoded before they go into the header. Authlib leaves that to us.
        encode = quote_plus if secret_method == "client_secret_basic" else str  # noqa: S105 # nosec B105 - a name
        return _Authlib(
            _Session(self._outgoing),
            client_id=encode(settings.client_id) if secret_method else settings.client_id,
            client_secret=encode(settings.client_secret),
            token_endpoint_auth_method=secret_method or None,
            scope=" ".join(settings.scopes),
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )

    def _userinfo(self, settings: Settings, endpoint: str, access: str, subject: str) -> dict[str, Any]:
        """What the userinfo endpoint adds (OpenID Connect Core 1.0, 5.3)."""
        try:
            found = self._outgoing.get(endpoint, {"Authorization": f"Bearer {access}"}).json_object()
        except (Unreachable, RefusedAddress) as problem:
            raise ProviderAway(settings.name, f"userinfo: {problem}") from None
        if found.get("sub") != subject:
            raise Untrusted(settings.name, "userinfo is about somebody else")
        return found

    def _read(self, settings: Settings, read: Callable[[list[dict[str, Any]]], Held]) -> Held:
        """Read a token, with the provider's new keys where those kept do not know it."""
        try:
            try:
                return read(self._keys(settings, KEPT))
            except UnknownKey:
                return read(self._keys(settings, NEW_KEYS_AFTER))
        except BadToken as problem:
            raise Untrusted(settings.name, str(problem)) from None

    def _keys(self, settings: Settings, young: timedelta) -> list[dict[str, Any]]:
        uri = self.metadata(settings).jwks_uri

        def fetch() -> list[dict[str, Any]]:
            keys = self._outgoing.get(uri).json_object().get("keys")
            return [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []

        return self._keep(settings, "keys", fetch, young)

    def _keep(self, settings: Settings, what: str, fetch: Callable[[], Held], young: timedelta) -> Held:
        kept, now = self._kept.get((settings.issuer, what)), self._clock.now()
        if kept is not None and now - kept.at < young:
            found: Held = kept.value
            return found
        try:
            fresh = fetch()
        except (Unreachable, RefusedAddress) as problem:
            raise ProviderAway(settings.name, f"{what}: {problem}") from None
        except BadMetadata as problem:
            raise Untrusted(settings.name, str(problem)) from None
        self._kept[settings.issuer, what] = _Cached(fresh, now)
        return fresh


class _Authlib(OAuth2Client):  # type: ignore[misc]
    """Authlib's client of the authorization code grant; requests go out by the guarded way."""

    def _fetch_token(self, url: str, body: str = "", headers: Any = None, auth: Any = None, **_more: Any) -> Any:
        url, headers, body = auth.prepare("POST", url, dict(headers), body)
        return self.parse_response_token(self.session.post(url, headers, body))


@dataclass(frozen=True, slots=True)
class _Session:
    outgoing: Outgoing

    def post(self, url: str, headers: Mapping[str, str], body: str) -> _Response:
        return _Response(self.outgoing.send("POST", url, headers, body.encode()))


@dataclass(frozen=True, slots=True)
class _Response:
    """An answer in the shape that Authlib reads."""

    answer: Answer

    @property
    def status_code(self) -> int:
        return self.answer.status

    def json(self) -> dict[str, Any]:
        return self.answer.json_object()

    def raise_for_status(self) -> None:
        if self.answer.status != HTTPStatus.OK:
            raise Unreachable(f"answered with status {self.answer.status}")
