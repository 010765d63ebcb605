"""A run starts and resumes by a plain request, from whatever source its candles come."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from genepool.errors import ConfigError, DataError, RunNotFound, RunPruned
from genepool.evolution.settings import EvolutionSettings
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.usecases.resume_run import OldRun, planned_again, resume_run
from genepool.usecases.start_run import NewRun, record_run, start_run
from tests.fakes.bred_runs import SEEDS, a_request, bred_run, record_in
from tests.fakes.candle_sources import NamedCandles, WholeHistory

MARKET = synthetic_market("regimes", 5, 2_600)
NEW = NewRun(
    data="ours",
    reading=("--decimal", "comma"),
    run="first",
    seed=3,
    preset="all",
    candles=None,
    split=SplitRule(purge=8, embargo=8),
    basis_points={"taker_fee": 7.0},
    max_leverage=2.0,
    settings=EvolutionSettings(10, 2),
    objective="sharpe",
    strategies=SEEDS,
    version="0",
)


def source(kind: str = "crypto") -> NamedCandles:
    return NamedCandles({"ours": MARKET}, kind)


def test_a_new_run_is_recorded_with_the_costs_of_its_kind_of_market_and_those_that_were_said() -> None:
    history, candles = WholeHistory(), source()
    spec = start_run(NEW, candles, history).spec
    assert history.spec("first") == spec
    assert candles.asked == [("ours", ("--decimal", "comma"), "", "")]
    assert (spec.market, spec.reading) == ("crypto", ("--decimal", "comma"))
    assert (spec.costs.taker_fee, spec.costs.slippage, spec.costs.max_leverage) == (7e-4, 1e-4, 2.0)


def test_nothing_is_recorded_of_a_run_whose_costs_nobody_knows() -> None:
    history = WholeHistory()
    nameless = NamedCandles({"ours": replace(MARKET, symbol="WIDGET", funding=None)}, "")
    with pytest.raises(ConfigError, match="what trading WIDGET costs is not known"):
        start_run(NEW, nameless, history)
    assert history.summaries() == []


def test_a_run_without_a_name_gets_one_of_market_and_time_that_no_other_has() -> None:
    history = WholeHistory()
    names = [
        record_run(
            MARKET, a_request("", 2, 10, "ours"), history, lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        ).spec.run
        for _ in range(3)
    ]
    assert names == [f"synthetic-regimes-1h-260102-030405{end}" for end in ("", "-2", "-3")]


def test_a_run_is_resumed_on_its_candles_read_as_they_were() -> None:
    history, candles = WholeHistory(), source()
    started = start_run(NEW, candles, history)
    resumed = resume_run(OldRun("fir"), candles, history)
    assert resumed.plan.spec == started.spec
    assert resumed.enlargement == ""
    assert candles.asked[-1] == ("ours", NEW.reading, "SYNTHETIC-REGIMES", "1h")


def test_other_words_and_another_place_go_before_those_of_the_run() -> None:
    history, candles = WholeHistory(), source()
    spec = start_run(NEW, candles, history).spec
    candles.markets["moved"] = MARKET
    planned_again(spec, candles, "moved", ("--repair",))
    assert candles.asked[-1][:2] == ("moved", ("--repair",))


def test_a_larger_budget_is_recorded_and_said() -> None:
    history, candles = WholeHistory(), source()
    start_run(NEW, candles, history)
    resumed = resume_run(OldRun("first", budgets={"generations": 9}), candles, history)
    assert history.spec("first").settings.generations == 9
    assert resumed.plan.spec == history.spec("first")
    assert resumed.enlargement.startswith("run first continues with --generations 9 instead of 2")


def test_a_smaller_budget_changes_nothing() -> None:
    history, candles = WholeHistory(), source()
    before = start_run(NEW, candles, history).spec
    with pytest.raises(ConfigError, match="--generations 1 is less than the 2 of run first"):
        resume_run(OldRun("first", budgets={"generations": 1}), candles, history)
    assert history.spec("first") == before


def test_a_run_that_cannot_be_resumed_says_why() -> None:
    history, run = WholeHistory("small"), bred_run()
    candles = NamedCandles({run.plan.spec.data: run.plan.candles})
    with pytest.raises(RunNotFound, match=r"start one with `pool evolve`"):
        resume_run(OldRun("small"), candles, history, "pool")
    record_in(history, run)
    with pytest.raises(RunPruned):
        resume_run(OldRun("small"), candles, history)
    with pytest.raises(DataError, match="are not those that run small began with"):
        planned_again(run.plan.spec, NamedCandles({run.plan.spec.data: MARKET.slice(0, 2_000)}))
