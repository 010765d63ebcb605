"""What was recorded of a run is described, exported and reported without a terminal or a database."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from genepool.backtest.phases import phase_backtests
from genepool.errors import ConfigError
from genepool.history import BOARD_PLACES
from genepool.pool.report_data import ReportData
from genepool.pool.stopping import Stopper
from genepool.usecases.describe_run import describe_run
from genepool.usecases.export_run import ExportedGenome, ExportWriters, What, export_run
from genepool.usecases.list_runs import list_runs
from genepool.usecases.past_run import PastRun
from genepool.usecases.report_run import report_run
from genepool.usecases.stop_run import ask_to_stop, stopped_run
from tests.fakes.bred_runs import bred_run, record_in
from tests.fakes.candle_sources import NamedCandles, WholeHistory
from tests.fakes.memory import ManualClock

RUN = bred_run()
CANDLES = NamedCandles({RUN.plan.spec.data: RUN.plan.candles})


def past(source: NamedCandles = CANDLES) -> PastRun:
    history = WholeHistory()
    record_in(history, RUN)
    return PastRun(history.summaries()[0], history, source)


def test_a_described_run_has_its_board_its_species_and_its_verdict() -> None:
    document = describe_run(past()).as_json()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["leaderboard"][0]["fingerprint"] == document["champion"]["fingerprint"]
    assert sum(document["species"].values()) == RUN.plan.spec.settings.population_size
    assert document["verdict"]
    assert document["no_verdict_because"] is None


def test_without_its_candles_it_has_no_verdict_and_says_why() -> None:
    document = describe_run(past(NamedCandles({}))).as_json()
    assert document["verdict"] is None
    assert document["champion"] is None
    assert document["no_verdict_because"].startswith("there is no data set")
    assert len(document["leaderboard"]) == 20


def test_the_list_names_run_and_market() -> None:
    (line,) = list_runs([RUN.summary])
    assert (line.run, line.symbol, line.state) == ("small", "SYNTHETIC-REGIMES", "finished")
    assert list(line.as_json())[:3] == ["run", "symbol", "timeframe"]


def written_rows(*found: object) -> int:
    return len(found)


def writers(files: dict[str, Any]) -> ExportWriters:
    def genome(path: Path, document: object) -> None:
        files[path.name] = document

    return ExportWriters(genome, written_rows, written_rows, written_rows, written_rows, phase_backtests)


def test_an_export_hands_the_writer_the_genome_at_its_rank() -> None:
    files: dict[str, Any] = {}
    done = export_run(past(), What.GENOME, 2, Path("second"), writers(files))
    assert done == ExportedGenome("small", What.GENOME, "second", 1, 2)
    assert files["second"].rank == 2
    assert files["second"].fingerprint == RUN.judged.board[1].genome.fingerprint


def test_all_trials_have_no_rank() -> None:
    done = export_run(past(), What.TRIALS, 1, Path("all"), writers({})).as_json()
    assert done == {"run": "small", "what": "trials", "file": "all", "rows": 2}


def test_equity_is_written_beside_that_of_holding() -> None:
    assert export_run(past(), What.EQUITY, 1, Path("e"), writers({})).rows == 3
    assert export_run(past(), What.FILLS, 1, Path("f"), writers({})).rows == 2


@dataclass
class NotedReports:
    """``ReportWriter`` that notes what it was given to draw."""

    path: Path
    drawn: list[ReportData] = field(default_factory=list)

    def __call__(self, data: ReportData) -> Path:
        self.drawn.append(data)
        self.path.write_text("report")
        return self.path


def test_a_report_says_where_its_file_is_and_how_large(tmp_path: Path) -> None:
    run = past()
    reports = NotedReports(tmp_path / "r.html")
    done = report_run(run, reports)
    assert done.as_json() == {"run": "small", "report": str(tmp_path / "r.html"), "bytes": 6}
    assert reports.drawn[0].judged.board == RUN.judged.board[:BOARD_PLACES]


def test_neighbours_that_the_run_did_not_try_are_trials_before_it_is_judged(tmp_path: Path) -> None:
    run = past()
    before = run.history.trials(RUN.plan.spec.market_digest)
    reports = NotedReports(tmp_path / "r.html")
    report_run(run, reports)
    (data,) = reports.drawn
    assert data.neighbourhood is not None
    assert data.judged.trials == run.history.trials(RUN.plan.spec.market_digest) > before


@pytest.fixture
def stopper() -> tuple[Stopper, WholeHistory]:
    history = WholeHistory()
    history.create(RUN.plan.spec)
    return Stopper(history, history, ManualClock(), lambda _: None), history


def test_a_queued_run_is_taken_out_and_can_be_resumed(stopper: tuple[Stopper, WholeHistory]) -> None:
    ends, history = stopper
    history.submit("small")
    before = ask_to_stop("sm", ends)
    document = stopped_run(before, ends.wait("small", 0), "pool").as_json()
    assert (document["before"], document["state"]) == ("queued", "interrupted")
    assert document["resume"] == "pool evolve --resume small"
    with pytest.raises(ConfigError, match="has ended already"):
        ask_to_stop("small", ends)
