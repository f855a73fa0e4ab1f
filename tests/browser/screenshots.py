"""``make screenshots``: every page in two sizes and both themes, as PNG files; for people to look at, so nothing is compared."""

from __future__ import annotations

import lzma
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from dashboard.settings import load_settings
from tests.browser.chromium import FLAGS, HOW_TO_GET_ONE, find_chromium
from tests.browser.conftest import SIZES
from tests.browser.serving import PROJECT, Service
from tests.browser.steps import send_file
from tests.browser.store import newest_dataset
from tests.browser.watching import arrive

OUT = PROJECT / "build" / "screenshots"
THEMES = ("light", "dark")


def main() -> int:
    """Take them all."""
    path = find_chromium()
    if path is None:
        print(HOW_TO_GET_ONE, file=sys.stderr)
        return 2
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.png"):
        old.unlink()
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page()
        page.set_default_timeout(120_000)
        for demo in (False, True):
            with Service(Path(folder) / f"demo_{demo}", demo=demo) as service:
                for name, address in _with_data(service, page, Path(folder)) if demo else _without_data():
                    _take(page, name, service.url + address)
        browser.close()
    print(f"{len(list(OUT.glob('*.png')))} screenshots are in {OUT}.")
    return 0


def _without_data() -> Iterator[tuple[str, str]]:
    for name in ("overview", "segments", "customers", "data", "studio"):
        yield f"empty-{name}", "/" if name == "overview" else f"/{name}"


def _with_data(service: Service, page: Page, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the pages of the demo, then those of the real files that are there."""
    demo = newest_dataset(service)
    for name in ("overview", "segments", "customers", "data", "studio", "predict", "help"):
        yield name, "/" if name == "overview" else f"/{name}"
    yield from (("segments-map", "/segments?view=map"), ("segments-boxes", "/segments?view=boxes"))
    yield from (("predict-file", "/predict?view=file"), ("predict-drivers", "/predict?view=drivers"))
    yield from (
        ("customers-one", "/customers?customer=C100021"),
        ("customers-filtered", "/customers?filter=country:Germany&sort=-monetary_total"),
    )
    yield from (("data-receipt", f"/data?receipt={demo}"), ("nonsense", "/nonsense"))
    for file, options in _real_files(folder):
        done = service.command("segment", str(file), "--store", "--out", str(folder / "labelled.csv"), *options)
        if done.returncode == 0:
            for name in ("overview", "segments", "customers", "studio", "predict"):
                yield f"{file.stem}-{name}", f"{'/' if name == 'overview' else f'/{name}'}?dataset={newest_dataset(service)}"
        arrive(page, f"{service.url}/data")
        send_file(page, file)
        page.wait_for_url("**/data?upload=*")
        page.get_by_role("button", name="Import ").wait_for()
        yield f"{file.stem}-data", page.url.removeprefix(service.url)


def _real_files(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    real = (PROJECT / load_settings().real_data).resolve()
    if (real / "online_retail.csv.xz").is_file():
        path = folder / "online_retail.csv"
        with lzma.open(real / "online_retail.csv.xz") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        yield path, ["--k", "4"]
    if (real / "marketing_campaign.csv").is_file():
        yield real / "marketing_campaign.csv", []


def _take(page: Page, name: str, address: str) -> None:
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            arrive(page, address)
            page.screenshot(path=OUT / f"{name}-{theme}-{width}x{height}.png")
            if width == SIZES[0][0]:
                page.screenshot(path=OUT / f"{name}-{theme}-full.png", full_page=True)


if __name__ == "__main__":
    sys.exit(main())
