"""The way through the pages of the running stack, in a real browser: from a file to a champion."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from genepool.market.synthetic import synthetic_market
from scripts.validation.stack import POOL, Stack
from tests.fakes.browsers import WAIT_MILLISECONDS, chromium, watch

pytestmark = [pytest.mark.stack, pytest.mark.slow]

HOURS = 2_600
# Large enough that a person's click comes before its end.
ENDLESS, ENOUGH = 100_000, 4


@pytest.fixture(scope="module")
def address(stack: Stack) -> str:
    return f"http://{stack.address(POOL)}"


@pytest.fixture
def page(stack: Stack, address: str) -> Iterator[Page]:
    key = stack.inside("genepool", "keys", "create", "--scope", "run", "--name", "a test's browser").strip()
    wrong: list[str] = []
    with chromium() as browser, browser.new_context(base_url=address) as context:
        context.set_default_timeout(WAIT_MILLISECONDS)
        page = context.new_page()
        watch(page, address, wrong)
        page.goto("/runs")
        page.get_by_label("Key").fill(key)
        page.get_by_role("button", name="Log in").click()
        expect(page).to_have_url(f"{address}/runs")
        yield page
    assert wrong == []


def candles(file: Path, seed: int) -> Path:
    """Write a file of hourly candles that nobody has seen."""
    market = synthetic_market("regimes", seed, HOURS)
    columns = (market.stamps // 1_000_000_000, market.open, market.high, market.low, market.close)
    rows = [",".join(map(str, row)) for row in zip(*columns, strict=True)]
    file.write_text("\n".join(["time,open,high,low,close", *rows]) + "\n", encoding="utf-8")
    return file


def test_from_a_file_of_candles_to_a_champion(page: Page, address: str, tmp_path: Path) -> None:
    number = time.time_ns() // 1_000_000
    symbol, run = f"WALK{number}", f"walk-{number}"

    page.goto("/data/upload")
    page.get_by_label("File", exact=True).set_input_files(candles(tmp_path / f"{symbol}.csv", number))
    page.get_by_role("button", name="Look at it").click()
    keep = page.get_by_role("button", name=f"Keep it as {symbol}_1h")
    expect(keep).to_be_visible()
    # No market is known by such a name: the user says which costs it has.
    page.get_by_text("Correct what was understood").click()
    page.get_by_label("--market").select_option("crypto")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Look again").click()
    keep.click()
    expect(page).to_have_url(f"{address}/data/{symbol}_1h")

    page.goto(f"/new?data={symbol}_1h&strategies=ema_crossover&strategies=donchian_breakout")
    page.get_by_label("preset").select_option("all")
    page.get_by_label("population size").fill("20")
    page.get_by_label("generations").fill(str(ENDLESS))
    page.get_by_label("name", exact=True).fill(run)
    page.get_by_role("button", name="Start the run").click()
    expect(page).to_have_url(f"{address}/runs/{run}")

    grown = (
        "least => Number(document.querySelectorAll('#standing dd')[2].innerText.replace(',', '')) >= least"
    )
    page.wait_for_function(grown, arg=ENOUGH, timeout=120_000)
    expect(page.locator("#fitness canvas")).to_be_visible()
    expect(page.get_by_role("group", name="Machines")).to_contain_text("ray-worker-1-1")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    expect(page.locator("#standing .state")).to_have_text("interrupted")

    expect(page.locator("#verdict h2", has_text="Equity by phase")).to_be_visible()
    with page.expect_download() as started:
        page.locator("#exports").get_by_role("link", name="Genome", exact=True).click()
    started.value.save_as(tmp_path / "genome.json")
    assert json.loads((tmp_path / "genome.json").read_text(encoding="utf-8"))["strategy"]

    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()

    for place, told in {"/fleet": symbol, "/queue": run, "/ledger": symbol, "/runs": run}.items():
        page.goto(place)
        expect(page.get_by_text(told).first).to_be_visible()
    link = page.get_by_role("link", name="Dashboards in Grafana")
    assert link.get_attribute("href") == "http://127.0.0.1:3000/d/genepool-cluster"
