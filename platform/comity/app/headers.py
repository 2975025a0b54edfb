"""Response headers that protect every page, and the nonce that lets our own scripts run."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from comity.core.config import Config
from comity.core.web import Services

_OURS = (
    "camera", "display-capture", "microphone", "publickey-credentials-create", "publickey-credentials-get",
    "screen-wake-lock",
)  # fmt: skip
_NOBODYS = (
    "accelerometer", "browsing-topics", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts",
    "magnetometer", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
_PERMISSIONS = ", ".join([*(f"{name}=(self)" for name in _OURS), *(f"{name}=()" for name in _NOBODYS)])


def init_app(app: Flask) -> None:
    """Add the headers to every response (CSP Level 3, RFC 6797, Fetch metadata)."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    config = _config(app)
    connect = _connect_sources(config.base_url, config.media_url)

    @app.after_request
    def protect(response: Response) -> Response:
        # form_target: where a page's form may lead to besides us, as the consent page's does (CSP Level 3, 6.4.2).
        nonce = f"'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
        forms = f"'self' {g.form_target}" if "form_target" in g else "'self'"
        response.headers.setdefault(
            "Content-Security-Policy",
            f"default-src 'none'; script-src 'self' {nonce}; style-src 'self'; img-src 'self' data: blob:; "
            f"font-src 'self'; media-src 'self' blob:; connect-src 'self' {connect}; worker-src 'self' blob:; "
            f"form-action {forms}; base-uri 'none'; frame-ancestors 'none'; "
            "manifest-src 'self'",
        )
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        if config.secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def csp_nonce() -> str:
    """The nonce of this response: 128 random bits, made when a template first asks."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _connect_sources(base_url: str, media_url: str) -> str:
    base, media = urlsplit(base_url), urlsplit(media_url)
    sockets = "wss" if base.scheme == "https" else "ws"
    http = "https" if media.scheme == "wss" else "http"
    return f"{sockets}://{base.netloc} {media.scheme}://{media.netloc} {http}://{media.netloc}"


def _config(app: Flask) -> Config:
    """The configuration, before there is a request."""
    found: Services = app.extensions["comity"]
    return found.config
