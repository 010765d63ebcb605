"""Evaluating a batch: the order asked, equal bits alone or together, failures as data."""

from dataclasses import replace

import numpy as np
import pytest

from genepool.backtest import problem as problems
from genepool.backtest import scorer
from genepool.backtest.detailed import backtest, buy_and_hold
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.errors import ConfigError, HistoryTooShort
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import FloatArray
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.objectives import Objective, objectives
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy, seed_strategies
from tests.fakes.markets import random_market, without

COSTS = CostModel(slippage=0.0002)
MARKET = random_market(4, 3_000)
PROBLEM = Problem.seal(MARKET, SplitRule(holdout=0.2), COSTS, "sharpe")
QUICK = [name for name, seed in seed_strategies().items() if not seed.learning]


def draws(name: str, count: int) -> list[Genome]:
    strategy = seed_strategies()[name]
    return [strategy.random_genome(generator(3, Purpose.BENCHMARK, 0, slot)) for slot in range(count)]


def mixed(count: int = 3) -> list[Genome]:
    """Genomes of all strategies, shuffled together."""
    genomes = [genome for name in QUICK for genome in draws(name, count)]
    return [genomes[k] for k in np.random.default_rng(1).permutation(len(genomes))]


def test_evaluations_come_back_in_the_order_asked() -> None:
    genomes = mixed()
    assert [evaluation.genome for evaluation in Scorer(PROBLEM).evaluate(genomes)] == genomes


def test_alone_or_in_any_batch_the_bits_are_the_same() -> None:
    genomes = mixed()
    together = Scorer(PROBLEM).evaluate(genomes)
    assert sum(evaluation.scored is not None for evaluation in together) > len(genomes) / 2
    backwards = Scorer(PROBLEM).evaluate(genomes[::-1])[::-1]
    alone = [Scorer(PROBLEM).evaluate([genome])[0] for genome in genomes]
    assert together == backwards == alone


def test_a_bank_that_is_warm_or_tiny_changes_no_bit() -> None:
    genomes = mixed()
    warm, tiny = IndicatorBank(PROBLEM.candles), IndicatorBank(PROBLEM.candles, budget=1)
    Scorer(PROBLEM, warm).evaluate(genomes)
    assert Scorer(PROBLEM, warm).evaluate(genomes) == Scorer(PROBLEM, tiny).evaluate(genomes)


def test_a_genome_scores_what_its_recorded_backtest_says() -> None:
    genome = seed_strategies()["ema_crossover"].genome({"atr_stop": 2})
    scored = Scorer(PROBLEM).evaluate([genome])[0].scored
    assert scored is not None
    assert scored.in_sample == backtest(PROBLEM.candles, genome, COSTS, *PROBLEM.in_sample).measures
    score = objectives()["sharpe"].score
    assert scored.scores == score(scored.in_sample)
    assert scored.walk_forward_scores == score(scored.walk_forward)
    for span, fold_return in zip(PROBLEM.folds, scored.fold_returns, strict=True):
        alone = backtest(PROBLEM.candles, genome, COSTS, *span).measures
        assert fold_return == pytest.approx(alone.total_return, rel=1e-9)


def test_too_few_candles_for_the_lookback_fail_the_genome() -> None:
    strategy = seed_strategies()["ema_crossover"]
    small = Problem.seal(MARKET.slice(0, 700), SplitRule(purge=5, embargo=5), COSTS, "sharpe")
    modest, greedy = strategy.genome({"fast": 2, "slow": 5}), strategy.genome({"slow": 150})
    fine, failed = Scorer(small).evaluate([modest, greedy])
    assert fine.error is None
    assert failed.scored is None
    assert failed.error is not None
    assert failed.error.startswith("insufficient data: ema_crossover needs more than")


def test_one_broken_genome_spoils_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_bank: IndicatorBank, _genes: object) -> FloatArray:
        raise OSError("/some/path/of/this/machine")

    good = seed_strategies()["ema_crossover"]
    broken = replace(good, name="broken", exposure=breaks)
    known: dict[str, Strategy] = {**seed_strategies(), "broken": broken}
    monkeypatch.setattr(problems, "seed_strategies", lambda: known)
    first, second, third = Scorer(PROBLEM).evaluate([good.genome(), broken.genome(), Genome("nobody", ())])
    assert first.scored is not None
    assert second.error == "broken broke off with OSError"
    assert third.error == "nobody broke off with KeyError"


def test_a_missing_column_fails_the_genome_with_a_reason() -> None:
    bare = Problem.seal(without(MARKET, "funding"), SplitRule(), COSTS, "sharpe")
    evaluation = Scorer(bare).evaluate([seed_strategies()["funding_rate_carry"].genome()])[0]
    assert evaluation.error is not None
    assert "needs the column funding" in evaluation.error


def test_doing_nothing_scores_the_neutral_value(monkeypatch: pytest.MonkeyPatch) -> None:
    idle = replace(
        seed_strategies()["ema_crossover"],
        name="idle",
        exposure=lambda bank, _: np.zeros(len(bank.candles)),
    )
    monkeypatch.setattr(problems, "seed_strategies", lambda: {"idle": idle})
    scored = Scorer(PROBLEM).evaluate([idle.genome()])[0].scored
    assert scored is not None
    assert scored.in_sample.total_return == 0
    assert scored.in_sample.trades == 0
    assert scored.scores[0] <= 0
    assert scored.fold_sharpes == (0.0,) * 4


def test_a_score_that_is_not_finite_fails_the_genome(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Objective("endless", "Always infinite.", lambda _: (float("inf"),))
    monkeypatch.setattr(scorer, "objectives", lambda: {"endless": endless})
    problem = replace(PROBLEM, objective="endless")
    evaluation = Scorer(problem).evaluate([seed_strategies()["ema_crossover"].genome()])[0]
    assert evaluation.error == "objective endless gave a score that is not a finite number"


def test_an_unknown_objective_is_refused() -> None:
    with pytest.raises(ConfigError, match="there is no objective 'fame': choose from"):
        Scorer(replace(PROBLEM, objective="fame")).evaluate([])


def test_an_empty_batch_is_an_empty_list() -> None:
    assert Scorer(PROBLEM).evaluate([]) == []


@pytest.mark.parametrize("span", [(-1, 10), (10, 10), (0, 3_001)])
def test_a_span_outside_the_candles_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ConfigError, match="are not a span of the 3000 candles there are"):
        buy_and_hold(MARKET, COSTS, *span)


def test_a_backtest_of_nobody_is_refused() -> None:
    with pytest.raises(ConfigError, match="there is no strategy 'nobody'"):
        backtest(MARKET, Genome("nobody", ()), COSTS)


def test_a_backtest_on_too_short_a_history_is_refused() -> None:
    with pytest.raises(HistoryTooShort, match="insufficient data: ema_crossover"):
        backtest(MARKET, seed_strategies()["ema_crossover"].genome(), COSTS, stop=50)
