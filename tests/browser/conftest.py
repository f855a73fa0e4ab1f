"""A real service and a real browser; any trouble behind a page fails its test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import FLAGS, HOW_TO_GET_ONE, find_chromium
from tests.browser.serving import Service
from tests.browser.watching import Watch

SIZES = ((1440, 900), (1024, 768))
Theme = Literal["light", "dark"]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this folder."""
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(HOW_TO_GET_ONE)
        pytest.skip(HOW_TO_GET_ONE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with the demo shop, for tests that change nothing in it."""
    with Service(tmp_path_factory.mktemp("demo"), demo=True) as service:
        yield service


@pytest.fixture
def watch(browser: Browser) -> Iterator[Callable[..., Watch]]:
    """Return a function that opens a window on a service; at the end no window may have seen a problem."""
    watches: list[Watch] = []

    def open_window(service: Service, size: tuple[int, int] = SIZES[0], theme: Theme = "light") -> Watch:
        window = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme, accept_downloads=True)
        window.set_default_timeout(20_000)
        watches.append(Watch(window.new_page(), service.url))
        return watches[-1]

    yield open_window
    for each in watches:
        each.page.context.close()
    problems = [problem for each in watches for problem in each.problems]
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(watch: Callable[..., Watch], demo: Service) -> Page:
    """A window on the demo."""
    return watch(demo).page
