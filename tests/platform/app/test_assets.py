"""Tags for the entries of a build, and how long browsers keep its files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from comity.app import assets as module
from comity.app.assets import MANIFEST, Assets, AssetsNotBuilt, UnknownEntry, static_root

BUILD = {
    "styles/main.css": {"file": "assets/styles-a1.css", "name": "styles", "isEntry": True},
    "islands/room/main.ts": {
        "file": "assets/room-b2.js",
        "name": "room",
        "isEntry": True,
        "imports": ["_http-d4.js", "_dom-c3.js"],
        "css": ["assets/room-e5.css"],
    },
    "_http-d4.js": {
        "file": "assets/http-d4.js",
        "name": "http",
        "imports": ["_dom-c3.js"],
        "css": ["assets/shared-f6.css"],
    },
    "_dom-c3.js": {"file": "assets/dom-c3.js", "name": "dom", "css": ["assets/shared-f6.css"]},
}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / ".vite").mkdir()
    (tmp_path / "assets").mkdir()
    (tmp_path / MANIFEST).write_text(json.dumps(BUILD))
    (tmp_path / "assets/styles-a1.css").write_text("body{}")
    (tmp_path / "icons.svg").write_text("<svg/>")
    return tmp_path


@pytest.fixture
def app(dist: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(module, "static_root", lambda: dist)
    app = Flask("sample", static_folder=str(dist), static_url_path="/static")
    app.jinja_env.globals["csp_nonce"] = lambda: "n0nce"
    module.init_app(app)
    return app


def test_a_style_sheet_entry_is_one_link(dist: Path) -> None:
    assert Assets(dist / MANIFEST).tags("styles", "n") == '<link rel="stylesheet" href="/static/assets/styles-a1.css">'


def test_a_script_entry_brings_each_sheet_and_each_import_once_and_deepest_first(dist: Path) -> None:
    assert Assets(dist / MANIFEST).tags("room", "n").split("\n") == [
        '<link rel="stylesheet" href="/static/assets/shared-f6.css">',
        '<link rel="stylesheet" href="/static/assets/room-e5.css">',
        '<link rel="modulepreload" href="/static/assets/dom-c3.js" nonce="n">',
        '<link rel="modulepreload" href="/static/assets/http-d4.js" nonce="n">',
        '<script type="module" src="/static/assets/room-b2.js" nonce="n"></script>',
    ]


def test_chunks_that_import_each_other_end(dist: Path) -> None:
    circle = {
        "main.ts": {"file": "main.js", "name": "main", "isEntry": True, "imports": ["_a.js"]},
        "_a.js": {"file": "a.js", "name": "a", "imports": ["_b.js"]},
        "_b.js": {"file": "b.js", "name": "b", "imports": ["_a.js"]},
    }
    (dist / MANIFEST).write_text(json.dumps(circle))
    assert Assets(dist / MANIFEST).tags("main", "n").count("modulepreload") == 2


def test_a_nonce_is_escaped(dist: Path) -> None:
    assert 'nonce="&#34;&gt;"' in Assets(dist / MANIFEST).tags("room", '">')


def test_an_unknown_entry_is_named_with_those_that_exist(dist: Path) -> None:
    with pytest.raises(UnknownEntry, match=r"'calendar'.*room, styles"):
        Assets(dist / MANIFEST).tags("calendar", "n")


def test_a_shared_chunk_is_no_entry(dist: Path) -> None:
    assert Assets(dist / MANIFEST).entries() == ("room", "styles")


def test_a_missing_build_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(AssetsNotBuilt, match="npm run build"):
        Assets(tmp_path / MANIFEST).tags("styles", "n")


def test_templates_get_tags_with_the_nonce_of_the_response(app: Flask) -> None:
    with app.test_request_context("/"):
        page = render_template_string("{{ asset_tags('room') }}")
    assert page.count('nonce="n0nce"') == 3
    assert "&lt;" not in page


def test_hashed_files_are_kept_for_ever_and_others_for_a_while(app: Flask) -> None:
    def cache_control(path: str) -> str:
        with app.test_client().get(path) as answer:
            return answer.headers.get("Cache-Control", "")

    assert cache_control("/static/assets/styles-a1.css") == "public, max-age=31536000, immutable"
    assert cache_control("/static/icons.svg") == "public, max-age=600, stale-while-revalidate=604800"
    assert "max-age" not in cache_control("/static/assets/gone.css")


def test_the_build_of_a_checkout_lies_beside_its_sources() -> None:
    root = static_root()
    assert root.name == "dist"
    assert (root.parent / "styles" / "main.css").is_file()
