"""A browser that is logged in to a service of its own: one of both a module, a fresh context each test."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.fakes.browsers import WAIT_MILLISECONDS, chromium, watch
from tests.fakes.service import LiveService, ServiceOverHttp, live_service

_AXE = Path(__file__).parents[2] / "data" / "axe" / "axe.min.js"
_GRAVE = {"serious", "critical"}
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
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def session(browser: Browser, service: ServiceOverHttp) -> Any:  # noqa: ANN401 - playwright's own record
    """Return the cookies of a browser that was logged in with a key that may do everything."""
    with browser.new_context(base_url=service.address) as context:
        answer = context.request.post("/login", form={"key": service.keys["admin"]})
        assert answer.ok
        return context.storage_state()


@pytest.fixture
def tab(browser: Browser, service: ServiceOverHttp, session: Any) -> Iterator[Callable[..., Page]]:  # noqa: ANN401 - as above
    """Return what opens a logged-in page; afterwards none may have erred, or asked another host."""
    wrong: list[str] = []
    opened: list[BrowserContext] = []

    def open_tab(**options: Any) -> Page:  # noqa: ANN401 - of playwright's new_context
        told = {"base_url": service.address, "storage_state": session} | options
        context = browser.new_context(**told)
        opened.append(context)
        context.set_default_timeout(WAIT_MILLISECONDS)
        page = context.new_page()
        watch(page, service.address, wrong)
        return page

    yield open_tab
    for context in opened:
        # Page by page: closing a context with two live pages hung once, and has no time limit.
        for page in context.pages:
            page.close()
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
        # What waits for an answer is drawn faded for that moment.
        page.wait_for_function("() => !document.querySelector('.htmx-request')")
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        grave = [_told(one) for one in found if one["impact"] in _GRAVE]
        assert grave == [], json.dumps(grave, indent=1)

    return check


def _told(violation: dict[str, Any]) -> dict[str, Any]:
    return {"rule": violation["id"], "where": [node["html"] for node in violation["nodes"][:3]]}
