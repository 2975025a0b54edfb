"""Prints `docs/api.md` from the declared operations and scopes: `python -m comity.app.apidoc > docs/api.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from textwrap import fill

from comity.app.apipage import OPERATIONS
from comity.core.problems import TABLE
from comity.people.oauth import rules
from comity.people.oauth.scopes import WORDS

_FIRST = """For an authority's case system and for tools that people use. It goes through the same decisions as
the pages; what is read is noted for both sides, with the client that read it. An installation
describes its own at `/api/`, and for machines at `/api/openapi.json` (OpenAPI 3.1). Printed by
`python -m comity.app.apidoc` from what the routes are made of."""
_SYSTEM = """A **case system** is registered by the holder of the post that it acts as, with a fresh second
factor, on *Your account*, *Applications*. Its secret is shown once. Its access ends with the
registration, the holding of the post, or the account."""
_SYSTEM_SHELL = (
    'TOKEN=$(curl -s -u "$CLIENT_ID:$CLIENT_SECRET" -d grant_type=client_credentials \\',
    "    https://comity.example/oauth/token | jq -r .access_token)",
    'curl -H "Authorization: Bearer $TOKEN" https://comity.example/api/v1/me',
)
_TOOL = """A **tool** is registered there too, with its exact redirect URIs (https, or http on a loopback
address with its port), and has no secret. It sends each person to `/oauth/authorize` with
`response_type=code`, `code_challenge_method=S256` and a `state`, and exchanges the code with its
verifier. It serves the people of the authority that registered it. It checks `iss` in the answer
(RFC 9207)."""
_TOOL_SHELL = (
    'curl -d grant_type=authorization_code -d client_id="$CLIENT_ID" -d code="$CODE" \\',
    '    -d code_verifier="$VERIFIER" --data-urlencode redirect_uri="$REDIRECT_URI" https://comity.example/oauth/token',
    'curl -d grant_type=refresh_token -d client_id="$CLIENT_ID" -d refresh_token="$REFRESH" \\',
    "    https://comity.example/oauth/token",
)
_LASTING = """A code is good once, for {code} seconds; shown again, it ends everything that came of it. An access
token lasts {access} minutes. A refresh token lasts {refresh} days, is good once and brings the next
one; an old one shown again is a theft, and ends them all. What a person allowed ends after
{allowed} days. Tokens are given back at `/oauth/revoke` (RFC 7009); a client asks about its own at
`/oauth/introspect` (RFC 7662). Addresses stand in `/.well-known/oauth-authorization-server` (RFC
8414)."""
_PASSWORD_SHELL = (
    'curl -u "anton.muster@justice.at.example:$APPLICATION_PASSWORD" https://comity.example/api/v1/authorities',
)
_RULES = """Lists come in pages: follow `Link` with `rel="next"`. New entries of a consultation are what lies
behind the last `position` known. What is sent with an `Idempotency-Key` is done once in 24 hours
and answered alike; what failed may be tried again under the same key. `RateLimit` tells how many
calls are left. A cookie opens nothing here."""


def document() -> str:
    """The page, in Markdown."""
    return "\n".join([*_lines(), ""])


def _lines() -> Iterator[str]:
    yield from ("# API", "", _filled(_FIRST), "", "## Getting a token", "")
    yield from (_filled(_SYSTEM), "", *_shell(_SYSTEM_SHELL), "", _filled(_TOOL), "", *_shell(_TOOL_SHELL), "")
    yield _filled(
        _LASTING.format(
            code=int(rules.CODE_LASTS.total_seconds()),
            access=int(rules.ACCESS_LASTS.total_seconds()) // 60,
            refresh=rules.REFRESH_LASTS.days,
            allowed=rules.ALLOWED_LASTS.days,
        )
    )
    yield from ("", "## Scopes", "", "| scope | what it opens |", "| --- | --- |")
    yield from (f"| `{scope.value}` | {words} |" for scope, words in WORDS.items())
    yield from ("", "`dav` is what an application password has: it reads the directory with HTTP Basic.", "")
    yield from (*_shell(_PASSWORD_SHELL), "", "## Calls", "", "| call | what it does | scope |", "| --- | --- | --- |")
    for operation in OPERATIONS:
        scopes = " or ".join(f"`{scope}`" for scope in operation.scopes)
        yield f"| `{operation.method} /api/v1{operation.path}` | {operation.summary} | {scopes} |"
    yield from ("", _filled(_RULES), "", "## Problems", "")
    yield from ("Problem details (RFC 9457); `type` leads to `/api/#` and the code.", "")
    yield from ("| code | status | what it means |", "| --- | --- | --- |")
    yield from (f"| `{problem.code}` | {problem.status.value} | {problem.words} |" for problem in TABLE)


def _filled(text: str) -> str:
    return fill(text, 120, break_long_words=False, break_on_hyphens=False)


def _shell(lines: tuple[str, ...]) -> tuple[str, ...]:
    return ("```sh", *lines, "```")


if __name__ == "__main__":
    sys.stdout.write(document())
