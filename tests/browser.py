"""A Chromium for the browser tests, found or installed: by itself `python -m tests.browser`."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Playwright's own list, which another one replaces, and what Chromium 15x draws beside each window:
# pages for the menu below its address bar, at four times the cost of the window itself.
FEATURES_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
)

# The same engine without windows: it starts in a second instead of ten, at half the cost.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(FEATURES_OFF)}",
    # Pages under test are on this machine; nothing else has a name.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE ::1",
)


def find_chromium() -> str:
    """`PLAYGROUND_CHROMIUM`, else one on the PATH, else one that is installed now."""
    chosen = os.environ.get("PLAYGROUND_CHROMIUM")
    if chosen:
        if not shutil.which(chosen):
            raise RuntimeError(f"PLAYGROUND_CHROMIUM names no program: {chosen}")
        return chosen
    return _on_path() or _install()


@contextmanager
def launched_chromium(path: str) -> Iterator[Browser]:
    """A running browser.

    Playwright's calls run on an event loop in this very thread, and Django then refuses the ORM
    as if it were called from async code. While the browser runs, that check is off.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def watch_for_errors(page: Page) -> list[str]:
    """A list that grows with each script error and each violation of the page's policy."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: (
            errors.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    return errors


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _install() -> str:
    # Parallel test processes arrive here together.
    lock = Path(tempfile.gettempdir()) / "playground-tests-chromium.lock"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        found = _on_path()
        if found:
            return found
        if _is_root_on_debian():
            _run("apt-get", "update", "-qq")
            _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", SHELL)
            return _on_path() or SHELL
        from playwright.sync_api import sync_playwright

        _run(sys.executable, "-m", "playwright", "install", "chromium")
        with sync_playwright() as playwright:
            return playwright.chromium.executable_path


def _is_root_on_debian() -> bool:
    release = Path("/etc/os-release")
    return (
        os.geteuid() == 0
        and shutil.which("apt-get") is not None
        and release.is_file()
        and "\nID=debian\n" in f"\n{release.read_text()}\n"
    )


def _run(*command: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    find_chromium()
