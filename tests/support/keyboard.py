"""A person with a keyboard and no mouse, who wants to see where the focus is (WCAG 2.2: 2.1.1, 2.4.7, 2.4.11)."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.stack import wait_for

MOST_STOPS = 90
SETTLES_SECONDS = 5.0

_FOCUS = """
() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  const bearers = [focused, focused.closest('label')].filter(Boolean);
  const outlined = bearers.some((bearer) => [null, '::before', '::after'].some((part) => {
    const style = getComputedStyle(bearer, part);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 && (!part || style.content !== 'none');
  }));
  const seen = [...focused.getClientRects()].some((box) => [0.1, 0.5, 0.9].some((x) => [0.2, 0.5, 0.8].some((y) => {
    const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return top && bearers.some((bearer) => bearer.contains(top));
  })));
  return { outlined, seen, what: focused.outerHTML.slice(0, 200) };
}
"""


class Keyboard:
    """One window, worked by keys alone.

    patience: seconds that a page may take to scroll to the focus. stops: everything that had the focus on the way.
    """

    def __init__(self, page: Page, patience: float = SETTLES_SECONDS) -> None:
        self.page, self.patience = page, patience
        self.stops: list[str] = []

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, words: str) -> None:
        self.page.keyboard.type(words)

    def tab_to(self, target: Locator, *, back: bool = False) -> None:
        """Press Tab until something has the focus. Each stop on the way must show that it has it, uncovered."""
        expect(target).to_be_visible()
        for _stop in range(MOST_STOPS):
            self.press("Shift+Tab" if back else "Tab")
            self._look()
            if target.evaluate("(element) => element === document.activeElement"):
                return
        raise AssertionError(f"Tab never comes to {target}; it came to\n" + "\n".join(self.stops[-MOST_STOPS:]))

    def follow(self, target: Locator, key: str = "Enter", *, back: bool = False) -> None:
        """Go to something and press a key on it."""
        self.tab_to(target, back=back)
        self.press(key)

    def _look(self) -> None:
        found: list[dict[str, Any] | None] = []

        def shown() -> bool:
            found[:] = [self.page.evaluate(_FOCUS)]
            return found[0] is None or (found[0]["outlined"] and found[0]["seen"])

        try:
            wait_for(shown, self.patience)
        except TimeoutError:
            raise AssertionError(f"the focus does not show: {found[0]}") from None
        self.stops.append(found[0]["what"] if found[0] else "(the browser itself)")
