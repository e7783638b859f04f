"""A walk through the site in a real browser, told step by step.

After each step the page must be one that everybody can use at a desk and on a phone: axe finds nothing at 1280 and at
375 px, nothing is wider than the screen, the console is quiet, and no request has left the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

from tests.journeys.accessibility import faults

DESK, PHONE = 1280, 375
HEIGHTS = {DESK: 900, PHONE: 812}
_INSIDE_THE_BROWSER = {"data", "blob", "about"}

# A colour or a place on its way to another is neither. What moves for ever, such as a sign of waiting, is left to move.
_REST = """
async () => {
  const ends = (one) => Number.isFinite(one.effect.getComputedTiming().endTime);
  const moving = () => document.getAnimations().filter(ends);
  for (let now = moving(); now.length; now = moving()) {
    await Promise.allSettled(now.map((one) => one.finished));
  }
}
"""


class Journey:
    """One visitor with one browser page.

    ``page`` is Playwright's own page, for what happens inside a step. Screenshots go to ``shots`` as
    ``<journey>-<step>-<width>.png``: those of each step where they are ``wanted``, those of a failure always.
    """

    def __init__(
        self, *, page: Page, address: str, name: str, numbers: Iterator[int], shots: Path, wanted: bool
    ) -> None:
        self.page = page
        self.address = address
        self.name = name
        self.shots = shots
        self._wanted = wanted
        self._numbers = numbers
        self._number = 0
        self._complaints: list[str] = []
        self._host = urlsplit(address).netloc
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._complaints.append(f"script error: {error}"))
        page.on("request", self._watch)
        self.resize(DESK)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _watch(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in _INSIDE_THE_BROWSER and parts.netloc != self._host:
            self._complaints.append(f"request left the site: {request.url}")

    def resize(self, width: int) -> None:
        """Take a screen of ``width`` CSS pixels."""
        self.page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 900)})

    def forget_complaints(self) -> None:
        """Leave out what the console has said so far: the step has broken something on purpose."""
        self._complaints.clear()

    def open(self, path: str) -> None:
        """Go to ``path`` on the site, as typed into the address bar."""
        self.page.goto(urljoin(self.address, path))

    @contextmanager
    def step(
        self,
        title: str,
        *,
        widths: tuple[int, ...] = (DESK, PHONE),
        status: int | None = None,
        shot: bool = True,
    ) -> Iterator[Page]:
        """Do one thing, then check the page at each of ``widths`` and print one line.

        ``status`` names the one answer of the server that may show up in the console as an error, such as 404. Without
        ``widths`` the page is not looked at (for a step that ends outside a page, such as a download).
        """
        self._number = next(self._numbers)
        self._complaints.clear()
        began = perf_counter()
        label = f"{self.name} {self._number:02d} {title}"
        try:
            yield self.page
            self.page.wait_for_load_state("load")
            for turn, width in enumerate(widths):
                self._look(width, shot=shot, again=turn > 0)
            self._answer_for(status)
        except BaseException:
            print(f"  ✗ {label}", flush=True)
            self.page.screenshot(
                path=self.shots / f"{self.name}-{self._number:02d}-failed.png", full_page=True
            )
            raise
        finally:
            self.resize(DESK)
        print(f"  ✓ {label}（{perf_counter() - began:.1f} 秒）", flush=True)

    def _look(self, width: int, *, shot: bool, again: bool) -> None:
        self.resize(width)
        self.page.evaluate(_REST)
        if shot and self._wanted:
            self.page.screenshot(
                path=self.shots / f"{self.name}-{self._number:02d}-{width}.png", full_page=True
            )
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"at {width} px the page is {wide} px wider than the screen"
        report = faults(self.page, again=again)
        assert not report, f"axe at {width} px, {self.page.url}\n{report}"

    def _answer_for(self, status: int | None) -> None:
        expected = re.compile(rf"status (?:of|error code) {status}\b", re.IGNORECASE) if status else None
        left = [line for line in self._complaints if not (expected and expected.search(line))]
        assert not left, "\n".join(left)
