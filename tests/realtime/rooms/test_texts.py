"""The texts that the island asks for are those that the server gives it."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from comity.rooms import page

ISLAND = Path(__file__).parents[3] / "static/islands/room"
_WORD = re.compile(r'"([a-z_]+)"')
_ASKED = re.compile(r'\btext\("([a-z_]+)"')


def test_every_text_that_is_asked_for_is_given_and_none_is_given_for_nothing(application: Flask) -> None:
    source = "\n".join(file.read_text() for file in ISLAND.glob("*.ts"))
    with application.test_request_context("/"):
        given = set(page.texts())
    assert set(_ASKED.findall(source)) <= given
    # Keys are also chosen at run time: then each of them stands in the source as a word, or is made of one.
    words = set(_WORD.findall(source))
    made = {f"{kind}_{end}" for kind in ("camera", "microphone", "speaker") for end in ("n", "missing", "busy")}
    made |= {f"{why}_words" for why in words}
    template = Path(page.__file__).with_name("templates").joinpath("rooms/page.html").read_text()
    in_template = set(re.findall(r"texts\.([a-z_]+)", template))
    assert given - words - made - in_template == set()
