"""Authlib's authorisation server on our tables: grants, revocation and introspection within one unit of work.

Nothing here knows the web framework. Authlib answers errors instead of raising them, so a sign of theft that ended an
allowance is committed with the refusal.
"""

from __future__ import annotations

import hmac
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oauth2 import AuthorizationServer, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import OAuth2Payload, grants
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from sqlalchemy.orm import Session

from comity.people.oauth import allowances, clients
from comity.people.oauth.acting import World, actor_by, is_live
from comity.people.oauth.models import Allowance, Client, ClientKind, Code, Token, TokenKind
from comity.people.oauth.rules import ACCESS_LASTS
from comity.people.oauth.scopes import FOR_CLIENTS, split
from comity.people.tokens import digest, new_token

BASIC, NONE = "client_secret_basic", "none"
GRANTS: Mapping[ClientKind, tuple[str, ...]] = {
    ClientKind.SYSTEM: ("client_credentials",),
    ClientKind.TOOL: ("authorization_code", "refresh_token"),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status, JSON body, headers."""

    status: int
    body: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it came. form: every value of a name. headers: of the request."""

    form: Mapping[str, list[str]]
    headers: Mapping[str, str]


def token(session: Session, sent: Sent, world: World) -> Reply:
    """The token endpoint (RFC 6749, 3.2)."""
    return _Server(session, world).reply("token", sent)


def revoke(session: Session, sent: Sent, world: World) -> Reply:
    """The revocation endpoint (RFC 7009)."""
    return _Server(session, world).reply(RevocationEndpoint.ENDPOINT_NAME, sent)


def introspect(session: Session, sent: Sent, world: World) -> Reply:
    """The introspection endpoint (RFC 7662): a client learns of its own tokens alone."""
    return _Server(session, world).reply(IntrospectionEndpoint.ENDPOINT_NAME, sent)


class _Payload(OAuth2Payload):  # type: ignore[misc]
    def __init__(self, form: Mapping[str, list[str]]) -> None:
        self._all = form

    @property
    def data(self) -> dict[str, str]:
        return {name: values[0] for name, values in self._all.items()}

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, {name: list(values) for name, values in self._all.items()})


class _Request(OAuth2Request):  # type: ignore[misc]
    """A request for Authlib, which wants TLS: our configuration has seen to it, but for this machine itself."""

    def __init__(self, sent: Sent) -> None:
        super().__init__("POST", "https://comity.invalid/oauth", headers=sent.headers)
        self.payload = _Payload(sent.form)

    @property
    def form(self) -> dict[str, str]:
        found: dict[str, str] = self.payload.data
        return found


class _ClientView:
    """A client as Authlib asks about it (`ClientMixin`)."""

    def __init__(self, row: Client) -> None:
        self.row = row
        self.client_id = row.client_id

    def check_client_secret(self, secret: str) -> bool:
        return hmac.compare_digest(digest(secret), self.row.secret_digest or "")

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == (BASIC if self.row.kind is ClientKind.SYSTEM else NONE)

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in GRANTS[self.row.kind]

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """All that it is registered for when it asks for nothing in particular; None for more than that."""
        asked = split(scope) or tuple(self.row.scopes)
        return " ".join(asked) if set(asked) <= set(self.row.scopes) else None


class _CodeView:
    """A code as Authlib asks about it (`AuthorizationCodeMixin`)."""

    code_challenge_method = "S256"

    def __init__(self, row: Code) -> None:
        self.row, self.allowance = row, row.allowance
        self.code_challenge = row.challenge

    def get_redirect_uri(self) -> str:
        return self.row.redirect_uri

    def get_scope(self) -> str:
        return " ".join(self.allowance.scopes)


class _TokenView:
    """A token as Authlib asks about it (`TokenMixin`)."""

    def __init__(self, row: Token) -> None:
        self.row, self.allowance = row, row.allowance

    def check_client(self, client: _ClientView) -> bool:
        return self.allowance.client_id == client.row.id

    def get_scope(self) -> str:
        return " ".join(self.allowance.scopes)


class _Server(AuthorizationServer):  # type: ignore[misc]
    """One request's server: its session is the unit of work."""

    def __init__(self, session: Session, world: World) -> None:
        super().__init__(scopes_supported=[scope.value for scope in FOR_CLIENTS])
        self.session, self.world = session, world
        self.register_token_generator(
            "default",
            BearerTokenGenerator(_fresh, _fresh, lambda client, grant_type: int(ACCESS_LASTS.total_seconds())),
        )
        for grant, extensions in ((_Credentials, []), (_CodeGrant, [_S256(required=True)]), (_Refresh, [])):
            self.register_grant(grant, extensions)
        self.register_endpoint(_Revocation)
        self.register_endpoint(_Introspection)

    def reply(self, endpoint: str, sent: Sent) -> Reply:
        found: Reply
        if endpoint == "token":
            found = self.create_token_response(sent)
        else:
            found = self.create_endpoint_response(endpoint, sent)
        return found

    def query_client(self, client_id: str) -> _ClientView | None:
        row = clients.find_client(self.session, client_id)
        if row is None or row.revoked_at is not None:
            return None
        if row.kind is ClientKind.SYSTEM:
            allowance = clients.system_allowance(self.session, row)
            if actor_by(self.session, allowance, self.world) is None:
                return None
        return _ClientView(row)

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        allowance: Allowance = request.user or clients.system_allowance(self.session, request.client.row)
        scopes = split(token.get("scope"))
        allowances.keep_tokens(
            self.session, allowance, scopes, token["access_token"], token.get("refresh_token"), self.world.now
        )

    def allowed(self, allowance: Allowance) -> Allowance | None:
        """The allowance, while somebody stands behind it."""
        return allowance if actor_by(self.session, allowance, self.world) is not None else None

    def create_oauth2_request(self, request: Sent) -> _Request:
        return _Request(request)

    def handle_response(self, status: int, body: Any, headers: Any) -> Reply:
        return Reply(status, json.dumps(body) if isinstance(body, dict) else str(body), tuple(headers))

    def handle_error_response(self, request: Any, error: OAuth2Error) -> Reply:
        status, body, headers = error()
        return self.handle_response(status, dict(body), headers)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens: the journal is written by the services."""


class _S256(CodeChallenge):  # type: ignore[misc]
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]


class _Credentials(grants.ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = [BASIC]


class _CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = [NONE]

    def query_authorization_code(self, code: str, client: _ClientView) -> _CodeView | None:
        row = allowances.find_code(self.server.session, client.row, code, self.server.world.now)
        return _CodeView(row) if row else None

    def delete_authorization_code(self, authorization_code: _CodeView) -> None:
        authorization_code.row.used_at = self.server.world.now

    def authenticate_user(self, authorization_code: _CodeView) -> Allowance | None:
        found: Allowance | None = self.server.allowed(authorization_code.allowance)
        return found


class _Refresh(grants.RefreshTokenGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = [NONE]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> _TokenView | None:
        client: _ClientView = self.request.client
        row = allowances.find_refresh(self.server.session, client.row, refresh_token, self.server.world.now)
        return _TokenView(row) if row else None

    def authenticate_user(self, refresh_token: _TokenView) -> Allowance | None:
        found: Allowance | None = self.server.allowed(refresh_token.allowance)
        return found

    def revoke_old_credential(self, refresh_token: _TokenView) -> None:
        refresh_token.row.used_at = self.server.world.now


class _Revocation(RevocationEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS = [BASIC, NONE]

    def query_token(self, token_string: str, token_type_hint: str | None) -> _TokenView | None:
        row = allowances.find_token(self.server.session, token_string)
        return _TokenView(row) if row else None

    def authenticate_token(self, request: Any, client: _ClientView) -> _TokenView | None:
        """Another client's token is answered as an unknown one is: nobody learns whether it exists."""
        self.check_params(request, client)
        found = self.query_token(request.form["token"], None)
        return found if found and found.check_client(client) else None

    def revoke_token(self, token: _TokenView, request: Any) -> None:
        allowances.revoke_token(self.server.session, token.row, self.server.world.now)


class _Introspection(IntrospectionEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS = [BASIC, NONE]

    def query_token(self, token_string: str, token_type_hint: str | None) -> _TokenView | None:
        row = allowances.find_token(self.server.session, token_string)
        return _TokenView(row) if row else None

    def check_permission(self, token: _TokenView, client: _ClientView, request: Any) -> bool:
        return token.check_client(client)

    def create_introspection_payload(self, token: _TokenView | None) -> dict[str, Any]:
        world = self.server.world
        if token is None or not is_live(token.row, world.now) or self.server.allowed(token.allowance) is None:
            return {"active": False}
        row = token.row
        return {
            "active": True,
            "client_id": row.allowance.client.client_id,
            "scope": " ".join(row.scopes),
            "token_type": "Bearer" if row.kind is TokenKind.ACCESS else "refresh_token",
            "exp": int(row.expires_at.timestamp()),
            "iat": int(row.issued_at.timestamp()),
        }


def _fresh(**_about: object) -> str:
    return new_token()
