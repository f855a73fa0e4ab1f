"""A Chromium for the tests: found, or (``python -m tests.browser.chromium``) installed where that is possible without asking."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # what is not on this machine is not there at all
)
HOW_TO_GET_ONE = (
    "The browser tests need a Chromium: install your system's chromium or Google Chrome, "
    "or run .venv/bin/python -m playwright install --with-deps chromium"
)
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_chromium() -> str | None:
    """Return where a Chromium is: the system's, else the one that playwright brought."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found or _MAC.exists():
        return found or str(_MAC)
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install_chromium() -> None:
    """Install Debian's package, if this is Debian and we may."""
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") is None or (may and subprocess.run([*may, "true"], capture_output=True, check=False).returncode):
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        subprocess.run([*may, "apt-get", "--quiet", *step], env=quiet, stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    """Make sure that there is one. Without one the tests still run: those of the browser say that they were skipped (in CI they fail)."""
    if find_chromium() is None:
        print("No Chromium found; trying to install the system's package.")
        install_chromium()
        print(f"The browser tests use {found}." if (found := find_chromium()) else HOW_TO_GET_ONE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
