"""The list of runs in a real browser: filtered, sorted, paged, live, changed."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.e2e.pages.conftest import Accessible
from tests.fakes.histories import a_generation, a_spec
from tests.fakes.service import LiveService


@pytest.fixture(scope="module", autouse=True)
def _many(service: LiveService) -> None:
    for number in range(58):
        service.store.create(a_spec(f"open-{number:02}", symbol="ETHUSD"))
    for name, size in {"ant": 3, "bee": 5}.items():
        service.store.create(a_spec(name, symbol="BTCUSD"))
        service.store.claim(name)
        service.store.record(name, a_generation(0, 10 * size, size))
        service.store.finish(name, "finished", "abc")
    service.store.book.note("ant", "the first <b>one</b>")


@pytest.fixture
def runs(page: Page) -> Page:
    page.goto("/runs")
    return page


def names(page: Page) -> Locator:
    return page.locator("tbody th a")


def test_it_shows_fifty_and_then_the_others(runs: Page, accessible: Accessible) -> None:
    expect(names(runs)).to_have_count(50)
    expect(names(runs).first).to_have_text("bee")
    accessible(runs)
    runs.get_by_role("link", name="Next 50").click()
    expect(names(runs)).to_have_count(10)
    expect(names(runs).last).to_have_text("open-00")
    runs.get_by_role("link", name="First page").click()
    expect(names(runs)).to_have_count(50)


def test_it_is_filtered_while_one_types(runs: Page) -> None:
    runs.get_by_label("Name or note").fill("first")
    expect(names(runs)).to_have_text(["ant"])
    expect(runs.get_by_text("the first <b>one</b>")).to_be_visible()
    runs.reload()
    expect(names(runs)).to_have_text(["ant"])
    runs.get_by_label("Name or note").fill("")
    runs.get_by_label("Symbol").fill("btc")
    expect(names(runs)).to_have_text(["bee", "ant"])
    runs.get_by_label("State").select_option("failed")
    expect(runs.get_by_text("No run is like that")).to_be_visible()
    runs.get_by_role("link", name="Show all").click()
    expect(names(runs)).to_have_count(50)


def test_it_is_sorted_by_a_column(runs: Page) -> None:
    runs.get_by_role("link", name="run", exact=True).click()
    expect(names(runs).first).to_have_text("ant")
    expect(runs.get_by_role("columnheader", name="run", exact=True)).to_have_attribute(
        "aria-sort", "ascending"
    )
    runs.get_by_role("link", name="run", exact=True).click()
    expect(names(runs).first).to_have_text("open-57")
    runs.get_by_role("link", name="evaluations").click()
    expect(names(runs).first).to_have_text("bee")


def test_what_happens_is_shown_and_ticks_stay(runs: Page, service: LiveService) -> None:
    runs.get_by_label("Compare open-57").check()
    service.store.create(a_spec("newest"))
    expect(names(runs).first).to_have_text("newest")
    expect(runs.get_by_label("Compare open-57")).to_be_checked()
    service.store.book.delete("newest")


def test_two_are_ticked_and_compared(runs: Page) -> None:
    runs.get_by_label("Compare ant").check()
    runs.get_by_label("Compare bee").check()
    runs.get_by_role("button", name="Compare those ticked").click()
    expect(runs.get_by_role("heading", name="Compare")).to_be_visible()
    expect(runs.get_by_label("Run 1")).to_have_value("bee")
    expect(runs.get_by_label("Run 2")).to_have_value("ant")


class TestChanges:
    @pytest.fixture
    def one(self, page: Page, service: LiveService) -> Iterator[Page]:
        service.store.create(a_spec("mine"))
        page.goto("/runs")
        page.get_by_label("Edit mine").click()
        yield page
        for summary in service.store.summaries():
            if summary.spec.run in {"mine", "yours"}:
                service.store.book.delete(summary.spec.run)

    def test_a_run_is_renamed_and_noted(
        self, one: Page, service: LiveService, accessible: Accessible
    ) -> None:
        expect(one.get_by_label("Name", exact=True)).to_be_focused()
        accessible(one)
        one.get_by_label("Name", exact=True).fill("yours")
        one.get_by_label("Note", exact=True).fill("two\nlines")
        one.get_by_role("button", name="Save").click()
        expect(one.get_by_text("Run yours is saved.")).to_be_visible()
        expect(names(one).first).to_have_text("yours")
        assert service.store.book.summary("yours").note == "two\nlines"

    def test_what_stands_against_it_is_told_and_stays(self, one: Page) -> None:
        one.get_by_label("Name", exact=True).fill("ant")
        one.get_by_label("Note", exact=True).fill("kept")
        one.get_by_role("button", name="Save").click()
        expect(one.get_by_role("alert")).to_contain_text("there is a run ant already")
        expect(one.get_by_label("Note", exact=True)).to_have_value("kept")
        one.get_by_role("button", name="Leave it as it is").click()
        expect(one.get_by_role("button", name="Save")).to_have_count(0)

    def test_a_run_is_deleted_once_that_is_confirmed(self, one: Page) -> None:
        asked: list[str] = []

        def answer(dialog: Dialog) -> None:
            asked.append(dialog.message)
            (dialog.accept if len(asked) > 1 else dialog.dismiss)()

        one.on("dialog", answer)
        one.get_by_role("button", name="Delete the run").click()
        expect(names(one).first).to_have_text("mine")
        one.get_by_role("button", name="Delete the run").click()
        expect(one.get_by_text("Run mine is deleted")).to_be_visible()
        expect(names(one).first).to_have_text("bee")
        assert "for good" in asked[0]


def test_a_key_that_only_reads_is_offered_no_change(tab: Callable[..., Page], service: LiveService) -> None:
    page = tab(storage_state=None)
    page.goto("/login")
    page.get_by_label("Key").fill(service.keys["read"])
    page.get_by_role("button", name="Log in").click()
    expect(names(page)).to_have_count(50)
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)


def test_a_narrow_screen_scrolls_the_table_alone(tab: Callable[..., Page], accessible: Accessible) -> None:
    page = tab(viewport={"width": 320, "height": 700}, color_scheme="dark")
    page.goto("/runs")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    accessible(page)
