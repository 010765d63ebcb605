"""Follow a normal distribution over the genes of each strategy: CMA-ES, from the package cmaes.

Each strategy has a distribution of its own over the indices of its genes, scaled to 0 to 1 and centred on
the textbook genome; how many places it gets depends on its best member, as in the genetic search. The
distribution moves whenever as many results of its strategy are known as its population has members. It
learns from the genes that were evaluated, not from the point between them that it had drawn: so the record
is all that a resumed run needs.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from genepool.backtest.habits import ReadHabits
from genepool.evolution.gene_tables import GeneTables
from genepool.evolution.population import Individual
from genepool.evolution.settings import EvolutionSettings
from genepool.evolution.species import quotas, success_order
from genepool.genome import Genome
from genepool.market.candles import FloatArray
from genepool.optimizers._base import Optimizer, Search
from genepool.optimizers._batches import ModelSearch, value_of
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy

if TYPE_CHECKING:
    from cmaes import CMA

# Standard deviation at the start, as a share of a gene's range.
_SPREAD = 0.3
# Points drawn for one place before it gets a genome drawn at random.
_ATTEMPTS = 12
_SEEDS = 2**32


class SpeciesDistribution:
    """The distribution over the genes of one strategy.

    Parameters
    ----------
    strategy
        The strategy.
    seed
        Of the run.
    number
        Of the strategy among those that take part.
    """

    def __init__(self, strategy: Strategy, seed: int, number: int) -> None:
        self._strategy, self._seed, self._number = strategy, seed, number
        self._tables = GeneTables(strategy)
        self._steps = np.maximum([gene.size - 1.0 for gene in strategy.all_genes], 1.0)
        self._waiting: list[tuple[FloatArray, float]] = []
        self._restarts = 0

    def learn(self, born: Individual) -> None:
        """Take one result, and move once there are enough."""
        self._waiting.append((self._point(born.genome), -value_of(born)))
        if len(self._waiting) == self._cma.population_size:
            self._cma.tell(self._waiting)
            self._waiting = []
            if self._cma.should_stop():
                self._restarts += 1
                del self._cma

    def reseed(self, generation: int) -> None:
        """Draw from now on by the generation and by nothing that was drawn before."""
        rng = generator(self._seed, Purpose.OPTIMIZER, generation, self._number)
        self._cma.reseed_rng(int(rng.integers(_SEEDS)))

    def draw(self) -> Genome:
        """Draw a genome."""
        indices = (self._cma.ask() * self._steps).tolist()
        # Between two indices lies a value that the strategy takes to the nearest permitted one.
        genes = zip(self._strategy.all_genes, indices, strict=True)
        return self._strategy.normalised({gene.name: gene.at(index) for gene, index in genes})

    @cached_property
    def _cma(self) -> "CMA":
        from cmaes import CMA  # noqa: PLC0415 - an optional extra

        mean = self._point(self._strategy.genome())
        if self._restarts:
            mean = generator(self._seed, Purpose.RESTART, self._restarts, self._number).random(len(mean))
        return CMA(mean, _SPREAD, bounds=np.tile([0.0, 1.0], (len(mean), 1)))

    def _point(self, genome: Genome) -> FloatArray:
        return np.array(self._tables.indices_of(genome)) / self._steps


class SpeciesModel:
    """A distribution for each strategy.

    Parameters
    ----------
    strategies
        The species that take part, by name.
    seed
        The run's seed.
    """

    def __init__(self, strategies: Mapping[str, Strategy], seed: int) -> None:
        names = sorted(strategies)
        self._species = {
            name: SpeciesDistribution(strategies[name], seed, number) for number, name in enumerate(names)
        }

    def learn(self, born: Sequence[Individual]) -> None:
        """Give each result to its strategy's distribution; what was drawn at random tells it nothing."""
        for one in born:
            if one.candidate.operator != "immigrant":
                self._species[one.genome.strategy].learn(one)

    def batch(
        self, generation: int, room: int, best_first: Sequence[Individual]
    ) -> Iterator[Iterator[Genome]]:
        """Yield the draws for each place."""
        for name, count in quotas(room, success_order(best_first, list(self._species))).items():
            species = self._species[name]
            species.reseed(generation)
            for _ in range(count):
                yield (species.draw() for _ in range(_ATTEMPTS))


def _begin(
    strategies: Mapping[str, Strategy], settings: EvolutionSettings, seed: int, _habits: ReadHabits
) -> Search:
    return ModelSearch(strategies, settings, seed, SpeciesModel(strategies, seed))


OPTIMIZER = Optimizer(
    name="cma",
    summary="Follows a normal distribution over each strategy's genes, wider where it finds better (CMA-ES).",
    source="N. Hansen, The CMA Evolution Strategy: A Tutorial, 2016",
    begin=_begin,
    needs=("cmaes",),
)
