"""From a click on the overview to the customers behind it, to one of them, and back; what stands there is what the store holds."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Service
from tests.browser.steps import shown_as
from tests.browser.store import frame, newest_dataset, order_lines, rfm
from tests.browser.watching import Watch, arrive, axe_violations, settle, what_is_cut

pytestmark = pytest.mark.browser


def column(page: Page, head: str) -> list[str]:
    heads = [words.split("\n")[0] for words in page.locator(".people thead th").all_inner_texts()]
    place = next(place for place, words in enumerate(heads) if words.startswith(head))
    return [row.locator("th, td").nth(place).inner_text() for row in page.locator(".people tbody tr").all()]


def sort_by(page: Page, head: str) -> None:
    page.locator(".people thead").get_by_role("link", name=re.compile(f"^{head}")).click()
    page.wait_for_url("**sort=*")
    settle(page)


def test_from_a_mark_to_its_customers_to_one_and_back(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/?filter=country:France")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Customers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    settle(page)
    assert "country%3AFrance" in page.url
    dataset = newest_dataset(demo)
    lines = order_lines(demo, dataset)
    french = frame(demo, f"SELECT customer_id, last_name FROM customers_{dataset} WHERE country = 'France'").set_index("customer_id")
    spent: pd.Series = rfm(lines).monetary[french.index]
    left = page.locator(".left").inner_text()
    assert left.startswith(f"{len(french):,} of {lines.customer_id.nunique():,} customers")
    assert shown_as(spent.sum()).search(left)
    sort_by(page, "Total spend")
    best = spent.sort_values(ascending=False, kind="stable").index[:50]
    assert column(page, "Customer") == list(best)
    assert column(page, "Total spend") == [f"{spent[name]:,.2f}" for name in best]
    name = str(french.last_name[best[7]])
    page.get_by_role("textbox", name="Search customers").fill(name.upper())
    page.keyboard.press("Enter")
    page.wait_for_url("**search=*")
    settle(page)
    assert set(column(page, "Customer")) <= set(french.index[french.last_name.str.contains(name)])
    assert best[7] in column(page, "Customer")
    page.locator(".people tbody tr", has_text=best[7]).locator("td").nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(best[7])
    settle(page)
    main = page.get_by_role("main")
    expect(main).to_contain_text(f"{lines[lines.customer_id == best[7]].order.nunique()} orders")
    expect(main).to_contain_text("What would move them")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    settle(page)
    assert page.get_by_role("textbox", name="Search customers").input_value() == name.upper()
    page.get_by_role("button", name=re.compile("^Take off: Country")).click()
    expect(page.locator(".chip")).to_have_count(0)
    settle(page)
    assert "filter=" not in page.url


def test_columns_keys_and_the_file(watch: Callable[..., Watch], demo: Service) -> None:
    page = watch(demo).page
    arrive(page, f"{demo.url}/customers?filter=country:Canada&sort=-monetary_total")
    page.locator("summary", has_text="Columns").click()
    assert axe_violations(page) == []
    page.get_by_role("checkbox", name="Email").check()
    page.get_by_role("button", name="Show these").click()
    page.wait_for_url("**columns=*")
    settle(page)
    shown = column(page, "Customer")
    assert {address.partition("@")[2] for address in column(page, "Email")} <= {"example.org", ""}
    assert any("@example.org" in address for address in column(page, "Email"))
    page.locator(".people tbody a").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("() => document.activeElement.textContent") == shown[1]
    with page.expect_download(timeout=60_000) as got:
        page.get_by_role("button", name="Download these as CSV").click()
    labelled = pd.read_csv(got.value.path(), dtype=str, keep_default_na=False)
    assert set(shown) <= set(labelled.customer_id)
    assert set(labelled.country) == {"Canada"}
    expect(page.locator(".left")).to_contain_text(f"{len(labelled):,} of")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    page.go_back()
    with page.expect_download(timeout=60_000) as again:  # the same file, asked for anew on another visit
        page.get_by_role("button", name="Download these as CSV").click()
    assert again.value.suggested_filename == got.value.suggested_filename
    settle(page)


@pytest.mark.parametrize(("size", "theme"), [((1440, 900), "dark"), ((1024, 768), "light")])
def test_one_customer_fits_and_can_be_read_by_everyone(
    look: Callable[..., Watch], demo: Service, size: tuple[int, int], theme: str
) -> None:
    page = look(demo, size, theme).page
    arrive(page, f"{demo.url}/customers?customer=C100021&sort=-monetary_total")
    assert not what_is_cut(page)
    assert not axe_violations(page)


def test_back_and_reload_find_the_place_that_was_left(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/customers?sort=monetary_total")
    page.mouse.wheel(0, 900)
    page.wait_for_function("() => window.scrollY === 900")
    page.locator(".people tbody a").nth(20).click()  # somebody with few orders: a page shorter than the list
    expect(page.locator(".one-top h1")).to_be_visible()
    settle(page)
    assert page.evaluate("() => window.scrollY") == 0
    page.go_back()
    page.wait_for_function("() => document.querySelector('.people') && window.scrollY === 900")
    settle(page)
    page.reload()
    page.wait_for_function("() => document.querySelector('.people') && window.scrollY === 900")


def test_a_filter_on_any_column_is_added_on_this_page(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/customers?sort=-age&page=2&columns=age%7Ccountry")
    page.locator("summary", has_text="Add filter").click()
    page.get_by_role("button", name="Age", exact=True).click()
    page.get_by_label("From").fill("40")
    page.locator("#filter-panel").get_by_label("To").fill("44")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".chip")).to_have_text(re.compile("Age:.*40 to 44"))
    settle(page)
    assert set(column(page, "Age")) <= {"40", "41", "42", "43", "44"}
    assert column(page, "Age") == sorted(column(page, "Age"), reverse=True)
    dataset = newest_dataset(demo)
    n = len(frame(demo, f"SELECT customer_id FROM customers_{dataset} WHERE age BETWEEN 40 AND 44"))
    expect(page.locator(".left")).to_contain_text(f"{n} of")
    expect(page.locator(".pager")).to_contain_text("1–50 of")
