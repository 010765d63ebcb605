"""A browser that is logged in to a service of its own: one of both a module, a fresh context each test."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.fakes.service import LiveService, live_service

CHROMIUM = Path("/usr/bin/chromium")
_AXE = Path(__file__).parents[2] / "data" / "axe" / "axe.min.js"
_GRAVE = {"serious", "critical"}
# Other tests keep the machine busy, and a worker hears of an order with its next heartbeat.
_WAIT_MILLISECONDS = 30_000

# A run that is watched leaves the processor to those who watch.
_CPU_BUDGET = 50.0

# Asserts that axe finds nothing serious in a page as it stands.
Accessible = Callable[[Page], None]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveService]:
    with live_service(tmp_path_factory.mktemp("service"), _CPU_BUDGET) as live:
        yield live


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"there is no browser at {CHROMIUM}")
    expect.set_options(timeout=_WAIT_MILLISECONDS)
    with sync_playwright() as playwright:
        # A container has no sandbox to offer.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def session(browser: Browser, service: LiveService) -> Any:  # noqa: ANN401 - playwright's own record
    """Return the cookies of a browser that was logged in with a key that may do everything."""
    with browser.new_context(base_url=service.address) as context:
        answer = context.request.post("/login", form={"key": service.keys["admin"]})
        assert answer.ok
        return context.storage_state()


@pytest.fixture
def tab(browser: Browser, service: LiveService, session: Any) -> Iterator[Callable[..., Page]]:  # noqa: ANN401 - as above
    """Return what opens a logged-in page; afterwards none may have erred, or asked another host."""
    wrong: list[str] = []
    opened: list[BrowserContext] = []

    def open_tab(**options: Any) -> Page:  # noqa: ANN401 - of playwright's new_context
        told = {"base_url": service.address, "storage_state": session} | options
        context = browser.new_context(**told)
        opened.append(context)
        context.set_default_timeout(_WAIT_MILLISECONDS)
        page = context.new_page()
        _watch(page, service.address, wrong)
        return page

    yield open_tab
    for context in opened:
        context.close()
    assert wrong == []


@pytest.fixture
def page(tab: Callable[..., Page]) -> Page:
    """Return a logged-in page."""
    return tab()


@pytest.fixture(scope="session")
def accessible() -> Accessible:
    """Return the assertion that nothing about a page shuts anybody out."""
    # A page runs no script of another place, and its policy holds for tests too: it is evaluated.
    axe = _AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        grave = [_told(one) for one in found if one["impact"] in _GRAVE]
        assert grave == [], json.dumps(grave, indent=1)

    return check


def _told(violation: dict[str, Any]) -> dict[str, Any]:
    return {"rule": violation["id"], "where": [node["html"] for node in violation["nodes"][:3]]}


def _watch(page: Page, address: str, wrong: list[str]) -> None:
    """Note what a page must not do."""

    def said(message: Any) -> None:  # noqa: ANN401 - playwright's own
        # The browser itself says so of every answer that refuses something, as tests have answers do.
        refused = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type in {"error", "warning"} and not refused:
            wrong.append(f"{page.url} said {message.text}")

    def asked(request: Any) -> None:  # noqa: ANN401 - as above
        if not request.url.startswith((address, "data:", "blob:", "about:")):
            wrong.append(f"{page.url} asked {request.url}")

    page.on("console", said)
    page.on("pageerror", lambda error: wrong.append(f"{page.url} met {error}"))
    page.on("request", asked)
