"""A page that is watched: whatever goes wrong behind it is a problem of the test, unless the test said that it would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, Request

_SEVERITIES = ("critical", "serious", "moderate")
_LEFT_BY_THE_PAGE = "net::ERR_ABORTED"  # a request that a navigation made useless is no failure


class Watch:
    """What was noticed behind a page, and what was expected to be."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.begin(origin)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("request", self._see)
        page.on("requestfailed", self._miss)

    def begin(self, origin: str) -> None:
        """Watch from here on, a page of this origin."""
        self.origin = origin
        self.problems: list[str] = []
        self.requests: list[str] = []

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def _see(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.problems.append(f"leaves this machine: {request.url}")

    def _miss(self, request: Request) -> None:
        if request.failure != _LEFT_BY_THE_PAGE:
            self.problems.append(f"request failed: {request.url} {request.failure}")

    @contextmanager
    def expecting(self, pattern: str) -> Iterator[None]:
        """Take out of the problems those of the block that match, and insist that there were some."""
        before = len(self.problems)
        yield
        self.page.wait_for_timeout(100)
        fresh = self.problems[before:]
        assert any(re.search(pattern, problem) for problem in fresh), f"{pattern} was expected, there was {fresh}"
        self.problems[before:] = [problem for problem in fresh if not re.search(pattern, problem)]


def arrive(page: Page, address: str) -> None:
    """Open an address and wait until its page stands there."""
    page.goto(address)
    settle(page)


def settle(page: Page) -> None:
    """Wait until a page has come, nothing is asked any more (so no work is on its way) and every chart is drawn."""
    page.wait_for_selector("#page h1, #page .failure")
    page.wait_for_load_state("networkidle")
    page.wait_for_function(_DRAWN)


_DRAWN = """() => document.title !== "" && document.querySelector("#frame").dataset.busy !== "true"
  && [...document.querySelectorAll("#page .dash-graph")].every(chart => chart.querySelector(".main-svg"))"""


def axe_violations(page: Page, changed: str | None = None) -> list[str]:
    """Return what axe finds wrong on the page as it stands, a line for each element.

    Contrast is three quarters of the work. Where only a part was changed since the last look (a selector), it is seen to there alone.
    """
    page.evaluate(AXE_SCRIPT)
    looks = [[None, True]] if changed is None else [[None, False], [changed, True]]
    rules = [rule for look in looks for rule in page.evaluate(_AXE, look)]
    found = (
        f"{rule['id']} ({rule['impact']}): {' '.join(map(str, node['target']))}: {_reason(node)}"
        for rule in rules
        if rule["impact"] in _SEVERITIES
        for node in rule["nodes"]
    )
    return list(dict.fromkeys(found))


_AXE = """async ([part, contrast]) =>
  (await axe.run(part ?? document, {resultTypes: ["violations"], rules: {"color-contrast": {enabled: contrast}}})).violations"""


def _reason(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])


_CUT = """() => {
  const width = document.documentElement.clientWidth, whole = document.documentElement.scrollWidth;
  const told = whole > width ? [`the page is ${whole} wide, the window ${width}`] : [];
  const scrolls = element => {
    for (let up = element.parentElement; up; up = up.parentElement)
      if (["auto", "scroll"].includes(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth) return true;
    return false;
  };
  for (const element of document.querySelectorAll("h1, h2, h3, button, a, summary, input, select, label, .card, .kpis")) {
    const box = element.getBoundingClientRect(), words = element.textContent.trim().slice(0, 40);
    const hidden = !element.checkVisibility({visibilityProperty: true}) || element.closest(".vh, .skip");
    if (!hidden && box.width && (box.left < -1 || box.right > width + 1) && !scrolls(element))
      told.push(`${element.tagName} "${words}" reaches from ${box.left} to ${box.right}`);
  }
  return told;
}"""


def what_is_cut(page: Page) -> list[str]:
    """Return what does not fit into the width of the window (things in a box that scrolls by itself may be wider)."""
    return list(page.evaluate(_CUT))
