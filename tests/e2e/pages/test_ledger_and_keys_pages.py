"""Ledger and keys in a real browser."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import Accessible
from tests.fakes.histories import a_generation, a_spec
from tests.fakes.service import LiveService, ServiceOverHttp

pytestmark = pytest.mark.slow


def test_the_ledger_says_what_trials_mean(page: Page, service: LiveService, accessible: Accessible) -> None:
    page.goto("/ledger")
    expect(page.get_by_text("Nothing was tried yet")).to_be_visible()
    service.recorded("gold")
    page.reload()
    trials = service.store.trials(service.store.spec("gold").market_digest)
    row = page.get_by_role("row", name="SYNTHETIC-REGIMES 1h")
    expect(row).to_contain_text(f"{trials}")
    expect(row.get_by_role("link", name="gold")).to_have_attribute("href", "/runs/gold")
    expect(page.get_by_text(f"{trials} different genomes were tried")).to_be_visible()
    accessible(page)


def test_a_long_ledger_is_paged(page: Page, service: LiveService) -> None:
    for number in range(51):
        run = f"market-{number:02}"
        service.store.create(a_spec(run, market_digest=f"{number:064}", problem_digest=f"{number:016}"))
        service.store.claim(run)
        service.store.record(run, a_generation(0, 10 * number, 2))
    page.goto("/ledger")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(50)
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page.get_by_role("link", name="First", exact=True)).to_be_visible()
    assert 1 <= rows.count() < 50
    page.get_by_role("link", name="First", exact=True).click()
    expect(rows).to_have_count(50)


def test_a_key_is_made_shown_once_copied_and_revoked(
    tab: Callable[..., Page], service: ServiceOverHttp, accessible: Accessible
) -> None:
    # Revoked keys are listed too, those of an earlier run among them.
    name = f"notebook {time.time_ns()}"
    page = tab(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/keys")
    accessible(page)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Scope").select_option("read")
    page.get_by_role("button", name="Make a key").click()
    made = page.locator("#made")
    expect(made).to_contain_text("gp_")
    accessible(page)
    key = made.inner_text()
    headers = {"Authorization": f"Bearer {key}"}
    assert service.stranger.get("/v1/jobs", headers=headers).status_code == 200
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == key
    page.reload()
    assert key not in page.content()
    row = page.get_by_role("row", name=name)
    page.once("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="Revoke").click()
    expect(row).to_contain_text("revoked")
    assert service.stranger.get("/v1/jobs", headers=headers).status_code == 401


def test_keys_are_shown_to_those_who_administer_alone(
    tab: Callable[..., Page], service: ServiceOverHttp
) -> None:
    page = tab(storage_state=None)
    page.goto("/keys")
    page.get_by_label("Key").fill(service.keys["run"])
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("this takes admin")
