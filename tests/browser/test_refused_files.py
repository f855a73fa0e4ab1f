"""Files that cannot be taken: one clear sentence, nothing left behind, and the page goes on working."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Service, wait_for
from tests.browser.steps import import_file, send_file
from tests.browser.store import frame
from tests.browser.watching import Watch, arrive, settle
from tests.dashboard.making import small_log

pytestmark = pytest.mark.browser

INNARDS = re.compile(r"Traceback|Error:|Exception|/tmp|/home/|/root/|\.py\b|errno|None\b|null")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with nothing in it."""
    with Service(tmp_path_factory.mktemp("empty"), demo=False) as service:
        yield service


def giant(folder: Path) -> Path:
    """Two gigabytes that take no room on the disk."""
    path = folder / "giant.csv"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    return path


def nothing(folder: Path) -> Path:
    path = folder / "empty.csv"
    path.touch()
    return path


def picture(folder: Path) -> Path:
    path = folder / "customers.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 40)
    return path


def broken_workbook(folder: Path) -> Path:
    path = folder / "broken.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types>")
        archive.writestr("xl/workbook.xml", "<workbook")
    return path


def bomb(folder: Path) -> Path:
    """A workbook of one megabyte that would unpack to a gigabyte."""
    path = folder / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(1 << 10):
                sheet.write(bytes(1 << 20))
    return path


def program(folder: Path) -> Path:
    path = folder / "orders.xls"
    path.write_bytes(b"MZ" + bytes(5_000))
    return path


REFUSED = {
    giant: ("too large", "500 MB"),
    nothing: ("empty", "empty.csv"),
    picture: ("", ""),
    broken_workbook: ("", ""),
    bomb: ("", ""),
    program: ("", ""),
}


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_a_file_that_cannot_be_taken_is_one_clear_sentence(
    make: Callable[[Path], Path], watch: Callable[..., Watch], empty: Service, tmp_path: Path
) -> None:
    page = watch(empty).page
    arrive(page, f"{empty.url}/data")
    send_file(page, make(tmp_path))
    alert = page.locator(".failure[role=alert]")
    expect(alert).to_have_count(1, timeout=60_000)
    words = alert.inner_text()
    assert all(each in words for each in REFUSED[make]), words
    assert not INNARDS.search(words.replace("For support", "")), words
    assert 20 < len(words) < 400, words
    assert re.search(r"[.]", words)
    works_still(page, empty)


def works_still(page: Page, service: Service) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Data").click()
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    settle(page)
    assert service.is_ready()


def test_a_file_without_customers_asks_and_can_be_thrown_away(watch: Callable[..., Watch], empty: Service, tmp_path: Path) -> None:
    path = tmp_path / "weather.csv"
    path.write_text("Weather,Wind\n" + "".join(f"sun,{number}\n" for number in range(50)))
    page, before = watch(empty).page, what_is_kept(empty)
    arrive(page, f"{empty.url}/data")
    send_file(page, path)
    expect(page.get_by_role("main")).to_contain_text("customer", timeout=60_000)
    settle(page)
    expect(page.get_by_role("button", name=re.compile("^Import"))).to_have_count(0)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    settle(page)
    assert what_is_kept(empty) == before


def what_is_kept(service: Service) -> int:
    return int(
        frame(service, "SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM uploads) + (SELECT count(*) FROM file_chunks) AS n").n[
            0
        ]
    )


def test_an_upload_that_is_cancelled_leaves_nothing(watch: Callable[..., Watch], empty: Service, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        for block in range(60):
            file.write(f"{block},2024-01-01,c{block},5.00\n" * 50_000)
    seen = watch(empty)
    page = seen.page
    arrive(page, f"{empty.url}/data")
    before = what_is_kept(empty)
    chrome = page.context.new_cdp_session(page)
    chrome.send("Network.enable")
    chrome.send("Network.emulateNetworkConditions", {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 4 << 20})
    send_file(page, path)
    expect(page.get_by_role("status").filter(has_text=" of ")).to_be_visible()
    wait_for(lambda: page.wait_for_timeout(50) or what_is_kept(empty) > before, 30, "nothing of the file has arrived")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    wait_for(lambda: what_is_kept(empty) == before, 30, "something of the file is left")


def test_a_file_that_does_not_leave_the_day_open_is_imported_deleted_and_gone(
    watch: Callable[..., Watch], empty: Service, tmp_path: Path
) -> None:
    path = tmp_path / "a shop.csv"
    path.write_text(small_log(), encoding="utf-8")
    page = watch(empty).page
    arrive(page, f"{empty.url}/data")
    import_file(page, path)
    expect(page.get_by_role("heading", name="a shop")).to_be_visible()
    page.get_by_role("link", name="All data").click()
    page.get_by_role("row", name="a shop").locator("summary").click()
    page.get_by_role("button", name="Delete a shop").click()
    expect(page.get_by_role("row", name="a shop")).to_have_count(0)
    settle(page)
    wait_for(lambda: frame(empty, "SELECT count(*) AS n FROM sqlite_master WHERE name LIKE 'customers_%'").n[0] == 0, 30)
