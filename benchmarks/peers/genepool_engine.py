"""GenePool: one call of the scorer that every worker uses, from a cold indicator bank."""

from collections.abc import Sequence

from benchmarks.peers.work import EXPOSURE, FEE, Answers
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.genome import Genome
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule

# All candles but the last hundredth are in sample: those are what the other engines get.
SPLIT = SplitRule(holdout=0.0, in_sample=0.99, folds=1, purge=0, embargo=0)


def evaluate(candles: Candles, genomes: Sequence[Genome]) -> Answers:
    """Return what GenePool says of each genome, in sample."""
    costs = CostModel(taker_fee=FEE, maker_fee=FEE, slippage=0.0, spread=0.0, max_leverage=EXPOSURE)
    scored = [one.scored for one in Scorer(Problem.seal(candles, SPLIT, costs, "sharpe")).evaluate(genomes)]
    measures = [one.in_sample for one in scored if one is not None]
    return Answers([int(one.trades) for one in measures], [one.total_return for one in measures])
