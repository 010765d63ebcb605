"""What jobs of each kind find is what the command of that name says; a later attempt finds the same again."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from genepool.adapters.exchange.ccxt_client import RetryPolicy
from genepool.adapters.files.catalogue import find_candles
from genepool.adapters.store import SqlStore
from genepool.bootstrap.breeding import own_breeder
from genepool.bootstrap.job_kinds import Means, job_kinds
from genepool.bootstrap.null_evaluating import own_evaluator
from genepool.bootstrap.stores import open_store
from genepool.errors import ConfigError, DataError, GenepoolError, Interrupted
from genepool.jobs import Job, NewJob
from genepool.pool.job_worker import BrokenOff
from genepool.pool.stop_request import StopRequest
from genepool.ports import Event, LiveCompared, NullsCompared, RunClimbed
from genepool.reading.file_candles import FileCandles
from genepool.settings import Settings
from genepool.usecases.backtest_job import BacktestJob
from genepool.usecases.download_job import DownloadJob
from genepool.usecases.evolve_job import asked_by, continuation_of
from genepool.usecases.import_job import ImportJob
from genepool.usecases.nulls_job import NullsJob
from genepool.usecases.refresh_job import RefreshJob
from genepool.usecases.report_job import ReportJob
from genepool.usecases.start_run import start_run
from tests.fakes.hyperliquid import Hyperliquid, milliseconds, serving
from tests.fakes.programs import here

MARKET = "synthetic:regimes:seed=3,candles=4000"
SHORT = (
    "--population-size", "8", "--seed", "5", "--strategies", "ema_crossover,rsi_filter", "--generations", "2",
    "--mode", "local", "--workers", "1", "--preset", "all",
)  # fmt: skip


@dataclass
class Try:
    """``Attempt`` without a heart, which stops after so many words of progress."""

    job: Job
    patience: int = 1_000_000
    broken_off: BrokenOff = ""
    stop: StopRequest = field(default_factory=StopRequest)
    told: list[Mapping[str, Any]] = field(default_factory=list)

    def tell(self, progress: Mapping[str, Any]) -> None:
        self.told.append(progress)
        if len(self.told) >= self.patience:
            self.stop.make()


@dataclass
class Desk:
    """A worker's kinds on a history of its own."""

    folder: Path
    settings: Settings
    store: SqlStore
    events: list[Event] = field(default_factory=list)

    def attempt(self, asked: NewJob, patience: int = 1_000_000) -> Try:
        return Try(self.store.jobs.submit(asked), patience)

    def do(self, attempt: Try) -> dict[str, Any]:
        breeding = partial(own_breeder, self.settings, "genepool")
        evaluating = partial(own_evaluator, self.settings)
        kinds = job_kinds(Means(self.settings, self.store, breeding, evaluating, self.events.append))
        # As the queue keeps it: what JSON has.
        found: dict[str, Any] = json.loads(
            json.dumps(kinds[attempt.job.asked.kind](attempt), allow_nan=False)
        )
        return found

    def done(self, kind: str, terms: Mapping[str, Any], run: str | None = None) -> dict[str, Any]:
        return self.do(self.attempt(NewJob(kind, terms, run=run)))

    def evolved(self, *words: str) -> dict[str, Any]:
        return here(self.folder, "evolve", *SHORT, *words, "--json").document


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    settings = Settings(home=tmp_path / "home", results=tmp_path / "results", ray_address="", service_url="")
    with closing(open_store(settings)) as store:
        yield Desk(tmp_path, settings, store)


def test_a_backtest_finds_what_the_command_prints(desk: Desk) -> None:
    asked = BacktestJob(
        MARKET, strategy="ema_crossover", genes={"fast": 12, "slow": 48}, candles=2000, fee_bps=7.5, stop=1500
    )
    words = (
        "--data", MARKET, "--strategy", "ema_crossover", "--gene", "fast=12", "--gene", "slow=48",
        "--candles", "2000", "--fee-bps", "7.5", "--stop", "1500",
    )  # fmt: skip
    found = desk.done("backtest", asked.terms)
    assert found == here(desk.folder, "backtest", *words, "--json").document
    assert found == desk.done("backtest", asked.terms), "a later attempt finds the same"


def test_a_backtest_of_an_exported_genome_trades_it_by_its_own_rules(desk: Desk) -> None:
    desk.evolved("--data", MARKET, "--name", "one", "--no-report")
    file = desk.folder / "champion.json"
    here(desk.folder, "export", "one", "--out", str(file))
    found = desk.done("backtest", BacktestJob(genome=json.loads(file.read_text())).terms)
    printed = here(desk.folder, "backtest", "--genome", str(file), "--json").document
    assert found | {"genome_file": None} == printed | {"genome_file": None}


@pytest.mark.parametrize(
    ("kind", "terms", "said"),
    [
        ("backtest", {"data": MARKET, "strategie": "rsi"}, "a request has no 'strategie'"),
        ("backtest", {"data": MARKET, "strategy": "ema_crossover", "reading": ["--nonsense"]}, "--nonsense"),
        ("backtest", {"data": MARKET, "strategy": "ema_crossover", "reading": ["--help"]}, "--help"),
        ("backtest", {"data": MARKET}, "say who trades"),
        ("report", {}, "a request needs 'run'"),
        ("report", {"run": "nowhere"}, "there is no run nowhere"),
        ("import", {"file": "/nowhere", "called": "a.csv"}, "a.csv cannot be read"),
        ("download", {"since": "yesterday"}, "since is 'yesterday'"),
        ("download", {"since": "2024-01-02", "until": "2024-01-01"}, "no candles lie between"),
        ("refresh", {"run": "nowhere"}, "there is no run nowhere"),
        ("follow", {"run": "nowhere", "trades": "bot.csv"}, "there is no run nowhere"),
        ("follow", {"run": "nowhere", "trades": "bot.csv", "capital": -1.0}, "capital is -1.0"),
        ("nulls", {"run": "nowhere"}, "there is no run nowhere"),
        ("nulls", {"run": "nowhere", "generator": "coin"}, "there is no generator of null markets 'coin'"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(
    desk: Desk, kind: str, terms: dict[str, Any], said: str
) -> None:
    with pytest.raises(GenepoolError, match=said):
        desk.done(kind, terms)


def test_a_report_is_written_into_the_results_again_and_again(desk: Desk) -> None:
    desk.evolved("--data", MARKET, "--name", "one", "--no-report")
    first = desk.done("report", ReportJob("one").terms)
    assert Path(first["report"]) == desk.settings.results / "one.html"
    assert "one" in Path(first["report"]).read_text()
    assert desk.done("report", ReportJob("one").terms) == first


def test_nulls_that_a_worker_made_are_continued_by_the_next(desk: Desk) -> None:
    desk.evolved("--data", MARKET, "--name", "one", "--no-report")
    broken = desk.attempt(NewJob("nulls", NullsJob("one", 3).terms), patience=1)
    with pytest.raises(Interrupted):
        desk.do(broken)
    assert [one.number for one in desk.store.null_searches("one")] == [0, 1]
    found = desk.done("nulls", NullsJob("one", 3).terms)
    nulls = found["nulls"]
    assert nulls["count"] == 3
    compared, climbed = desk.events[-2:]
    assert compared == NullsCompared("one", 3, nulls["p_value"], nulls["p_corrected"])
    assert isinstance(climbed, RunClimbed)
    assert found == here(desk.folder, "nulls", "one", "--count", "3", "--json").document


def candles_in(path: Path, count: int, first: int = 0) -> Path:
    rows = [
        f"{1_577_836_800 + 3_600 * k},{100 + k % 7},{102 + k % 7},{99 + k % 7},{101 + k % 7},1"
        for k in range(first, count)
    ]
    path.write_text("\n".join(["time,open,high,low,close,volume", *rows]) + "\n")
    return path


def test_an_import_keeps_what_the_command_keeps_under_its_users_name_for_it(desk: Desk) -> None:
    file = candles_in(desk.folder / "3f9a", 50)
    asked = ImportJob(str(file), "../../GOLD.csv", licence="CC0", reading=("--market", "future"))
    found = desk.done("import", asked.terms)
    assert (found["name"], found["symbol"], found["licence"]) == ("GOLD_1h", "GOLD", "CC0")
    again = desk.done("import", asked.terms)
    assert again == found
    assert file.exists()
    assert [path.name for path in (desk.settings.home / "candles").iterdir()] == ["GOLD_1h.parquet"]
    other = candles_in(desk.folder / "GOLD.csv", 50)
    printed = here(
        desk.folder, "data", "import", str(other), "--licence", "CC0", "--market", "future", "--json"
    )
    assert printed.document == found


def test_nothing_is_kept_of_a_file_that_is_refused(desk: Desk) -> None:
    file = desk.folder / "upload"
    file.write_text("time,open\n1,2\n")
    with pytest.raises(DataError, match=r"prices\.csv"):
        desk.done("import", ImportJob(str(file), "prices.csv").terms)
    assert not list(desk.folder.rglob("*.parquet"))


@pytest.fixture
def exchange() -> Iterator[Hyperliquid]:
    if find_spec("ccxt") is None:
        pytest.skip("downloads need the extra 'exchange'")
    hasty = RetryPolicy(attempts=3, first_wait=0.0, between_requests=1)
    policy = mock.patch("genepool.adapters.exchange.ccxt_client.RetryPolicy", return_value=hasty)
    with policy, serving(Hyperliquid(milliseconds())) as server:
        yield server


def test_a_download_tells_how_many_candles_came_and_is_continued_after_a_stop(
    desk: Desk, exchange: Hyperliquid
) -> None:
    asked = DownloadJob(candles=2_500, base_url=exchange.url)
    broken = desk.attempt(NewJob("download", asked.terms), patience=2)
    with pytest.raises(Interrupted, match="what came is kept"):
        desk.do(broken)
    assert broken.told[-1]["candles"] >= 1_000
    before = len(exchange.asked)
    found = desk.do(Try(broken.job))
    assert (found["name"], found["candles"]) == ("BTC_1h", 2_500)
    continued = len(exchange.asked) - before
    desk.done("download", replace(asked, symbol="ETH").terms)
    assert continued < len(exchange.asked) - before - continued, (
        "pages that were kept are not asked for again"
    )


def test_a_download_between_two_moments_has_the_candles_between_them(
    desk: Desk, exchange: Hyperliquid
) -> None:
    def hours_ago(hours: int) -> str:
        return time.strftime("%Y-%m-%dT%H:00", time.gmtime(exchange.now / 1000 - hours * 3600))

    asked = DownloadJob(since=hours_ago(200), until=hours_ago(100), base_url=exchange.url)
    found = desk.done("download", asked.terms)
    assert found["candles"] == 100
    assert found["first"][:13].replace(" ", "T") == hours_ago(200)[:13]


def test_without_ccxt_a_download_fails_with_the_sentence_of_the_command(desk: Desk) -> None:
    with mock.patch.dict("sys.modules", ccxt=None), pytest.raises(ConfigError, match="pip install"):
        desk.done("download", DownloadJob().terms)


def test_an_evolution_that_was_recorded_before_its_job_is_resumed_with_larger_budgets(desk: Desk) -> None:
    desk.evolved("--data", MARKET, "--name", "one")
    larger = desk.done("evolve", continuation_of({"generations": 4}), run="one")
    assert larger["generations"] == 4
    other = Desk(desk.folder / "other", desk.settings, desk.store)
    whole = other.evolved("--data", MARKET, "--name", "one", "--generations", "4")
    assert larger["digest"] == whole["digest"]
    assert (larger["rung"], larger["verdict"]) == (whole["ladder"]["reached"], whole["verdict"])
    assert "4 generations" in Path(larger["report"]).read_text()
    # Killed between its report and its end: what is found again is the same.
    assert desk.done("evolve", continuation_of({"generations": 4}), run="one") == larger


def test_a_run_that_was_recorded_and_waits_is_bred_by_its_job(desk: Desk) -> None:
    words = ("--data", MARKET, "--population-size", "8", "--generations", "2", "--strategies", "rsi_filter")
    here(desk.folder, "jobs", "submit", *words)
    asked = asked_by(desk.store.jobs.job(1).asked.request, "two")
    start_run(asked, FileCandles(desk.settings.home, print), desk.store)
    desk.store.submit("two")
    assert [summary.state for summary in desk.store.summaries()] == ["queued"]
    assert desk.done("evolve", continuation_of({}), run="two")["generations"] == 2


@pytest.mark.parametrize(
    ("run", "budgets", "said"),
    [
        ("one", {"generations": 1}, "--generations 1 is less than the 2 of run one"),
        ("one", {"generation": 9}, "there is no budget 'generation'"),
        ("one", {"generations": True}, "the budget generations is True"),
        ("another", {}, "there is no run another to resume"),
    ],
)
def test_a_budget_that_is_none_is_refused(desk: Desk, run: str, budgets: dict[str, Any], said: str) -> None:
    desk.evolved("--data", MARKET, "--name", "one", "--no-report")
    with pytest.raises(GenepoolError, match=said):
        desk.done("evolve", continuation_of(budgets), run=run)


def market_of(folder: Path, candles: int) -> Path:
    """Write the first candles of a market to one file."""
    whole, path = find_candles("synthetic:regimes:seed=3,candles=4400", folder), folder / "grown.csv"
    rows = zip(whole.stamps // 10**9, whole.open, whole.high, whole.low, whole.close, strict=True)
    lines = [",".join(str(cell) for cell in row) for row in rows]
    path.write_text("\n".join(["time,open,high,low,close", *lines[:candles]]) + "\n")
    return path


def test_a_champion_is_refreshed_on_new_candles_and_the_trials_of_both_count(desk: Desk) -> None:
    words = ("--market", "crypto", "--no-report")
    desk.evolved("--data", str(market_of(desk.folder, 4000)), "--name", "gold", *words)
    skipped = desk.done("refresh", RefreshJob("gold").terms)
    assert (skipped["run"], "nothing new" in skipped["skipped"]) == ("gold", True)
    market_of(desk.folder, 4400)
    attempt = desk.attempt(NewJob("refresh", RefreshJob("gold").terms))
    found = desk.do(attempt)
    assert found["run"] == f"gold-refresh-{attempt.job.id}"
    old, new = desk.store.spec("gold"), desk.store.spec(found["run"])
    assert (new.candles, old.candles) == (4400, 4000)
    assert (new.settings, new.costs, new.split, new.seed) == (old.settings, old.costs, old.split, old.seed)
    assert found["before"]["run"] == "gold"
    assert found["before"]["champion"]["fingerprint"]
    assert found["champion"]["fingerprint"]
    alone = {summary.spec.run: summary.evaluations for summary in desk.store.summaries()}
    assert found["trials"] > max(alone.values()), "what both tried counts, on common candles"
    assert desk.do(attempt) == found, "a later attempt makes no second run"
    assert "nothing new" in desk.done("refresh", RefreshJob("gold").terms)["skipped"]
    assert sorted(alone) == ["gold", found["run"]]


def test_a_refresh_that_was_broken_off_ends_in_the_run_that_it_had_begun(desk: Desk) -> None:
    words = ("--market", "crypto", "--no-report", "--generations", "3")
    desk.evolved("--data", str(market_of(desk.folder, 4000)), "--name", "gold", *words)
    market_of(desk.folder, 4400)
    broken = desk.attempt(NewJob("refresh", RefreshJob("gold").terms), patience=2)
    with pytest.raises(Interrupted):
        desk.do(broken)
    name = f"gold-refresh-{broken.job.id}"
    assert [summary.spec.run for summary in desk.store.summaries()] == [name, "gold"]
    found = desk.do(Try(broken.job))
    assert (found["run"], found["generations"], found["before"]["run"]) == (name, 3, "gold")
    other = Desk(desk.folder / "other", desk.settings, desk.store)
    whole = other.evolved("--data", str(desk.folder / "grown.csv"), "--name", name, *words)
    assert found["digest"] == whole["digest"], "as if nothing had broken it off"


def test_downloaded_candles_are_continued_before_their_champion_is_refreshed(
    desk: Desk, exchange: Hyperliquid
) -> None:
    desk.done("download", DownloadJob(candles=3_000, base_url=exchange.url).terms)
    desk.evolved("--data", "BTC_1h", "--name", "coin", "--no-report")
    exchange.now += 100 * 3_600_000
    # It has forgotten the oldest of what was downloaded.
    exchange.retained = 500
    terms = RefreshJob("coin", download=True, base_url=exchange.url).terms
    with mock.patch("time.time_ns", return_value=exchange.now * 1_000_000):
        found = desk.done("refresh", terms)
    assert desk.store.spec(found["run"]).market_digest != desk.store.spec("coin").market_digest
    assert len(find_candles("BTC_1h", desk.settings.home)) == 3_100


def test_a_refresh_is_scheduled_and_a_recorded_run_is_queued_by_commands(desk: Desk) -> None:
    desk.evolved("--data", MARKET, "--name", "one", "--no-report")
    here(desk.folder, "jobs", "schedule", "one", "--every", "7d")
    here(desk.folder, "jobs", "resume", "one", "--generations", "4")
    (planned,) = desk.store.jobs.planned()
    assert (planned.asked.kind, planned.every_seconds) == ("refresh", 604_800)
    assert RefreshJob.by(planned.asked.request) == RefreshJob("one")
    assert "schedule 1 refreshes one" in here(desk.folder, "jobs", "schedules").out
    job = desk.store.jobs.job(1)
    assert (job.asked.kind, job.asked.run, job.asked.request) == (
        "evolve",
        "one",
        {"budgets": {"generations": 4}},
    )
    refused = here(desk.folder, "jobs", "resume", "one", "--generations", "1")
    assert (refused.code, "less than the 2" in refused.err) == (2, True)


def bot_of(desk: Desk, grown: Path) -> Path:
    """Write the record of a bot that trades the champion of run gold since the run's last candle."""
    genome, record = desk.folder / "gold.json", desk.folder / "bot.csv"
    here(desk.folder, "export", "gold", "--out", str(genome))
    words = ("--genome", str(genome), "--data", str(grown), "--market", "crypto", "--candles", "all")
    here(desk.folder, "backtest", *words, "--start", "4000", "--trades", str(record))
    return record


def test_a_live_record_is_followed_by_jobs_again_and_again(desk: Desk) -> None:
    words = ("--market", "crypto", "--no-report")
    desk.evolved("--data", str(market_of(desk.folder, 4000)), "--name", "gold", *words)
    record = bot_of(desk, market_of(desk.folder, 4400))
    planned = here(desk.folder, "jobs", "schedule", "gold", "--every", "1d", "--trades", str(record))
    assert (planned.code, "schedule 1 follows gold every 1d" in planned.out) == (0, True)
    assert "schedule 1 follows gold" in here(desk.folder, "jobs", "schedules").out
    (schedule,) = desk.store.jobs.planned()
    found = desk.done(schedule.asked.kind, schedule.asked.request)
    printed = here(desk.folder, "follow", "gold", "--trades", str(record), "--json")
    assert found | {"record": ""} == printed.document | {"record": ""}
    assert printed.code == (0 if found["place"] == "inside" else 5)
    assert (found["missed"], found["extra"], found["gap"]) == (0, 0, pytest.approx(0.0, abs=1e-12))
    assert found["matched"] > 3
    (compared,) = [event for event in desk.events if isinstance(event, LiveCompared)]
    assert (compared.run, compared.quantile, compared.place) == ("gold", found["quantile"], found["place"])
    refused = here(desk.folder, "jobs", "schedule", "gold", "--every", "1d", "--since", "2020-01-01")
    assert (refused.code, "add --trades" in refused.err) == (2, True)


def test_an_import_is_drawn_and_deleted_by_its_name(desk: Desk) -> None:
    file = candles_in(desk.folder / "GOLD.csv", 50)
    here(desk.folder, "data", "import", str(file))
    drawn = here(desk.folder, "data", "preview", "gold_1h", "--points", "10", "--json").document
    assert (drawn["name"], len(drawn["close"]), drawn["gaps"]) == ("GOLD_1h", 10, [])
    assert "50 candles of 1h" in here(desk.folder, "data", "preview", "GOLD_1h").out
    assert "GOLD_1h is deleted" in here(desk.folder, "data", "delete", "gold_1h").out
    assert here(desk.folder, "data", "delete", "gold_1h").code == 2
    assert here(desk.folder, "data", "preview", str(file)).code == 2
