"""The strategy atlas of a run in a real browser: looked at, followed, made a fleet of."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import Accessible
from tests.fakes.service import LiveService


@pytest.fixture(scope="module", autouse=True)
def _run(service: LiveService) -> None:
    service.recorded("small")


@pytest.fixture
def atlas(page: Page) -> Page:
    page.goto("/runs/small/atlas")
    return page


def test_every_cell_of_the_map_has_a_row_and_leads_to_its_champion(
    atlas: Page, service: LiveService, accessible: Accessible
) -> None:
    cells = service.reader.get("/v1/runs/small/atlas").json()["cells"]
    expect(atlas.locator("svg.atlas a")).to_have_count(len(cells))
    expect(atlas.locator("tbody tr")).to_have_count(len(cells))
    accessible(atlas)
    atlas.locator("svg.atlas a").first.click()
    expect(atlas).to_have_url(f"{service.address}/runs/small/genomes/{cells[0]['champion']['rank']}")


def test_those_ticked_become_the_command_for_a_fleet(
    atlas: Page, service: LiveService, accessible: Accessible
) -> None:
    first, second = service.reader.get("/v1/runs/small/atlas").json()["cells"][:2]
    for cell in (first, second):
        name = f"{cell['champion']['strategy']}, rank {cell['champion']['rank']}, into the fleet"
        atlas.get_by_label(name, exact=True).check()
    atlas.get_by_role("button", name="Make a fleet of those ticked").click()
    told = atlas.locator("#fleet")
    expect(told.locator("code")).to_have_text(f"genepool fleet {first['genome']} {second['genome']}")
    expect(atlas.locator("svg.atlas .mark")).to_have_count(2)
    accessible(atlas)
    atlas.get_by_role("link", name="Tick none").click()
    expect(told).to_have_count(0)


def test_the_best_of_each_small_map_are_ticked_at_once(atlas: Page, service: LiveService) -> None:
    varied = service.reader.get("/v1/runs/small/atlas").json()["varied"]
    atlas.get_by_role("link", name="Tick the best of each small map").click()
    expect(atlas.locator("tbody input:checked")).to_have_count(len(varied))


def test_no_script_is_needed(page: Page, service: LiveService) -> None:
    browser = page.context.browser
    assert browser is not None
    state = page.context.storage_state()
    with browser.new_context(
        base_url=service.address, storage_state=state, java_script_enabled=False
    ) as bare:
        plain = bare.new_page()
        plain.goto("/runs/small/atlas")
        plain.locator("tbody input").first.check()
        plain.get_by_role("button", name="Make a fleet of those ticked").click()
        expect(plain.locator("#fleet code")).to_contain_text("genepool fleet small/")
