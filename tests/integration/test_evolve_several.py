"""``genepool evolve`` over several markets: one batch, one table, one report with a page of each."""

import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from genepool.bootstrap.local_crew import LocalCrew
from genepool.bootstrap.stores import open_store
from genepool.cli._markets import markets_in, markets_of
from genepool.errors import ConfigError, DataError
from genepool.jobs import NewJob
from genepool.pool.stop_request import StopRequest
from genepool.ports import Evaluator, Watcher
from genepool.settings import Settings
from tests.fakes.programs import here

MARKET = "synthetic:regimes:seed=3,candles=4000"
OTHER = "synthetic:noise:seed=4,candles=4000"
SHORT = (
    "--population-size", "8", "--seed", "5", "--strategies", "ema_crossover,rsi_filter", "--generations", "2",
    "--mode", "local", "--workers", "1",
)  # fmt: skip


def candle_file(path: Path, candles: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [f"{1_577_836_800 + 3_600 * k},100,102,99,{100 + k % 3},1" for k in range(candles)]
    path.write_text("\n".join(["time,open,high,low,close,volume", *rows]) + "\n")
    return path


def test_several_markets_are_bred_shown_and_reported_side_by_side(tmp_path: Path) -> None:
    said = here(tmp_path, "evolve", "--data", f"{MARKET},{OTHER}", *SHORT)
    assert said.code == 0, said.err
    assert "job-2" in said.out
    assert "job-3" in said.out
    page = (tmp_path / "results" / "batch-1.html").read_text()
    links = re.findall(r'<a class="beside" href="([^"#]+)">', page)
    assert sorted(links) == ["job-2.html", "job-3.html"]
    assert all((tmp_path / "results" / link).is_file() for link in links)
    assert re.findall(r'<article id="([^"]+)"', page) in (["job-2", "job-3"], ["job-3", "job-2"])
    assert "2 markets" in page
    assert "Synthetic data." in page
    again = here(tmp_path, "report", "batch-1", "--out", str(tmp_path / "again.html"), "--json").document
    assert again["run"] == "batch-1"
    assert (tmp_path / "again.html").read_text().count("<article") == 2
    for word, told in (("batch-2", "job 2 is of one market"), ("batch-9", "there is no job 9")):
        refused = here(tmp_path, "report", word)
        assert (refused.code, told in refused.err) == (2, True), refused.err


def test_its_document_is_that_of_the_batch_and_its_runs_are_as_single_ones(
    tmp_path: Path,
) -> None:
    document = here(tmp_path, "evolve", "--data", f"{MARKET},{OTHER}", *SHORT, "--json").document
    assert document == here(tmp_path, "jobs", "show", "1", "--json").document
    first, second = document["result"]["parts"]
    assert [part["exit_code"] for part in (first, second)] == [0, 0]
    alone = here(
        tmp_path / "other", "evolve", "--data", MARKET, *SHORT, "--name", "job-2", "--no-report", "--json"
    ).document
    assert first["digest"] == alone["digest"]
    assert first["generations"] == alone["generations"]


def test_markets_are_bred_at_once_as_the_setting_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENEPOOL_MAX_CONCURRENT_SYMBOLS", "2")
    said = here(tmp_path, "evolve", "--data", f"{MARKET},{OTHER}", *SHORT, "--json")
    assert [part["state"] for part in said.document["result"]["parts"]] == ["done", "done"]
    taken = [line for line in said.err.splitlines() if "job_taken" in line or "run_finished" in line]
    assert ["job_taken" in line for line in taken[:2]] == [True, True], "both began before one had ended"


def test_markets_at_once_share_the_workers_of_one_evenly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crews: list[int] = []
    weights: list[float] = []
    evaluator = LocalCrew.evaluator

    def noted(crew: LocalCrew, watcher: Watcher, interrupted: Callable[[], bool], weight: float) -> Evaluator:
        crews.append(id(crew))
        weights.append(weight)
        return evaluator(crew, watcher, interrupted, weight)

    monkeypatch.setattr(LocalCrew, "evaluator", noted)
    monkeypatch.setenv("GENEPOOL_MAX_CONCURRENT_SYMBOLS", "2")
    document = here(tmp_path, "evolve", "--data", f"{MARKET},{OTHER}", *SHORT, "--json").document
    assert [part["state"] for part in document["result"]["parts"]] == ["done", "done"]
    assert (len(crews), len(set(crews)), len(set(weights))) == (2, 1, 1)
    monkeypatch.undo()
    alone = here(tmp_path / "other", "evolve", "--data", MARKET, *SHORT, "--name", "job-2", "--json").document
    assert alone["digest"] == document["result"]["parts"][0]["digest"]


def test_a_market_that_fails_leaves_the_others_done_and_gives_the_exit_code(tmp_path: Path) -> None:
    bad, folder = candle_file(tmp_path / "bad.csv", 3_000), tmp_path / "home"
    words = ("--data", f"{MARKET},bad.csv", "--market", "crypto", *SHORT)
    queued = json.loads(here(tmp_path, "jobs", "submit", *words[:-4], "--json").out)
    assert len(queued) == 3
    bad.unlink()
    worker = here(tmp_path, "jobs", "work", "--until-empty")
    assert worker.code == 0, worker.err
    whole: dict[str, Any] = here(tmp_path, "jobs", "show", "1", "--json").document
    parts = whole["result"]["parts"]
    assert [(part["state"], part["exit_code"]) for part in parts] == [("done", 0), ("failed", 3)]
    page = (tmp_path / "results" / "batch-1.html").read_text()
    assert "Not all markets are done" in page
    assert folder.is_dir()


def test_what_no_market_could_be_bred_by_is_refused_before_any_is(tmp_path: Path) -> None:
    for words, code, said in (
        (
            ("--data", "nowhere,btcusd_1h,neither"),
            3,
            "no data set 'nowhere', 'neither': choose from btcusd_1h",
        ),
        (("--data", "btcusd_1h,BTCUSD_1h"), 2, "btcusd_1h, as BTCUSD_1h again, is named twice"),
        (("--data", "nothing*.csv"), 3, "nothing fits 'nothing*.csv'"),
        (("--data", ","), 2, "names no market"),
        (("--data", "btcusd_1h,eurusd_1h", "--name", "both"), 2, "--name is for one market"),
        (("--data", "btcusd_1h,eurusd_1h", "--no-report"), 2, "--no-report is for one market"),
        (
            ("--data", "btcusd_1h,eurusd_1h", "--mode", "distributed"),
            2,
            "--mode distributed is for one market",
        ),
        (("--data", "btcusd_1h", "--universe", "x.txt"), 2, "--data and --universe both say"),
        (("--universe", "x.txt"), 2, "x.txt cannot be read"),
        (("--data", "btcusd_1h,eurusd_1h", "--repair"), 2, "--repair says how a file is read"),
    ):
        refused = here(tmp_path, "evolve", *words)
        assert (refused.code, said in refused.err) == (code, True), refused.err
    assert json.loads(here(tmp_path, "jobs", "list", "--all", "--json").out) == []


def test_a_pattern_stands_for_files_or_for_names_and_a_file_with_odd_signs_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("candles/b.csv", "candles/a.csv", "odd,[1].csv"):
        candle_file(tmp_path / name, 3)
    assert markets_of("candles/*.csv", tmp_path) == ["candles/a.csv", "candles/b.csv"]
    assert markets_of(str(tmp_path / "candles" / "*.csv"), tmp_path) == [
        str(tmp_path / "candles" / name) for name in ("a.csv", "b.csv")
    ]
    assert markets_of("*usd_1h", tmp_path) == ["btcusd_1h", "eurusd_1h"]
    assert markets_of("odd,[1].csv", tmp_path) == ["odd,[1].csv"]
    assert markets_of(f" btcusd_1h, {OTHER},candles/a.csv", tmp_path) == ["btcusd_1h", OTHER, "candles/a.csv"]
    with pytest.raises(ConfigError, match="named twice"):
        markets_of("candles/*.csv,candles/a.csv", tmp_path)


def test_a_universe_names_one_market_a_line(tmp_path: Path) -> None:
    universe = tmp_path / "universe.txt"
    universe.write_text(f"# mine\n\nbtcusd_1h  # a coin\n{OTHER}\n")
    assert markets_in(universe, tmp_path) == ["btcusd_1h", OTHER]
    universe.write_text("# none\n")
    with pytest.raises(ConfigError, match="names no market"):
        markets_in(universe, tmp_path)
    universe.write_text("nowhere\neurusd_1h\n")
    with pytest.raises(DataError, match="no data set 'nowhere'"):
        markets_in(universe, tmp_path)
    assert here(tmp_path, "evolve", "--universe", "universe.txt", *SHORT).code == 3


def test_ctrl_c_leaves_all_resumable_and_says_what_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[StopRequest] = []
    begun: list[Path] = []

    def noted(told: Callable[[], object]) -> StopRequest:
        made.append(StopRequest(told=told))
        return made[-1]

    def begin(folder: Path) -> None:
        begun.append(folder)
        if len(begun) == 2:
            made[0].make()

    monkeypatch.setattr("genepool.cli._stopping.StopRequest", noted)
    monkeypatch.setattr("genepool.bootstrap.job_kinds.evolve.check_folder", begin)
    words = ("--data", f"{MARKET},{OTHER}", *SHORT)
    stopped = here(tmp_path, "evolve", *words)
    assert (stopped.code, "jobs work --until-empty" in stopped.err) == (130, True), stopped.err
    assert here(tmp_path, "jobs", "show", "1", "--json").document["state"] == "queued"
    monkeypatch.undo()
    assert here(tmp_path, "jobs", "work", "--until-empty").code == 0
    shown = here(tmp_path, "jobs", "show", "1", "--json").document
    assert [part["state"] for part in shown["result"]["parts"]] == ["done", "done"]


def test_other_jobs_of_the_queue_are_left_to_their_workers(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with closing(open_store(settings)) as store:
        store.jobs.submit(NewJob("evolve", {"data": MARKET}, priority="interactive"))
    assert here(tmp_path, "evolve", "--data", f"{MARKET},{OTHER}", *SHORT).code == 0
    assert here(tmp_path, "jobs", "show", "1", "--json").document["state"] == "queued"
