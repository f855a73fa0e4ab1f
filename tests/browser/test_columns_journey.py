"""What columns mean, on the page: worked out with a switch, keys as answers, a private column left out and brought back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Service
from tests.browser.steps import LONG_MS, send_file
from tests.browser.watching import Watch, arrive, axe_violations, settle, what_is_cut

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with nothing in it."""
    with Service(tmp_path_factory.mktemp("columns"), demo=False) as service:
        yield service


def people(folder: Path) -> Path:
    """Return a German list without ids: ten names stand twice."""
    lines = ["Name;Geburtsdatum;Letzte Bestellung;Kunde seit;Kidhome;Teenhome;Umsatz;Rabatt;Lieferzeit;Diagnose"]
    for n in range(40):
        days = f"{n % 28 + 1:02}.05.{1950 + n};{n % 28 + 1:02}.03.2024;{n % 28 + 1:02}.01.2020"
        lines.append(f"Person {n % 30};{days};{n % 3};{n % 2};1.{100 + n},50 €;{n} %;{n} Tage;geheim {n}")
    path = folder / "kunden.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def look(page: Page, words: str) -> None:
    """Wait until the page has looked at the file again."""
    expect(page.get_by_text(words).first).to_be_visible(timeout=LONG_MS)
    settle(page)


def test_columns_are_explained_switched_and_left_out(watch: Callable[..., Watch], empty: Service, tmp_path: Path) -> None:
    page = watch(empty).page
    arrive(page, f"{empty.url}/data")
    send_file(page, people(tmp_path))
    look(page, "Worked out for you")
    assert 'full years from "Geburtsdatum" to 29 March 2024' in page.locator(".dv").inner_text()
    assert "0 to 39 %" in page.locator(".pv").inner_text()
    page.get_by_role("button", name="By Name and Geburtsdatum").click()
    look(page, "Name + Geburtsdatum")
    page.get_by_label("Work out: Age").click()
    look(page, "off: full years")
    page.get_by_role("combobox", name="Meaning of Diagnose").select_option(label="Leave out")
    look(page, "1 column is left out and not kept anywhere.")
    assert "geheim" not in page.content()
    assert axe_violations(page) == []
    assert what_is_cut(page) == []
    page.get_by_role("button", name=re.compile("^Import 40 rows$")).click()
    page.wait_for_url("**/data?receipt=*", timeout=LONG_MS)
    settle(page)
    assert "40" in page.locator("main").inner_text()
