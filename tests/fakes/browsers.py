"""A real browser, and what no page may do in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
# Other tests keep the machine busy, and a worker hears of an order with its next heartbeat.
WAIT_MILLISECONDS = 30_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a browser; skip the test where there is none."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no browser at {CHROMIUM}")
    expect.set_options(timeout=WAIT_MILLISECONDS)
    with sync_playwright() as playwright:
        # A container has no sandbox to offer.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def watch(page: Page, address: str, wrong: list[str]) -> None:
    """Note whatever a page says or asks that it must not.

    Parameters
    ----------
    page
        What is watched.
    address
        The only place that it may ask.
    wrong
        Where it is noted.
    """

    def said(message: Any) -> None:  # noqa: ANN401 - playwright's own
        # The browser itself says so of every answer that refuses something, as tests have answers do.
        refused = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type in {"error", "warning"} and not refused:
            wrong.append(f"{page.url} said {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:", "about:")):
            wrong.append(f"{page.url} asked {request.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(f"{page.url} met {error}"))
    page.on("request", asked)
