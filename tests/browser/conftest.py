"""A Chromium without network for the tests of pages."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.visits import Visit

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
CURE = "Chromium is not installed; the tests of pages need it: apt-get install chromium"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium that reaches this machine alone; its absence fails where everything is required."""
    executable = shutil.which("chromium")
    if executable is None:
        if os.environ.get("CI") or os.environ.get("STKG_REQUIRE_ALL") == "1":
            pytest.fail(CURE)
        pytest.skip(CURE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Open the text of a page from a file and wait until it is ready."""
    contexts: list[BrowserContext] = []

    def open_page(
        text: str,
        *,
        scheme: Literal["light", "dark"] = "light",
        width: int = 1400,
        height: int = 900,
        fragment: str = "",
        script: bool = True,
    ) -> Visit:
        path = tmp_path / f"page{len(contexts)}.html"
        path.write_text(text, encoding="utf-8", newline="\n")
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
            java_script_enabled=script,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        found = Visit(page)
        page.on("console", lambda message: found.messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: found.messages.append(f"error: {error}"))
        page.on("dialog", found.dismiss)
        page.on("request", lambda request: found.requests.append(request.url))
        page.goto(path.as_uri() + fragment)
        if script:
            page.wait_for_selector("html[data-ready=true]", timeout=60_000)
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return found

    yield open_page
    for context in contexts:
        context.close()
