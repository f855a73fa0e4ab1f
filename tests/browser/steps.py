"""What a person does on the pages, in the words that stand there."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.watching import settle

LONG_MS = 180_000
_PLACE = """([title, place]) => {
  const card = [...document.querySelectorAll(".card")].find(each => each.querySelector("h2").textContent === title);
  const chart = [...card.querySelectorAll(".js-plotly-plot")].pop();
  chart.scrollIntoView({block: "center", behavior: "instant"});
  const {xaxis, yaxis} = chart._fullLayout, bars = chart._fullData[0], box = chart.getBoundingClientRect();
  const lies = bars.orientation === "h";
  const x = lies ? xaxis._length / 2 : xaxis.l2p(place), y = lies ? yaxis.l2p(place) : yaxis._length / 2;
  return [box.left + xaxis._offset + x, box.top + yaxis._offset + y];
}"""


def send_file(page: Page, path: Path | str | list[Path]) -> None:
    """Choose a file on the Data page or on an empty one."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(path)


def import_file(page: Page, path: Path) -> str:
    """Send a file, take the guesses, import it, and return the words of the import button."""
    send_file(page, path)
    button = page.get_by_role("button", name=re.compile(r"^Import [\d,]+ rows?$"))
    button.wait_for(timeout=LONG_MS)
    words = button.inner_text()
    settle(page)
    button.click()
    page.wait_for_url("**/data?receipt=*", timeout=LONG_MS)
    settle(page)
    return words


def find_segments(page: Page, **recipe: str) -> None:
    """Fill in the recipe in Studio (fields by their words), start the run and wait for its result."""
    start_run(page, **recipe)
    expect(page.get_by_role("link", name="See the segments").first).to_be_visible(timeout=LONG_MS)
    settle(page)


def start_run(page: Page, **recipe: str) -> None:
    """Fill in the recipe and press the button."""
    for words, choice in recipe.items():
        page.get_by_role("combobox", name=re.compile(f"^{words}")).select_option(label=choice)
    page.get_by_role("button", name="Find segments").click()
    page.wait_for_url("**/studio?*job=*")


def download(page: Page, kind: str = "CSV", who: str = "all customers") -> Path:
    """Take the labelled customers away from the profile."""
    page.locator("summary", has_text="Download").click()
    with page.expect_download(timeout=LONG_MS) as got:
        page.get_by_role("button", name=f"Download {who} as {kind}").click()
    assert got.value.failure() is None
    return got.value.path()


def percent(page: Page) -> float | None:
    """Return how far the work on its way is, by its bar; None where there is none."""
    shown = page.evaluate("() => document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')")
    return None if shown is None else float(shown)


def kpis(page: Page) -> dict[str, str]:
    """Return the key figures of the overview by their words."""
    return {cell.locator("dt").inner_text(): cell.locator(".num").inner_text() for cell in page.locator(".kpi").all()}


def shown_as(value: float) -> re.Pattern[str]:
    """Return what a number may look like on a page: itself with commas, or three figures with k, M or bn."""
    exact = f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    for size, unit in ((1e9, "bn"), (1e6, "M"), (1e3, "k"), (1.0, "")):
        if value >= size:
            figures = value / size
            digits = 2 if figures < 10 else 1 if figures < 100 else 0
            short = f"{figures:.{digits}f}"
            return re.compile(rf"[€$£]?({re.escape(exact)}|{re.escape(short)}(0*)\s?{unit})")
    return re.compile(re.escape(f"{value:g}"))


def click_mark(page: Page, title: str, place: int, key: str | None = None) -> None:
    """Click on a bar of a chart, wherever in its row or column."""
    x, y = page.evaluate(_PLACE, [title, place])
    before = page.url
    page.mouse.move(x, y)
    page.wait_for_timeout(150)
    if key:
        page.keyboard.down(key)
    page.mouse.click(x, y)
    if key:
        page.keyboard.up(key)
    page.wait_for_function("before => location.href !== before", arg=before)


def followed(page: Page) -> None:
    """Wait until the page has followed the filter."""
    page.wait_for_timeout(50)
    page.wait_for_function("() => !document.querySelector('[data-follows]').hasAttribute('aria-busy')")
