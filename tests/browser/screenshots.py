"""Save a picture of each page, light, dark, on a phone and in Arabic: `make screenshots`.

The pictures land in var/screenshots, one folder a look.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.looks import LOOKS, Look, speak
from tests.browser.pages import Prepared, Visited, all_pages, prepare
from tests.support.browsers import Window, chromium
from tests.support.people import AUSTRIA, THAILAND
from tests.support.stack import Stack, running_stack

FOLDER = Path("var/screenshots")


def main() -> int:
    """Start an installation, look at everything, stop it. Returns 1 when a page had a fault."""
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder)) as stack, chromium() as browser:
        austria, thailand = _window(browser, stack, AUSTRIA), _window(browser, stack, THAILAND)
        made = prepare(austria, thailand, stack)
        austria.close()
        thailand.close()
        for look in LOOKS:
            target = FOLDER / look.name
            target.mkdir(parents=True, exist_ok=True)
            faults += _look(browser, stack, made, target, look)
            print(f"{target}: {len(list(target.glob('*.png')))} pages", flush=True)
    print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


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
        _save(windows[visited.who], visited, target)
    for opened in windows.values():
        opened.close()
    return [fault for opened in windows.values() for fault in opened.faults]


def _save(opened: Window, visited: Visited, target: Path) -> None:
    page = opened.page
    page.goto(visited.path)
    if visited.prepare:
        visited.prepare(page)
    page.screenshot(path=target / f"{visited.name}.png", full_page=not visited.fills_window, animations="disabled")


if __name__ == "__main__":
    sys.exit(main())
