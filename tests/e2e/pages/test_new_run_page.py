"""A new run in a real browser: described, foreseen, mistyped, started."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages.conftest import Accessible
from tests.fakes.histories import a_spec
from tests.fakes.service import LiveService

NOISE = "synthetic:noise:seed=1,candles=2600"


@pytest.fixture
def form(page: Page) -> Page:
    page.goto("/new")
    return page


def test_each_field_is_explained_and_the_run_foreseen(form: Page, accessible: Accessible) -> None:
    expect(form.locator("#command")).to_have_text("genepool evolve --data btcusd_1h")
    expect(form.locator("#foreseen")).to_contain_text("10,000")
    for control in form.locator("#order").locator("select, input:not([type=checkbox])").all():
        told = form.locator(f"#{control.get_attribute('aria-describedby')}")
        assert told.text_content(), control.get_attribute("name")
    accessible(form)


def test_what_is_typed_changes_what_is_foreseen(form: Page) -> None:
    form.get_by_label("or an invented market").fill(NOISE)
    form.get_by_label("preset").select_option("all")
    form.get_by_label("population size").fill("7")
    form.locator("summary", has_text="Costs").click()
    form.get_by_label("taker fee").fill("12.5")
    form.locator("summary", has_text="Strategies").click()
    form.get_by_label("ema_crossover").check()
    form.get_by_label("rsi_filter").check()
    expect(form.locator("#command")).to_have_text(
        f"genepool evolve --data {NOISE} --preset all --fee-bps 12.5 --population-size 7 "
        "--strategies ema_crossover,rsi_filter"
    )
    expect(form.locator("#foreseen")).to_contain_text("taker fee 12.5 bps")
    form.locator("summary", has_text="Spans").click()
    form.get_by_label("holdout share").fill("0.99")
    expect(form.locator("#foreseen .problem")).to_contain_text("candles are too few")


def test_no_file_of_the_server_can_be_named(form: Page, service: LiveService) -> None:
    file = service.settings.home / "secret.csv"
    file.write_text("time,open,high,low,close\n", encoding="utf-8")
    form.get_by_label("or an invented market").fill(str(file))
    expect(form.locator("#foreseen .problem")).to_contain_text("there is no data set")
    form.get_by_role("button", name="Start the run").click()
    expect(form.get_by_role("alert")).to_contain_text("there is no data set")


def test_what_is_mistyped_is_told_beside_it_and_stays(form: Page, accessible: Accessible) -> None:
    form.get_by_label("population size").fill("one hundred")
    form.get_by_label("time limit").fill("0")
    form.get_by_label("name", exact=True).fill("kept")
    form.get_by_role("button", name="Start the run").click()
    expect(form.locator("#population_size-told")).to_contain_text("valid integer")
    expect(form.get_by_label("population size")).to_have_value("one hundred")
    expect(form.get_by_label("population size")).to_have_attribute("aria-invalid", "true")
    expect(form.locator("#hours-told")).to_contain_text("greater than")
    expect(form.get_by_label("name", exact=True)).to_have_value("kept")
    accessible(form)
    form.get_by_role("alert").get_by_role("link", name="population size").click()
    expect(form.get_by_label("population size")).to_be_focused()
    form.get_by_role("link", name="Begin again").click()
    expect(form.get_by_label("name", exact=True)).to_have_value("")


def test_what_stands_against_it_is_told_and_what_was_typed_stays(form: Page, service: LiveService) -> None:
    service.store.create(a_spec("taken"))
    form.get_by_label("seed", exact=True).fill("77")
    form.get_by_label("name", exact=True).fill("taken")
    form.get_by_role("button", name="Start the run").click()
    expect(form.get_by_role("alert")).to_contain_text("there is a run taken already")
    expect(form.get_by_label("seed", exact=True)).to_have_value("77")


def test_a_run_is_started_and_its_page_opens(form: Page, service: LiveService) -> None:
    form.get_by_label("or an invented market").fill(NOISE)
    form.get_by_label("preset").select_option("all")
    form.get_by_label("population size").fill("6")
    form.get_by_label("generations").fill("1")
    form.locator("summary", has_text="Strategies").click()
    form.get_by_label("ema_crossover").check()
    form.get_by_label("name", exact=True).fill("mine")
    form.get_by_role("button", name="Start the run").click()
    expect(form).to_have_url(f"{service.address}/runs/mine")
    assert service.awaited("mine") == "finished"
    spec = service.store.spec("mine")
    assert (spec.data, spec.settings.population_size, spec.strategies) == (NOISE, 6, ("ema_crossover",))


def test_an_address_fills_the_form_in(page: Page) -> None:
    page.goto("/new?data=eurusd_1h&seed=5&strategies=ema_crossover&fee_bps=3")
    expect(page.get_by_label("seed", exact=True)).to_have_value("5")
    expect(page.get_by_label("ema_crossover")).to_be_checked()
    expect(page.locator("#command")).to_contain_text("--data eurusd_1h --fee-bps 3 --seed 5")


def test_it_works_on_a_narrow_screen_and_in_the_dark(
    tab: Callable[..., Page], accessible: Accessible
) -> None:
    page = tab(viewport={"width": 320, "height": 700}, color_scheme="dark")
    page.goto("/new")
    expect(page.locator("#command")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    accessible(page)


def test_a_key_that_only_reads_starts_nothing(tab: Callable[..., Page], service: LiveService) -> None:
    page = tab(storage_state=None)
    page.goto("/login?to=/new")
    page.get_by_label("Key").fill(service.keys["read"])
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("scope read, and this takes run")
