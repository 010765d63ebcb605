"""The first page in a real browser, and that what watches over all pages can see."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import Accessible
from tests.fakes.service import ServiceOverHttp


def test_a_person_logs_in_with_a_key_and_out_again(
    tab: Callable[..., Page], service: ServiceOverHttp, accessible: Accessible
) -> None:
    page = tab(storage_state=None)
    page.goto("/runs")
    accessible(page)
    page.get_by_label("Key").fill("gp_wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("No such key")
    page.get_by_label("Key").fill(service.keys["read"])
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{service.address}/runs")
    accessible(page)
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{service.address}/login")


def test_axe_finds_what_shuts_people_out(page: Page, accessible: Accessible) -> None:
    page.goto("/runs")
    page.evaluate("document.querySelector('main').innerHTML = '<input>'")
    with pytest.raises(AssertionError, match="label"):
        accessible(page)
