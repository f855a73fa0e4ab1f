"""The pair that box plots compare, in a browser: chosen from two menus, kept by filters, data, reload and Back."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.serving import Service
from tests.browser.steps import click_mark, followed
from tests.browser.watching import arrive, settle

pytestmark = pytest.mark.browser


def asked(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def box_card(page: Page) -> Locator:
    return page.locator(".card[data-chart=boxes]")


def choose(page: Page, menu: str, words: str) -> Locator:
    """Choose from one of the two menus by keyboard, and wait for the page; returns the menu's button."""
    button = box_card(page).locator(f'summary[title="{menu}"]')
    button.press("Enter")
    box_card(page).get_by_role("button", name=words, exact=True).press("Enter")
    expect(button).to_contain_text(words)
    settle(page)
    return button


def test_an_answer_that_comes_late_changes_no_other_page(page: Page, demo: Service) -> None:
    """A filter is answered when the reader has gone on to another pair: the page of that pair keeps its own charts."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        is_filter = '"filter-answer.data"' in (route.request.post_data or "") and not held
        held.append(route) if is_filter else route.continue_()

    arrive(page, demo.url)
    page.route("**/_dash-update-component", hold)
    click_mark(page, "Customers by country", 0)
    page.wait_for_function("() => document.querySelector('[data-follows].waits')")
    choose(page, "Choose the number to compare", "Total spend")
    wanted = box_card(page).locator(".say").inner_text()
    held[0].continue_()
    page.wait_for_timeout(1_500)
    assert len(held) == 1
    expect(box_card(page).locator("h2")).to_have_text("Total spend by education")
    expect(box_card(page).locator(".say")).to_have_text(wanted)


def test_another_pair_is_chosen_and_stays(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/?filter=country:Germany")
    title, note = box_card(page).locator("h2"), box_card(page).locator(".note")
    expect(title).to_have_text("Income by education")
    box_card(page).scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    expect(choose(page, "Choose the number to compare", "Number of orders")).to_be_focused()
    choose(page, "Choose the groups to compare", "Gender")
    expect(title).to_have_text("Number of orders by gender")
    assert asked(page) == {"filter": "country:Germany", "box": "frequency_orders~gender"}
    assert page.evaluate("scrollY") == before
    germans = note.inner_text()
    box_card(page).locator(".chart-data summary").click()
    first = box_card(page).locator("tbody tr").first.locator("td").nth(1)
    few = int(first.inner_text().replace(",", ""))
    page.get_by_role("button", name="Take off: Country Germany").click()
    followed(page)
    expect(title).to_have_text("Number of orders by gender")
    expect(note).not_to_have_text(germans)
    expect(first).not_to_have_text(str(few))
    assert asked(page) == {"box": "frequency_orders~gender"}
    page.go_back()
    followed(page)
    expect(note).to_have_text(germans)
    page.reload()
    settle(page)
    expect(note).to_have_text(germans)
    page.go_back()
    expect(title).to_have_text("Number of orders by education")
    settle(page)


def test_a_pair_that_is_not_there_is_said(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/?box=email~gender")
    expect(page.locator(".gone")).to_have_text(re.compile("cannot be drawn from these data"))
    expect(box_card(page).locator("h2")).to_have_text("Income by education")
