"""The page of a batch says what became of each market and leads to its report."""

from dataclasses import replace
from pathlib import Path

import pytest

from genepool.adapters.report.write import write_batch
from genepool.errors import ConfigError
from genepool.usecases.market_batch import BatchPart, MarketBatch

DONE = BatchPart(
    job=2, data="btcusd_1h", state="done", error=None, run="job-2", symbol="BTCUSD", timeframe="1h",
    generations=15, evaluations=1200, best_fitness=1.5, deflated_sharpe=0.97, standing="stands",
    verdict="Hard to explain by luck: <b>.", digest="a" * 64, report=None, synthetic=False, exit_code=0,
)  # fmt: skip
FAILED = replace(
    DONE, job=3, data="lost.csv", state="failed", error="lost.csv is gone", run="job-3", symbol=None,
    timeframe=None, generations=None, evaluations=None, best_fitness=None, deflated_sharpe=None,
    standing=None, verdict=None, digest=None, synthetic=None, exit_code=3,
)  # fmt: skip


def written(folder: Path, *parts: BatchPart) -> str:
    return write_batch(
        folder / "batch-1.html", MarketBatch("batch-1", "2026-01-02T03:04:05", parts)
    ).read_text()


def test_a_report_beside_the_page_is_linked_and_one_elsewhere_is_not(tmp_path: Path) -> None:
    beside = replace(DONE, run="günstig 1", report=str(tmp_path / "günstig 1.html"))
    elsewhere = replace(DONE, run="far", report="/elsewhere/far.html")
    page = written(tmp_path, beside, elsewhere)
    assert '<a href="g%C3%BCnstig%201.html">günstig 1</a>' in page
    assert "far.html" not in page


def test_what_is_not_done_stands_there_with_its_reason_after_the_others(tmp_path: Path) -> None:
    page = written(tmp_path, FAILED, DONE)
    assert "Not all markets are done: lost.csv failed." in page
    assert page.index("Hard to explain by luck: &lt;b&gt;.") < page.index("lost.csv is gone")
    assert "1 of 2 champions is hard to explain by luck." in page


def test_a_batch_of_failures_is_a_page_too(tmp_path: Path) -> None:
    assert "None of 1 champions is hard" in written(tmp_path, FAILED)


def test_a_page_that_cannot_be_written_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"batch-1\.html"):
        written(tmp_path / "file", DONE)


@pytest.mark.parametrize(
    ("codes", "worst"), [((), 0), ((0, 0), 0), ((0, 3, 2), 3), ((3, 130), 130), ((None, 0), 0)]
)
def test_the_exit_code_is_that_of_the_worst(codes: tuple[int | None, ...], worst: int) -> None:
    assert MarketBatch("b", "", [replace(DONE, exit_code=code) for code in codes]).exit_code == worst
