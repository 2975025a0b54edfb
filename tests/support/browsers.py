"""Real Chromium windows: one for each person, watched for errors."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE_MS = 25_000
"""How long to wait for what must come: long, for two cores may be busy with other tests."""

expect.set_options(timeout=PATIENCE_MS)

_WATCH_PEERS = """
window.peers = [];
const Real = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Real { constructor(...given) { super(...given); window.peers.push(this); } };
window.received = async () => {
  const sum = { frames: 0, samples: 0, energy: 0 };
  for (const peer of window.peers) {
    if (peer.connectionState === 'closed') continue;
    for (const report of (await peer.getStats()).values()) {
      if (report.type !== 'inbound-rtp') continue;
      sum.frames += report.framesDecoded ?? 0;
      sum.samples += (report.totalSamplesReceived ?? 0) - (report.concealedSamples ?? 0);
      sum.energy += report.totalAudioEnergy ?? 0;
    }
  }
  return sum;
};
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, with a camera and a microphone that are made up."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise RuntimeError("Chromium is missing: `make test` says which packages the tests need")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS, headless=True)
        try:
            yield browser
        finally:
            browser.close()


class Window:
    """One person's window. Errors of its pages and violations of their security policy are kept in `faults`."""

    def __init__(self, browser: Browser, base_url: str, **context: Any) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=base_url, permissions=["camera", "microphone"], **{"locale": "en-GB", **context}
        )
        self.context.add_init_script(_WATCH_PEERS)
        self.context.set_default_timeout(PATIENCE_MS)
        self.faults: list[str] = []
        self.context.on("weberror", lambda error: self.faults.append(f"{self.page.url}: {error.error}"))
        self.context.on("console", self._heard)
        self.page: Page = self.context.new_page()

    def _heard(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def received(self) -> dict[str, float]:
        """Frames decoded and audio samples received (concealed ones left out), over all open peer connections."""
        found: dict[str, float] = self.page.evaluate("received()")
        return found

    def peers(self) -> int:
        """How many peer connections the page has made since it was loaded."""
        return int(self.page.evaluate("peers.length"))

    def close(self) -> None:
        self.context.close()


def frames_shown(video: Locator) -> int:
    """How many frames a <video> has been given since it plays what it plays now."""
    return int(video.evaluate("(video) => video.getVideoPlaybackQuality().totalVideoFrames"))


def wider_than_its_window(page: Page) -> bool:
    """Whether one would have to scroll sideways (WCAG 2.2, 1.4.10)."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def axe_faults(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA on a page: rule, element and why."""
    page.evaluate(AXE.read_text())  # through the debugger: the page's own policy would refuse a script tag
    found = page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })", WCAG
    )
    return [
        f"{rule['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
