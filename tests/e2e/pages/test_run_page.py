"""The page of a run in a real browser: live, stopped, continued, over, and what is kept of it."""

import csv
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from genepool.jobs import ENDED
from tests.e2e.pages.conftest import Accessible
from tests.fakes.service import LiveService, ServiceOverHttp

pytestmark = pytest.mark.slow

TRADING = {"data": "synthetic:regimes:seed=3,candles=1500", "strategies": "donchian_breakout"}
LONG = {"generations": 100_000}
DONE = "bred"


@pytest.fixture(scope="module", autouse=True)
def bred(service: ServiceOverHttp) -> str:
    return service.evolved(DONE, **TRADING)


@pytest.fixture
def live(service: ServiceOverHttp) -> Iterator[str]:
    run = service.ordered("", **LONG)
    yield run
    service.runner.post(f"/v1/runs/{run}/stop")
    service.awaited(run)
    while any(job["state"] not in ENDED for job in service.jobs_of(run)):
        time.sleep(0.05)
    service.admin.delete(f"/v1/runs/{run}")


def generations(page: Page) -> int:
    told = page.locator("#standing dd").nth(2).inner_text()
    return int(told.replace(",", ""))


def state(page: Page) -> str:
    return page.locator("#standing .state").inner_text()


def wait_for_generations(page: Page, least: int) -> None:
    page.wait_for_function(
        "least => Number(document.querySelectorAll('#standing dd')[2].innerText.replace(',', '')) >= least",
        arg=least,
    )


def test_a_live_run_grows_before_the_eyes_of_all_who_look(
    tab: Callable[..., Page], service: ServiceOverHttp, live: str, accessible: Accessible
) -> None:
    # A page that finds no generation asks for the first ones again.
    while not service.generations(live):
        time.sleep(0.05)
    first, second = tab(), tab()
    asked: list[str] = []
    first.on("request", lambda request: asked.append(request.url) if "/points" in request.url else None)
    first.goto(f"/runs/{live}")
    second.goto(f"/runs/{live}")
    wait_for_generations(first, 2)
    before = generations(first)
    wait_for_generations(first, before + 3)
    wait_for_generations(second, before + 3)
    expect(first.locator("#fitness canvas")).to_be_visible()
    expect(first.locator("#luck canvas")).to_be_visible()
    expect(first.locator("#swatches li")).to_contain_text(["ema_crossover 100 %"])
    expect(first.get_by_role("group", name="Machines")).to_contain_text(re.compile("this machine|ray-"))
    expect(first.locator("#lines")).to_contain_text("was recorded after")
    accessible(first)
    assert sum(url.endswith("after=-1") for url in asked) == 1
    assert len(asked) > 1
    first.reload()
    assert generations(first) >= before + 3
    first.close()
    seen = generations(second)
    wait_for_generations(second, seen + 2)


def test_a_run_is_stopped_and_resumed_by_buttons(page: Page, live: str) -> None:
    page.goto(f"/runs/{live}")
    wait_for_generations(page, 1)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    assert state(page) == "interrupted"
    kept = generations(page)
    expect(page.locator("#verdict")).to_contain_text("This run is interrupted")
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    wait_for_generations(page, kept + 1)


def test_a_run_is_watched_to_its_end_and_continued_with_more_generations(
    page: Page, service: ServiceOverHttp
) -> None:
    run = service.ordered("watched", generations=6, **TRADING)
    page.goto(f"/runs/{run}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(" edge")
    assert (state(page), generations(page)) == ("finished", 6)
    page.get_by_text("More generations, or larger budgets").click()
    page.get_by_label("Generations", exact=True).fill("9")
    page.get_by_role("button", name="Continue the run").click()
    expect(page.locator("#standing dd").nth(2)).to_have_text("9")
    expect(page.locator("#verdict h2", has_text="Equity by phase")).to_be_visible()
    assert service.state(run) == "finished"


def test_a_budget_that_is_too_small_is_refused_in_a_sentence(page: Page) -> None:
    page.goto(f"/runs/{DONE}")
    page.get_by_text("More generations, or larger budgets").click()
    page.get_by_label("Generations", exact=True).fill("1")
    page.get_by_role("button", name="Continue the run").click()
    expect(page.locator("#told")).to_contain_text(re.compile("generations"))


def test_two_runs_at_once_each_have_progress_of_their_own(
    tab: Callable[..., Page], service: ServiceOverHttp, live: str
) -> None:
    other = service.ordered("beside", generations=50_000)
    pages = tab(), tab()
    for page, run in zip(pages, (live, other), strict=True):
        page.goto(f"/runs/{run}")
        wait_for_generations(page, 2)
        expect(page.locator("#standing")).to_contain_text("2 runs are bred at once")
    expect(pages[0].locator("#standing")).to_contain_text("of 100,000")
    expect(pages[1].locator("#standing")).to_contain_text("of 50,000")
    pages[1].get_by_role("button", name="Stop").click()
    expect(pages[1].get_by_role("button", name="Resume")).to_be_visible()


def test_the_champion_is_shown_with_its_verdict_first(page: Page, accessible: Accessible) -> None:
    page.goto(f"/runs/{DONE}")
    for title in (
        "Trades on the candles", "Equity by phase", "Risk and return", "Leaderboard", "Family tree", "Luck",
        "Neighbourhood", "Provenance", "To keep", "How it went", "What happened",
    ):  # fmt: skip
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_attached()
    expect(page.locator("main h1")).to_have_count(1)
    expect(page.locator("#provenance pre")).to_contain_text("genepool evolve --data")
    expect(page.locator("#candles canvas")).to_be_visible()
    expect(page.locator("#lines")).to_contain_text("was taken up by a worker")
    accessible(page)


def test_candles_are_looked_at_more_closely(page: Page) -> None:
    page.goto(f"/runs/{DONE}")
    said = page.locator("#chart-said")
    expect(said).to_contain_text("joined in each")
    whole = said.inner_text()
    page.get_by_role("button", name="Closer").click()
    expect(said).not_to_have_text(whole)
    page.get_by_role("button", name="All", exact=True).click()
    expect(said).to_have_text(whole)
    page.get_by_role("button", name="Closer").click()
    expect(said).not_to_have_text(whole)
    closer = said.inner_text()
    page.get_by_role("button", name="Earlier", exact=True).click()
    expect(said).not_to_have_text(closer)
    page.get_by_role("button", name="Later", exact=True).click()
    expect(said).to_have_text(closer)
    page.get_by_role("button", name="Wider").click()
    expect(said).to_have_text(whole)
    box = page.locator("#candles .u-over").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 80, steps=4)
    page.mouse.up()
    expect(said).not_to_contain_text("joined")


def test_every_trade_is_listed_and_shown_on_the_chart(page: Page) -> None:
    page.goto(f"/runs/{DONE}")
    page.get_by_text("Every trade").click()
    rows = page.locator("#trade-rows tbody tr")
    expect(rows.first).to_be_visible()
    whole = page.locator("#chart-said").inner_text()
    rows.first.get_by_role("button").click()
    expect(page.locator("#chart-said")).not_to_have_text(whole)


def test_a_long_leaderboard_and_many_trades_are_paged(page: Page, service: LiveService) -> None:
    run = service.recorded("paged")
    trades = "/v1/runs/paged/genomes/{}/trades"
    rank = next(k for k in range(1, 90) if service.reader.get(trades.format(k)).json()["total"] > 50)
    page.goto(f"/runs/{run}/leaderboard")
    page.get_by_role("link", name="Next ones").click()
    expect(page.get_by_role("link", name="51", exact=True)).to_be_visible()
    page.get_by_role("link", name="Better ones").click()
    expect(page.get_by_role("link", name="50", exact=True)).to_be_visible()
    page.goto(f"/runs/{run}/genomes/{rank}")
    page.get_by_text("Every trade").click()
    page.get_by_role("button", name="Later trades").click()
    expect(page.get_by_text("from number 51 on")).to_be_visible()
    page.get_by_role("button", name="Earlier trades").click()
    expect(page.get_by_text("from number 1 on")).to_be_visible()


def test_the_report_that_tries_the_neighbours_is_ordered_where_they_are_missing(
    page: Page, service: LiveService
) -> None:
    page.goto(f"/runs/{service.recorded('untried')}")
    page.get_by_role("button", name="Write the report").click()
    expect(page.locator("#told")).to_contain_text("writes the report")
    expect(page.get_by_role("button", name="Write the report")).to_have_count(0)


def test_what_happened_has_older_pages(page: Page, live: str) -> None:
    page.goto(f"/runs/{live}")
    wait_for_generations(page, 60)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.goto(f"/runs/{live}/log")
    older = page.get_by_role("link", name="Older", exact=True)
    expect(older).to_be_visible()
    while older.count():
        address = page.url
        older.click()
        expect(page).not_to_have_url(address)
    expect(page.get_by_text("was taken up by a worker").last).to_be_visible()


def test_any_genome_of_the_leaderboard_has_a_page(page: Page, accessible: Accessible) -> None:
    page.goto(f"/runs/{DONE}")
    page.locator("#leaderboard").get_by_role("link", name="2", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("donchian_breakout")
    expect(page.locator("#family-tree svg")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Rank 3").click()
    expect(page).to_have_url(re.compile(f"/runs/{DONE}/genomes/3$"))
    page.goto(f"/runs/{DONE}/leaderboard")
    accessible(page)
    page.get_by_role("link", name="1", exact=True).click()
    expect(page.locator("main")).to_contain_text("The champion of the run")


def test_files_are_downloaded(page: Page, tmp_path: Path) -> None:
    page.goto(f"/runs/{DONE}")
    links = {"Genome": "genome.json", "Trades": "trades.csv", "fills": "fills.csv", "equity": "equity.csv"}
    for word, ending in (links | {"All trials": "trials.csv"}).items():
        with page.expect_download() as started:
            page.locator("#exports").get_by_role("link", name=word, exact=True).click()
        assert started.value.suggested_filename == f"{DONE}-{ending}"
        file = tmp_path / ending
        started.value.save_as(file)
        text = file.read_text(encoding="utf-8")
        assert json.loads(text) if ending.endswith("json") else len(list(csv.reader(text.splitlines()))) > 1
    with page.expect_download() as started:
        page.locator("#exports").get_by_role("link", name="backtrader", exact=True).click()
    assert started.value.suggested_filename == f"{DONE}-backtrader.zip"


def test_the_report_is_opened_and_written_anew(page: Page, service: ServiceOverHttp) -> None:
    page.goto(f"/runs/{DONE}")
    page.get_by_role("button", name="Write it anew").click()
    expect(page.locator("#told")).to_contain_text("writes the report")
    page.get_by_role("link", name="The report").click()
    expect(page.get_by_role("heading", name="Equity by phase")).to_be_visible()
    assert page.evaluate("origin") == "null"
    jobs = service.reader.get("/v1/jobs", params={"run": DONE}).json()["jobs"]
    assert "report" in {job["kind"] for job in jobs}


def test_a_key_that_may_only_look_has_no_buttons(tab: Callable[..., Page], service: ServiceOverHttp) -> None:
    page = tab(storage_state=None)
    page.request.post("/login", form={"key": service.keys["read"]})
    page.goto(f"/runs/{DONE}")
    expect(page.locator("#actions")).to_contain_text("This key may only look")
    expect(page.get_by_role("button", name="Write it anew")).to_have_count(0)


def test_a_run_that_is_not_there_is_told(page: Page) -> None:
    answer = page.goto("/runs/nowhere")
    assert isinstance(answer, Response)
    assert answer.status == 404
    expect(page.get_by_role("alert")).to_contain_text("there is no run nowhere")


def test_it_is_all_there_on_a_phone(tab: Callable[..., Page]) -> None:
    page = tab(viewport={"width": 320, "height": 640}, color_scheme="dark")
    page.goto(f"/runs/{DONE}")
    expect(page.locator("#search-found h2").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
