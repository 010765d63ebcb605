"""Compile every kernel once, into the folder that NUMBA_CACHE_DIR names."""  # noqa: INP001 - a program of the image build

from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.genome import Genome
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.randomness import Purpose, generator
from genepool.strategies import seed_strategies

CANDLES = 3_000
GENOMES_OF_EACH = 12


def genomes() -> list[Genome]:
    """Return random genomes of every seed; a dozen of each reach every branch that compiles code."""
    return [
        strategy.random_genome(generator(0, Purpose.BENCHMARK, 0, slot))
        for strategy in seed_strategies().values()
        for slot in range(GENOMES_OF_EACH)
    ]


if __name__ == "__main__":
    market = synthetic_market("regimes", 1, CANDLES)
    costs = CostModel(taker_fee=0.0005, maker_fee=0.0002, slippage=0.0002)
    Scorer(Problem.seal(market, SplitRule(), costs, "sharpe")).evaluate(genomes())
