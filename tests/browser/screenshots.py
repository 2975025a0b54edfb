"""Save a picture of each page, light, dark, on a phone and in Arabic: `make screenshots`.

The pictures land in var/screenshots, one folder a look.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.looks import LOOKS, Look, speak
from tests.browser.pages import Prepared, Visited, all_pages, prepare
from tests.browser.steps import enter_room
from tests.support.browsers import Window, chromium
from tests.support.people import AUSTRIA, THAILAND
from tests.support.stack import Stack, running_stack

FOLDER = Path("var/screenshots")


def main() -> int:
    """Start an installation, look at everything, stop it. Returns 1 when a page had a fault."""
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder, _stack(Path(folder)) as stack, chromium() as browser:
        austria, thailand = _window(browser, stack, AUSTRIA), _window(browser, stack, THAILAND)
        made = prepare(austria, thailand, stack)
        austria.close()
        thailand.page.goto(made.room.removesuffix("/room"))
        enter_room(thailand.page)  # and stays there, to be seen in the pictures of the room
        for look in LOOKS:
            target = FOLDER / look.name
            target.mkdir(parents=True, exist_ok=True)
            faults += _look(browser, stack, made, target, look)
            print(f"{target}: {len(list(target.glob('*.png')))} pages", flush=True)
        thailand.close()
    print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


def _stack(folder: Path) -> AbstractContextManager[Stack]:
    return running_stack(folder, COMITY_AWAY_AFTER="1")


def _window(browser: Browser, stack: Stack, email: str | None, look: Look = LOOKS[0]) -> Window:
    opened = Window(browser, stack.url, **look.context)
    if email:
        opened.page.goto(stack.link(email))
        speak(opened, look.language)
    return opened


def _look(browser: Browser, stack: Stack, made: Prepared, target: Path, look: Look) -> list[str]:
    windows: dict[str | None, Window] = {}
    for visited in all_pages(made, look.language):
        if visited.who not in windows:
            windows[visited.who] = _window(browser, stack, visited.who, look)
        _save(windows[visited.who].page, visited, target, look)
    for opened in windows.values():
        opened.close()
    return [fault for opened in windows.values() for fault in opened.faults]


def _save(page: Page, visited: Visited, target: Path, look: Look) -> None:
    page.goto(visited.path)
    if visited.prepare:
        visited.prepare(page)
    if not visited.fills_window:
        # A window as high as its page: what is fixed to the window stands where it belongs.
        whole = int(page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": look.viewport["width"], "height": max(whole, look.viewport["height"])})
        page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=target / f"{visited.name}.png", animations="disabled")
    page.set_viewport_size(look.viewport)


if __name__ == "__main__":
    sys.exit(main())
