"""The built browser code: where it lies, and the tags a page needs to load one of its entries.

Vite writes content-hashed files and a manifest into one folder. Flask serves that folder at `/static`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

STATIC_URL = "/static"
MANIFEST = ".vite/manifest.json"
HASHED_FILES = f"{STATIC_URL}/assets/"
_FOREVER = "public, max-age=31536000, immutable"
_A_WHILE = "public, max-age=600, stale-while-revalidate=604800"


class AssetsNotBuilt(RuntimeError):
    """The browser code was not built, so that no page can be styled."""


class UnknownEntry(LookupError):
    """A template asks for an entry that the build does not have."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One file of the build: its name, its style sheets, and the keys of the chunks it imports."""

    file: str
    css: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assets:
    """The manifest of one build. Read on first use, then kept for the life of the process."""

    manifest_path: Path
    base_url: str = STATIC_URL

    @cached_property
    def _manifest(self) -> dict[str, dict[str, Any]]:
        try:
            found: dict[str, dict[str, Any]] = json.loads(self.manifest_path.read_text("utf-8"))
        except FileNotFoundError:
            raise AssetsNotBuilt(f"no {self.manifest_path}: build the browser code with `npm run build`") from None
        return found

    @cached_property
    def _keys(self) -> dict[str, str]:
        return {record["name"]: key for key, record in self._manifest.items() if record.get("isEntry")}

    def entries(self) -> tuple[str, ...]:
        """Names of all entries, sorted. Raises AssetsNotBuilt."""
        return tuple(sorted(self._keys))

    def chunk(self, key: str) -> Chunk:
        """The chunk with that key of the manifest."""
        record = self._manifest[key]
        return Chunk(record["file"], tuple(record.get("css", ())), tuple(record.get("imports", ())))

    def tags(self, entry: str, nonce: str) -> Markup:
        """Style sheets, preloads and the module script of an entry, in that order.

        entry: a folder of static/islands, or "styles". nonce: of this response's Content-Security-Policy.
        Raises UnknownEntry, AssetsNotBuilt.
        """
        if entry not in self._keys:
            raise UnknownEntry(f"no entry {entry!r} in the build; it has {', '.join(self.entries())}")
        root = self.chunk(self._keys[entry])
        imported = tuple(self._imported(root, set()))
        sheets = dict.fromkeys(sheet for chunk in (*imported, root) for sheet in chunk.css)
        lines = [self._sheet(sheet) for sheet in sheets]
        if root.file.endswith(".css"):
            lines.append(self._sheet(root.file))
            return Markup("\n").join(lines)
        preload = Markup('<link rel="modulepreload" href="{}" nonce="{}">')
        lines += [preload.format(self._url(chunk.file), nonce) for chunk in imported]
        lines.append(Markup('<script type="module" src="{}" nonce="{}"></script>').format(self._url(root.file), nonce))
        return Markup("\n").join(lines)

    def _imported(self, chunk: Chunk, seen: set[str]) -> Iterator[Chunk]:
        """Chunks that this one imports, deepest first, each once."""
        for key in chunk.imports:
            if key not in seen:
                seen.add(key)
                found = self.chunk(key)
                yield from self._imported(found, seen)
                yield found

    def _url(self, file: str) -> str:
        return f"{self.base_url}/{file}"

    def _sheet(self, file: str) -> Markup:
        return Markup('<link rel="stylesheet" href="{}">').format(self._url(file))


def static_root() -> Path:
    """The built folder: `comity/app/dist` in a wheel, the checkout's `static/dist` in an editable install."""
    here = Path(__file__).resolve().parent
    installed = here / "dist"
    return installed if installed.is_dir() else here.parents[2] / "static" / "dist"


def init_app(app: Flask) -> Assets:
    """Give templates `asset_tags(entry)`, and let browsers keep what they have loaded (RFC 9111, RFC 5861).

    Expects the app to serve `static_root()` at `/static`, and `csp_nonce` in the context of its templates.
    """
    assets = Assets(static_root() / MANIFEST)
    app.jinja_env.globals["asset_tags"] = _asset_tags(assets)
    app.after_request(_keep_files)
    return assets


def _asset_tags(assets: Assets) -> Callable[..., Markup]:
    @pass_context
    def asset_tags(context: Context, entry: str) -> Markup:
        return assets.tags(entry, context.resolve("csp_nonce")())

    return asset_tags


def _keep_files(response: Response) -> Response:
    """Files named by their content for ever; the sprite of signs, of fixed name, for a while without a flash."""
    if response.status_code == 200 and request.path.startswith(f"{STATIC_URL}/"):
        response.headers["Cache-Control"] = _FOREVER if request.path.startswith(HASHED_FILES) else _A_WHILE
    return response
