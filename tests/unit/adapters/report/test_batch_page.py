"""The report of a batch says what became of each market, then shows each on a page of its own."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from genepool.adapters.report.batch_page import PAGES_AT_MOST
from genepool.adapters.report.write import write_batch
from genepool.errors import ConfigError
from genepool.pool.report_data import ReportData
from genepool.pool.reporting import report_data
from genepool.usecases.market_batch import BatchPart, MarketBatch
from genepool.usecases.view_batch import PartView
from tests.fakes.bred_runs import bred_run

DONE = BatchPart(
    job=2, data="btcusd_1h", state="done", error=None, run="job-2", symbol="BTCUSD", timeframe="1h",
    generations=15, evaluations=1200, best_fitness=1.5, deflated_sharpe=0.97, rung="stable",
    verdict="Perhaps an edge: <b>.", digest="a" * 64, report=None, synthetic=False, exit_code=0,
)  # fmt: skip
FAILED = replace(
    DONE, job=3, data="lost.csv", state="failed", error="lost.csv is gone", run="job-3", symbol=None,
    timeframe=None, generations=None, evaluations=None, best_fitness=None, deflated_sharpe=None,
    rung=None, verdict=None, digest=None, synthetic=None, exit_code=3,
)  # fmt: skip


SHOWN = bred_run("shown", generations=2, size=12)


def nothing(_: BatchPart) -> str:
    return ""


def shown(_: BatchPart) -> ReportData:
    return report_data(SHOWN.summary, SHOWN.found, SHOWN.fetch, SHOWN.judged, SHOWN.plan.problem)


def written(folder: Path, *parts: BatchPart, view: PartView = nothing) -> str:
    batch = MarketBatch("batch-1", "2026-01-02T03:04:05", parts)
    return write_batch(folder / "batch-1.html", batch, view).read_text()


def test_each_market_has_a_page_with_charts_and_tables_of_its_own(tmp_path: Path) -> None:
    page = written(tmp_path, DONE, replace(DONE, job=3, run="job-3"), view=shown)
    for anchor in ("job-2", "job-3"):
        assert f'<a href="#{anchor}">BTCUSD 1h</a>' in page
        for part in ("equity-by-phase", "monthly-returns", "figures", "leaderboard", "champion"):
            assert f'<section id="{anchor}-{part}">' in page
        assert f'id="{anchor}-equity" aria-labelledby="{anchor}-equity-title {anchor}-equity-desc"' in page
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(names)


def test_the_report_of_a_large_batch_has_pages_of_the_best_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("genepool.adapters.report.batch_page.PAGES_AT_MOST", 1)
    page = written(tmp_path, replace(DONE, job=3, deflated_sharpe=0.1), DONE, view=shown)
    assert re.findall(r'<article id="([^"]+)"', page) == ["job-2"]
    assert "only the best 1 markets have one" in page


def test_forty_markets_fit_into_eight_megabytes(tmp_path: Path) -> None:
    one = len(written(tmp_path, DONE, view=shown).encode())
    assert one * PAGES_AT_MOST < 8_000_000


def test_a_run_that_cannot_be_looked_at_is_told_with_the_reason(tmp_path: Path) -> None:
    assert "No page here: its candles are gone" in written(
        tmp_path, DONE, view=lambda _: "its candles are gone"
    )


def test_a_report_beside_the_page_is_linked_and_one_elsewhere_is_not(tmp_path: Path) -> None:
    beside = replace(DONE, run="günstig 1", report=str(tmp_path / "günstig 1.html"))
    elsewhere = replace(DONE, run="far", report="/elsewhere/far.html")
    page = written(tmp_path, beside, elsewhere)
    assert '<a href="g%C3%BCnstig%201.html">günstig 1</a>' in page
    assert "far.html" not in page
    assert '<a class="beside" href="g%C3%BCnstig%201.html">' in written(tmp_path, beside, view=shown)


def test_generated_candles_are_called_so_where_they_are(tmp_path: Path) -> None:
    generated = replace(DONE, job=3, synthetic=True)
    assert written(tmp_path, generated).count("Synthetic data.") == 1
    assert written(tmp_path, generated, DONE).count("Synthetic data.") == 0
    assert written(tmp_path, generated, view=shown).count("Synthetic data.") == 2


def test_what_is_not_done_stands_there_with_its_reason_after_the_others(tmp_path: Path) -> None:
    page = written(tmp_path, FAILED, DONE)
    assert "Not all markets are done: lost.csv failed." in page
    assert page.index("Perhaps an edge: &lt;b&gt;.") < page.index("lost.csv is gone")
    assert "1 of 2 champions survives deflation or null evolution." in page


def test_a_batch_of_failures_is_a_page_too(tmp_path: Path) -> None:
    assert "None of 1 champions survives" in written(tmp_path, FAILED)


def test_a_page_that_cannot_be_written_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"batch-1\.html"):
        written(tmp_path / "file", DONE)


@pytest.mark.parametrize(
    ("codes", "worst"), [((), 0), ((0, 0), 0), ((0, 3, 2), 3), ((3, 130), 130), ((None, 0), 0)]
)
def test_the_exit_code_is_that_of_the_worst(codes: tuple[int | None, ...], worst: int) -> None:
    assert MarketBatch("b", "", [replace(DONE, exit_code=code) for code in codes]).exit_code == worst
