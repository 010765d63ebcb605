"""Compile every kernel once, so that no run has to: ``python -m genepool.warm``.

Into the folder that ``kernels.cache_folder`` names, in one process: several that compile the same kernels do
the work of one each, and numba's index may lose what two of them add to it at the same time.
"""

from collections.abc import Sequence

from genepool.backtest.habits import HabitReader
from genepool.backtest.problem import Problem
from genepool.backtest.scorer import Scorer
from genepool.evolution.breeding import Breeding
from genepool.evolution.population import Individual
from genepool.evolution.settings import EvolutionSettings
from genepool.market.costs import CostModel
from genepool.market.split import SplitRule
from genepool.market.synthetic import synthetic_market
from genepool.strategies import seed_strategies

CANDLES = 3_000
# A dozen genomes of a seed reach every branch that compiles code.
GENOMES_OF_EACH = 12


def compile_kernels() -> None:
    """Draw genomes of every seed, evaluate them, read their habits and breed once, as a run does."""
    strategies = seed_strategies()
    breeding = Breeding(strategies, EvolutionSettings(), seed=0)
    species = [name for name in strategies for _ in range(GENOMES_OF_EACH)]
    living = _evaluated(breeding, species)
    list(breeding.brood(species, living, generation=1).first())


def _evaluated(breeding: Breeding, species: Sequence[str]) -> list[Individual]:
    candidates = list(breeding.drawn(species, range(len(species)), 0, "initial"))
    market = synthetic_market("regimes", 1, CANDLES)
    costs = CostModel(taker_fee=0.0005, maker_fee=0.0002, slippage=0.0002)
    problem = Problem.seal(market, SplitRule(), costs, "sharpe")
    genomes = [candidate.genome for candidate in candidates]
    evaluations = Scorer(problem).evaluate(genomes)
    HabitReader(problem)(genomes[:1])
    return [
        Individual(candidate, evaluation, born=0)
        for candidate, evaluation in zip(candidates, evaluations, strict=True)
    ]


if __name__ == "__main__":
    compile_kernels()
