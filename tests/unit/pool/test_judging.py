"""Judging a run: what holding would have made, and prices that cannot be judged."""

from dataclasses import replace

import numpy as np
import pytest

from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.errors import InvalidCandles
from genepool.evolution.population import Candidate, Individual
from genepool.market.candles import FloatArray
from genepool.market.costs import CostModel
from genepool.pool.honesty import HonestyMeter
from genepool.pool.judging import constant_positions, judge, told_apart
from genepool.pool.ranking import Ranking
from genepool.ports import ChampionWeighed, Event, GenerationFinished, RunStarted
from genepool.robustness.ledger import Uncounted
from genepool.strategies import seed_strategies
from tests.fakes.bred_runs import bred_run
from tests.fakes.histories import a_spec
from tests.fakes.rankings import ranking_of
from tests.fakes.tiny_markets import FREE, Row, flat, tiny_market


def problem(rows: list[Row], costs: CostModel = FREE) -> Problem:
    return Problem(tiny_market(rows), (0, 10), ((12, 20),), costs, "sharpe")


def test_holding_is_bought_at_the_second_open_and_valued_at_the_last_close() -> None:
    held: FloatArray = np.linspace(100, 119, 20)
    hold, _ = constant_positions(problem([(p, p, p, p) for p in held.tolist()]))
    in_sample, walk_forward = hold.in_sample, hold.walk_forward
    assert in_sample.total_return == pytest.approx(held[9] / held[1] - 1)
    assert walk_forward.total_return == pytest.approx(held[19] / held[12] - 1)
    assert (in_sample.trades, walk_forward.trades) == (1, 1)


def test_prices_that_leap_beyond_measure_are_refused_in_a_sentence() -> None:
    with pytest.raises(InvalidCandles, match="TINY cannot be judged"):
        constant_positions(problem([*flat(1e-200, 5), *flat(1e200, 15)]))


def test_a_run_that_was_stopped_before_its_first_evaluation_is_not_blamed_on_its_genomes() -> None:
    judged = judge(problem(flat(100, 20)), Ranking(), trials=0)
    assert judged.deflation == "No genome was evaluated on both spans: there is nothing to judge."
    assert judged.champion is None


def test_the_benchmark_of_a_market_that_falls_is_short_holding() -> None:
    falling = [(p, p, p, p) for p in np.linspace(119, 100, 20).tolist()]
    judged = judge(problem(falling), Ranking(), trials=0)
    assert judged.benchmark is judged.short
    assert judged.short.walk_forward.total_return > 0 > judged.hold.walk_forward.total_return


def test_holding_inside_the_folds_is_told_apart_from_holding_over_their_whole_span() -> None:
    """The price doubles between two folds, where no genome may trade."""
    rows = [*flat(100, 14), *flat(200, 6)]
    folds = Problem(tiny_market(rows), (0, 8), ((9, 13), (15, 20)), FREE, "sharpe")
    hold, _ = constant_positions(folds)
    assert hold.walk_forward.total_return == 0.0
    assert hold.whole.total_return == pytest.approx(1.0)


def test_tries_that_do_not_count_are_told_with_the_reason() -> None:
    spec = a_spec()
    assert told_apart(Uncounted(), spec) == ""
    assert told_apart(Uncounted(other_candles=60), spec) == (
        "60 genomes were tried on other data of BTCUSD 1h, which have too few candles in a row in common "
        "with these"
    )
    assert "older GenePool" in told_apart(Uncounted(unknown_candles=60), spec)


def test_metrics_weigh_the_champion_of_the_whole_run_after_a_resume_too() -> None:
    """A newcomer that is fitter in sample does not displace it, nor does the newest population."""
    run = bred_run()
    champion, told = run.judged.champion, list[Event]()
    assert champion is not None
    assert champion.evaluation.scored is not None
    meter = HonestyMeter(run.plan.problem, 90, told.append)
    meter(RunStarted(run.plan.spec, run.populations[2], champion))
    meter(GenerationFinished(run.plan.spec, replace(run.records[3], newborn=run.records[3].newborn[:1])))
    (weighed,) = told
    assert isinstance(weighed, ChampionWeighed)
    assert weighed.evidence.sharpe == champion.evaluation.scored.walk_forward.sharpe
    assert weighed.evidence.hold_sharpe == run.judged.benchmark.walk_forward.sharpe


def test_a_position_that_thirty_folds_cut_is_too_few_bets_for_a_verdict() -> None:
    """One rise that is bought and one fall that is left out are no thirty trades."""
    prices = 100 * np.cumprod(np.r_[np.full(150, 1.001), np.full(200, 1.001), np.full(100, 0.999)])
    market = tiny_market([(p, p, p, p) for p in prices.tolist()])
    folds = tuple((150 + 10 * k, 160 + 10 * k) for k in range(30))
    rises = Problem(market, (0, 150), folds, FREE, "sharpe")
    genome = seed_strategies()["sma_trend_filter"].genome({"period": 20, "direction": 1})
    individual = Individual(Candidate(genome, "initial"), Scorer(rises).evaluate([genome])[0], born=0)
    judged = judge(rises, ranking_of([individual]), trials=1)
    assert judged.evidence is not None
    assert judged.evidence.trades >= 20
    assert judged.evidence.sharpe > judged.evidence.hold_sharpe
    assert judged.deflation.startswith("Too few trades to tell")
    assert "parts of 1 position that" in judged.deflation
