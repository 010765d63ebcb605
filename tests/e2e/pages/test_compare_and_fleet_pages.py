"""Champions beside each other in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages.conftest import Accessible
from tests.fakes.histories import a_spec
from tests.fakes.service import LiveService


@pytest.fixture(scope="module", autouse=True)
def _few(service: LiveService) -> None:
    service.recorded("small")
    service.recorded("large", size=30)
    service.store.create(a_spec("begun", symbol="ETHUSD"))


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True))


class TestCompare:
    def test_settings_that_differ_stand_beside_each_other(self, page: Page, accessible: Accessible) -> None:
        page.goto("/compare?run=small&run=large")
        expect(row(page, "settings: population size").get_by_role("cell")).to_have_text(["24", "30"])
        expect(row(page, "seed")).to_have_count(0)
        page.get_by_text("Settings that are equal").click()
        expect(page.get_by_text("objective", exact=True)).to_be_visible()
        accessible(page)

    def test_measures_and_curves_are_those_of_the_champions(self, page: Page, service: LiveService) -> None:
        page.goto("/compare?run=small&run=large")
        expect(page.locator("[data-chart] canvas")).to_be_visible()
        expect(page.locator(".u-legend .u-label")).to_have_text(["generation", "small", "large"])
        first = service.reader.get("/v1/runs/small/genomes/1").json()
        expect(row(page, "strategy").get_by_role("cell").first).to_contain_text(first["fingerprint"])
        expect(row(page, "trades").first.get_by_role("cell").first).to_have_text(
            str(int(first["in_sample"]["trades"]))
        )

    def test_any_genome_can_be_named(self, page: Page, service: LiveService) -> None:
        third = service.reader.get("/v1/runs/small/genomes/3").json()["fingerprint"]
        page.goto("/compare?run=small")
        expect(page.get_by_text("name another")).to_be_visible()
        page.get_by_label("One more").fill("small/3")
        page.get_by_role("button", name="Compare").click()
        expect(row(page, "strategy").get_by_role("cell").last).to_contain_text(third)
        expect(page.get_by_text("None: they were bred by the same rules.")).to_be_visible()

    def test_a_run_that_has_just_begun_is_shown_with_its_settings(self, page: Page) -> None:
        page.goto("/compare?run=small&run=begun")
        expect(row(page, "place").get_by_role("cell")).to_have_text(["1", "none yet"])
        expect(row(page, "symbol").get_by_role("cell").last).to_have_text("ETHUSD")

    @pytest.mark.parametrize(
        ("asked", "told"),
        [("run=small&run=nowhere", "there is no run nowhere"), ("run=small&run=small/9999", "no rank 9999")],
    )
    def test_what_is_not_there_is_told(self, page: Page, asked: str, told: str) -> None:
        page.goto(f"/compare?{asked}")
        expect(page.get_by_role("alert")).to_contain_text(told)


class TestFleet:
    def test_champions_are_sorted_by_their_score(
        self, page: Page, service: LiveService, accessible: Accessible
    ) -> None:
        page.goto("/fleet")
        listed = service.reader.get("/v1/fleet?sort=score").json()["champions"]
        expect(page.locator("tbody th a")).to_have_text([one["run"] for one in listed])
        accessible(page)
        page.get_by_role("link", name="score").click()
        expect(page.locator("tbody th a")).to_have_text([one["run"] for one in [*listed[1::-1], listed[2]]])

    def test_each_shows_how_far_it_climbs_once_it_is_judged(
        self, page: Page, service: LiveService, accessible: Accessible
    ) -> None:
        row = page.locator("#champion-small")
        page.goto("/fleet")
        ladder = service.reader.get("/v1/runs/small").json()["ladder"]
        page.reload()
        link = row.get_by_role("link", name=ladder["sentence"].partition(":")[0].partition(", but ")[0])
        expect(link).to_have_attribute("title", ladder["sentence"])
        expect(row).to_contain_text(f"rung {ladder['height']} of 5")
        accessible(page)

    def test_they_are_filtered_by_symbol_and_strategy(self, page: Page, service: LiveService) -> None:
        page.goto("/fleet")
        page.get_by_label("Symbol").fill("eth")
        expect(page.locator("tbody th a")).to_have_text(["begun"])
        page.get_by_label("Symbol").fill("")
        strategy = service.reader.get("/v1/runs/small/genomes/1").json()["strategy"]
        page.get_by_label("Strategy").select_option(strategy)
        expect(page.locator("tbody td").get_by_text(strategy).first).to_be_visible()
        expect(page.locator("tbody th a", has_text="begun")).to_have_count(0)

    def test_those_ticked_are_compared(self, page: Page) -> None:
        page.goto("/fleet")
        page.get_by_label("Compare small").check()
        page.get_by_label("Compare large").check()
        page.get_by_role("button", name="Compare those ticked").click()
        expect(page.get_by_role("heading", name="Settings that differ")).to_be_visible()

    def test_those_ticked_become_one_account(self, page: Page, accessible: Accessible) -> None:
        page.goto("/fleet")
        page.get_by_label("Compare small").check()
        page.get_by_label("Compare large").check()
        page.get_by_role("button", name="One account for those ticked").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("No champion of this fleet is believed")
        for picture in ("Equity of the joint account", "Correlation by day", "Shares of the account"):
            expect(page.get_by_role("img", name=picture)).to_be_visible()
        accessible(page)

    def test_an_account_is_weighed_otherwise(self, page: Page) -> None:
        page.goto("/fleet/portfolio?run=small&run=large")
        page.get_by_label("Weights").select_option("equal")
        page.get_by_label("Most in all").fill("0.5")
        page.get_by_role("button", name="Weigh again").click()
        bots = page.locator("#bots")
        expect(bots.get_by_role("cell", name="25.0%", exact=True)).to_have_count(2)
        expect(page.locator("#account")).to_contain_text("50.0%")

    def test_a_narrow_screen_scrolls_the_table_alone(
        self, tab: Callable[..., Page], accessible: Accessible
    ) -> None:
        for address in ("/fleet", "/compare?run=small&run=large", "/fleet/portfolio?run=small&run=large"):
            page = tab(viewport={"width": 320, "height": 700}, color_scheme="dark")
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
            accessible(page)
