"""The next file of a shop: recognised, added, its changes seen, taken back; and orders with their customers from a second file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Service
from tests.browser.steps import LONG_MS, import_file, send_file
from tests.browser.store import frame
from tests.browser.watching import Watch, arrive, axe_violations, settle
from tests.dashboard.making import small_log

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with nothing in it."""
    with Service(tmp_path_factory.mktemp("versions"), demo=False) as service:
        yield service


def log(folder: Path, name: str, first: int, last: int) -> Path:
    """Orders of some months, each of one line; order 40 stands in every file, once more expensive."""
    lines = ["Order,Date,Customer,Product,Quantity,Unit price"]
    lines += [
        f"{i},2024-{i % 6 + first:02}-{i % 28 + 1:02},c{i % 30:02},tea,{i % 3 + 1},{5 + first}.00" for i in range(first * 40, last * 40 + 1)
    ]
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


def tiles(page: Page) -> dict[str, str]:
    return {each.locator("span").inner_text(): each.locator("b").inner_text() for each in page.locator(".chg li").all()}


def test_the_next_file_is_added_and_taken_back(watch: Callable[..., Watch], empty: Service, tmp_path: Path) -> None:
    page = watch(empty).page
    arrive(page, f"{empty.url}/data")
    import_file(page, log(tmp_path, "spring.csv", 1, 4))
    send_file_from_list(page, empty, log(tmp_path, "summer.csv", 4, 6))
    band = page.locator(".q.known")
    expect(band).to_contain_text("This looks like the next file of spring.", timeout=LONG_MS)
    settle(page)
    band.get_by_role("button", name="Add its rows").click()
    expect(page.get_by_role("heading", name="What changed since the version before")).to_be_visible(timeout=LONG_MS)
    settle(page)
    assert page.get_by_label("Name of the dataset").input_value() == "spring"
    promised = tiles(page)
    before = frame(empty, "SELECT id, rows_kept FROM datasets")
    page.get_by_role("button", name=re.compile("^Import")).click()
    page.wait_for_url("**/data?receipt=*", timeout=LONG_MS)
    settle(page)
    assert tiles(page) == promised == {"new": "0", "changed": "30", "gone": "0", "the same": "0"}
    stored = frame(empty, "SELECT id, parent_id, rows_read, rows_kept, rows_rejected FROM datasets WHERE parent_id IS NOT NULL").iloc[0]
    assert stored.parent_id == before.id[0]
    assert (stored.rows_read, stored.rows_kept, stored.rows_rejected) == (121 + 81, 201, 1)
    expect(page.locator("main")).to_contain_text("202 = 201 kept + 1 set aside")
    newest = page.get_by_role("region", name="Versions").get_by_role("row").nth(1)
    for words in ("Version 2", "current", "rows added", "summer.csv"):
        expect(newest).to_contain_text(words)
    assert axe_violations(page) == []
    page.locator("summary", has_text="Undo this import").click()
    page.get_by_role("button", name="Undo this import").click()
    page.wait_for_url(f"**/data?receipt={before.id[0]}")
    settle(page)
    expect(page.locator("main")).not_to_contain_text("Version 2")
    arrive(page, f"{empty.url}/data")
    expect(page.get_by_role("region", name="Datasets").get_by_role("row")).to_have_count(2)


def send_file_from_list(page: Page, service: Service, path: Path) -> None:
    arrive(page, f"{service.url}/data")
    send_file(page, path)


def test_customers_of_a_second_file_stand_beside_the_orders(watch: Callable[..., Watch], empty: Service, tmp_path: Path) -> None:
    page = watch(empty).page
    people = tmp_path / "people.csv"
    people.write_text("Customer ID,Age,Hobby\n" + "".join(f"{i:04},{20 + i},{'chess' if i % 2 else 'tennis'}\n" for i in range(50)))
    orders = tmp_path / "orders.csv"
    orders.write_text(small_log(60))
    for path in (people, orders):
        send_file_from_list(page, empty, path)
        expect(page.get_by_role("heading", name="Check columns")).to_be_visible(timeout=LONG_MS)
        settle(page)
    page.get_by_role("combobox", name=re.compile("^customers from")).select_option(label="people.csv")
    expect(page.locator("main")).to_contain_text('"people.csv" knows 50 of the 60 customers of this file.', timeout=LONG_MS)
    settle(page)
    expect(page.locator(".pv .hn", has_text="Hobby")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Import")).click()
    page.wait_for_url("**/data?receipt=*", timeout=LONG_MS)
    settle(page)
    page.get_by_role("link", name="Overview").last.click()
    expect(page.locator("main")).to_contain_text("Hobby")
