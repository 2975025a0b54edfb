"""Save a picture of each page, light, dark, on a phone and in Arabic: `make screenshots`.

The pictures land in var/screenshots, one folder a look.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.pages import Prepared, Visited, all_pages, prepare
from tests.browser.test_pages import PHONE, WIDE, speak
from tests.support.browsers import Window, chromium
from tests.support.people import AUSTRIA
from tests.support.stack import Stack, running_stack

FOLDER = Path("var/screenshots")
LOOKS = (("light", "light", WIDE, "en"), ("dark", "dark", WIDE, "en"), ("phone", "light", PHONE, "en"),
         ("arabic", "light", WIDE, "ar"))  # fmt: skip


def main() -> None:
    """Start an installation, look at everything, stop it."""
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder)) as stack, chromium() as browser:
        first = Window(browser, stack.url)
        first.page.goto(stack.link(AUSTRIA))
        made = prepare(first.page, stack)
        first.close()
        for name, scheme, viewport, language in LOOKS:
            target = FOLDER / name
            target.mkdir(parents=True, exist_ok=True)
            _look(browser, stack, made, target, scheme, viewport, language)
            print(f"{target}: {len(list(target.iterdir()))} pages")


def _look(
    browser: Browser, stack: Stack, made: Prepared, target: Path, scheme: str, viewport: dict[str, int], language: str
) -> None:
    windows: dict[str | None, Window] = {}
    for visited in all_pages(made):
        if visited.who not in windows:
            opened = Window(
                browser,
                stack.url,
                color_scheme=scheme,
                viewport=viewport,
                locale="ar-EG" if language == "ar" else "en-GB",
            )
            windows[visited.who] = opened
            if visited.who:
                opened.page.goto(stack.link(visited.who))
                speak(opened, language)
        _save(windows[visited.who], visited, target)
    for opened in windows.values():
        opened.close()


def _save(opened: Window, visited: Visited, target: Path) -> None:
    page = opened.page
    page.goto(visited.path)
    if visited.prepare:
        visited.prepare(page)
    page.screenshot(path=target / f"{visited.name}.png", full_page=not visited.name.startswith("room"))


if __name__ == "__main__":
    main()
