"""A real service and a real browser; any trouble behind a page fails its test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import FLAGS, HOW_TO_GET_ONE, find_chromium
from tests.browser.serving import Service
from tests.browser.watching import Watch
from tests.once import once_a_run

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


@pytest.fixture(scope="session")
def demo_loaded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that makes a folder for a service which loaded the demo shop before; one did so, the others begin with a copy."""

    def load(folder: Path) -> None:
        with Service(folder, demo=True):
            pass

    loaded = once_a_run(tmp_path_factory, "demo-loaded", load)

    def make(name: str) -> Path:
        folder = tmp_path_factory.mktemp(name)
        shutil.copytree(loaded / "var", folder / "var")
        return folder

    return make


@pytest.fixture(scope="package")
def demo(demo_loaded: Callable[[str], Path]) -> Iterator[Service]:
    """A service with the demo shop, for tests that change nothing in it."""
    with Service(demo_loaded("demo"), demo=False) as service:
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


@pytest.fixture(scope="package")
def lasting(browser: Browser) -> Iterator[Watch]:
    """One window that stays open: a new one must fetch and compile all scripts anew, which is half the work of showing a page."""
    window = browser.new_context()
    window.set_default_timeout(20_000)
    yield Watch(window.new_page(), "")
    window.close()


@pytest.fixture
def look(lasting: Watch) -> Iterator[Callable[..., Watch]]:
    """Return what ``watch`` does, for tests that only look: it opens the lasting window, and nothing is left behind in that."""

    def open_window(service: Service, size: tuple[int, int] = SIZES[0], theme: Theme = "light") -> Watch:
        lasting.begin(service.url)
        lasting.page.set_viewport_size({"width": size[0], "height": size[1]})
        lasting.page.emulate_media(color_scheme=theme)
        return lasting

    yield open_window
    lasting.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    lasting.page.goto("about:blank")  # or it would go on to ask a service that may have stopped
    assert not lasting.problems, "\n".join(lasting.problems)


@pytest.fixture
def page(watch: Callable[..., Watch], demo: Service) -> Page:
    """A window on the demo."""
    return watch(demo).page
