"""The mail that an installation without a relay keeps, for the secretariat to see."""

from __future__ import annotations

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from flask import Blueprint, Flask, render_template

from comity.core.errors import NotFound
from comity.core.web import access, secretariat, services

blueprint = Blueprint("mail", __name__, url_prefix="/mail")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,120}")
_MOST = 200


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("")
@access(secretariat)
def index() -> str:
    files = sorted(_folder().glob("*"), key=lambda path: path.stat().st_mtime, reverse=True)[:_MOST]
    return render_template("mail/index.html", mails=[(path.name, _parse(path)) for path in files])


@blueprint.get("/<name>")
@access(secretariat)
def show(name: str) -> str:
    path = _folder() / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound
    message = _parse(path)
    body = message.get_body(("plain",))
    return render_template("mail/show.html", mail=message, body=body.get_content() if body else "")


def _folder() -> Path:
    if services().config.smtp_relay is not None:
        raise NotFound
    return services().config.maildir / "new"


def _parse(path: Path) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes())
