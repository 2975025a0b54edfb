"""One installation and one Chromium for all browser tests; a window for each person of a test.

They run by themselves, after all others: calls need both cores, and no event loop runs beside Playwright's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.browsers import Window, chromium
from tests.support.stack import Stack, running_stack

OpenWindow = Callable[..., Window]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole running installation, in which one counts as away after a second."""
    with running_stack(tmp_path_factory.mktemp("stack"), COMITY_AWAY_AFTER="1") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def window(stack: Stack, browser: Browser) -> Iterator[OpenWindow]:
    """Open a window, signed in as somebody where an address is given. No page may have had a fault at the end."""
    opened: list[Window] = []

    def open_window(email: str | None = None, **context: Any) -> Window:
        found = Window(browser, stack.url, **context)
        opened.append(found)
        if email is not None:
            found.page.goto(stack.link(email))
        return found

    yield open_window
    faults = [fault for found in opened for fault in found.faults]
    for found in opened:
        found.close()
    assert faults == []
