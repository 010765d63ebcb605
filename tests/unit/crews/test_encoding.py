"""Genomes and evaluations travel between processes bit for bit."""

from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.crews.encoding import pack_evaluations, pack_genomes, unpack_evaluations, unpack_genomes
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.strategies import seed_strategies


def test_evaluations_travel_bit_for_bit() -> None:
    problem = Problem.seal(synthetic_market("regimes", candles=3_000), SplitRule(), CostModel(), "sharpe")
    genomes = [strategy.genome({}) for strategy in seed_strategies().values() if not strategy.learning]
    evaluations = Scorer(problem).evaluate(genomes)
    assert {evaluation.scored is None for evaluation in evaluations} == {False}
    assert repr(unpack_evaluations(genomes, pack_evaluations(evaluations))) == repr(evaluations)


def test_failures_travel_with_their_reason_between_the_others() -> None:
    problem = Problem.seal(synthetic_market("regimes", candles=1_000), SplitRule(), CostModel(), "sharpe")
    genomes = [strategy.genome({}) for strategy in seed_strategies().values()]
    evaluations = Scorer(problem).evaluate(genomes)
    assert {evaluation.scored is None for evaluation in evaluations} == {False, True}
    assert repr(unpack_evaluations(genomes, pack_evaluations(evaluations))) == repr(evaluations)


def test_genomes_travel_whole() -> None:
    genomes = [strategy.genome({}) for strategy in seed_strategies().values()]
    assert unpack_genomes(pack_genomes(genomes)) == genomes
