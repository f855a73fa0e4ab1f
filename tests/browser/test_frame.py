"""The frame of every page: navigation, keyboard, theme, addresses, sizes, accessibility, and nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Theme
from tests.browser.serving import Service
from tests.browser.watching import Watch, arrive, axe_violations, settle, what_is_cut

pytestmark = pytest.mark.browser

PAGES = (
    ("/", "Overview"),
    ("/segments", "Cluster profile"),
    ("/customers", "Customers"),
    ("/data", "Data"),
    ("/studio", "Studio"),
    ("/predict", "Who is this?"),
    ("/help", "Help"),
)
THEME = "() => document.documentElement.dataset.bsTheme"


def test_the_pages_here_are_the_pages_there_are() -> None:
    from dashboard.app import PAGES as KNOWN

    assert [(page.PATH, page.TITLE) for page in KNOWN] == list(PAGES)


def test_navigation_by_mouse_names_the_window_and_goes_back_and_forth(page: Page, demo: Service) -> None:
    arrive(page, demo.url)
    for path, title in PAGES[1:]:
        page.get_by_role("navigation", name="Main").get_by_role("link", name=title).click()
        expect(page).to_have_url(re.compile(f"^{re.escape(demo.url + path)}([?]|$)"))
        expect(page.get_by_role("link", name=f"{title} (this page)")).to_be_visible()
        settle(page)
        expect(page).to_have_title(f"{page.locator('#page h1').inner_text()} · Clientele")
    page.go_back()
    expect(page.locator(".nav .on")).to_contain_text("Who is this?")
    page.go_back()
    expect(page.locator(".nav .on")).to_contain_text("Studio")
    page.go_forward()
    expect(page.locator(".nav .on")).to_contain_text("Who is this?")
    settle(page)


def test_navigation_by_keyboard(page: Page, demo: Service) -> None:
    arrive(page, demo.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the page")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.locator(".nav a").first).to_be_focused()
    while "Help" not in page.evaluate("() => document.activeElement.textContent"):
        page.keyboard.press("Tab")
    ring = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert ring != "none"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Help")
    settle(page)


def test_skipping_the_navigation_puts_the_focus_on_the_page(page: Page, demo: Service) -> None:
    arrive(page, f"{demo.url}/help")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "page"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_follows_the_system_until_one_is_chosen(theme: Theme, watch: Callable[..., Watch], demo: Service) -> None:
    page, other = watch(demo, theme=theme).page, "dark" if theme == "light" else "light"
    arrive(page, demo.url)
    assert page.evaluate(THEME) == theme
    for system in (other, theme):
        page.emulate_media(color_scheme=system)
        expect(page.locator(f"html[data-bs-theme={system}]")).to_be_attached()
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator(f"html[data-bs-theme={other}]")).to_be_attached()
    for system in (other, theme):
        page.emulate_media(color_scheme=system)
        page.reload()
        settle(page)
        assert page.evaluate(THEME) == other


def test_the_wrong_theme_is_never_shown(watch: Callable[..., Watch], demo: Service) -> None:
    page = watch(demo, theme="dark").page
    # Frames are drawn only when the style sheets are there; between them the body has whatever colour has come so far.
    page.add_init_script(
        """window.seen = []; (function look() {
        if (document.body) { window.seen.push(getComputedStyle(document.body).backgroundColor); }
        requestAnimationFrame(look); })();"""
    )
    arrive(page, demo.url)
    page.wait_for_function("() => window.seen.length > 0")
    before_any_style = "rgba(0, 0, 0, 0)"  # nothing is painted then
    assert set(page.evaluate("() => window.seen")) - {before_any_style} == {"rgb(19, 22, 23)"}


def test_an_address_without_a_page_says_so(watch: Callable[..., Watch], demo: Service) -> None:
    seen = watch(demo)
    with seen.expecting("404"):
        answer = seen.page.goto(f"{demo.url}/nonsense")
        expect(seen.page.get_by_role("alert")).to_contain_text("There is no such page.")
    assert answer is not None
    assert answer.status == 404
    seen.page.get_by_role("navigation", name="Main").get_by_role("link", name="Help").click()
    expect(seen.page.get_by_role("heading", level=1)).to_have_text("Help")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(("path", "title"), PAGES)
def test_every_page_fits_and_can_be_read_by_everyone(
    path: str, title: str, size: tuple[int, int], theme: Theme, look: Callable[..., Watch], demo: Service
) -> None:
    seen = look(demo, size, theme)
    arrive(seen.page, demo.url + path)
    expect(seen.page.locator(".nav .on")).to_have_attribute("title", title)
    assert not what_is_cut(seen.page)
    violations = axe_violations(seen.page)
    assert not violations, "\n".join(violations)
    assert seen.requests


def test_the_checks_see_what_is_wrong(watch: Callable[..., Watch], demo: Service) -> None:
    seen = watch(demo)
    arrive(seen.page, f"{demo.url}/help")
    seen.page.evaluate(
        """() => { const page = document.querySelector("#page"), button = document.createElement("button");
        button.style.cssText = "position: absolute; left: 1400px; width: 300px; height: 20px"; page.append(button); }"""
    )
    assert any("BUTTON" in line for line in what_is_cut(seen.page))
    assert any(line.startswith("button-name") for line in axe_violations(seen.page))
    seen.page.evaluate("() => { document.querySelector('#page h1').style.color = '#ccc'; }")
    assert "color-contrast" in str(axe_violations(seen.page, "#page"))
    assert "color-contrast" not in str(axe_violations(seen.page, "nav"))
    assert "button-name" in str(axe_violations(seen.page, "nav"))
    for planted, told in (
        ("console.warn('planted')", "console warning: planted"),
        ("setTimeout(() => { throw new Error('planted') })", "script: planted"),
        ("document.body.append(Object.assign(new Image(), {src: 'https://example.org/planted.png'}))", "leaves this machine"),
    ):
        with seen.expecting(told if told != "leaves this machine" else "example.org|Content Security Policy"):
            seen.page.evaluate(f"() => {{ {planted} }}")


def test_the_typeface_is_ours_and_used(page: Page, demo: Service) -> None:
    fonts: list[str] = []
    page.on("response", lambda response: fonts.append(response.url) if response.url.endswith(".woff2") else None)
    arrive(page, f"{demo.url}/help")
    assert page.evaluate("() => document.fonts.check('13px \"Inter Variable\"')")
    family: Any = page.evaluate("() => getComputedStyle(document.querySelector('h1')).fontFamily")
    assert family.startswith('"Inter Variable"')
    assert fonts
    assert all(url.startswith(f"{demo.url}/assets/fonts/") for url in fonts)


@pytest.mark.parametrize("path", ["/studio", "/?filter=country:Spain"])
def test_a_service_that_is_away_is_told_and_the_page_goes_on_when_it_is_back(path: str, watch: Callable[..., Watch], demo: Service) -> None:
    window = watch(demo)
    page, asked = window.page, re.compile("/_dash-update-component|/healthz")
    arrive(page, demo.url)
    with window.expecting("ERR_FAILED|server did not respond"):
        page.route(asked, lambda route: route.abort())
        page.evaluate("to => { history.pushState({}, '', to); window.dispatchEvent(new CustomEvent('_dashprivate_pushstate')); }", path)
        expect(page.locator("#away")).to_contain_text("does not answer")
        page.unroute(asked)
        expect(page.locator("#away")).to_be_hidden()
        settle(page)
    assert page.url == demo.url + path
    expect(page.get_by_role("heading", level=1)).to_have_text("Studio" if path == "/studio" else "Overview")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(page.get_by_text("customers left")).to_have_count(int("filter" in path))
