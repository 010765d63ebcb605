"""Draw every genome at random: what any other optimizer has to beat."""

from collections.abc import Mapping, Sequence

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.habits import ReadHabits
from genepool.evolution.engine import Engine, Seen
from genepool.evolution.population import Candidate, Individual, Operator, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.optimizers._base import Optimizer, Search
from genepool.optimizers._batches import random_genomes
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy


class RandomSearch:
    """Draws a strategy and its genes for each place, without a look at any score.

    Parameters
    ----------
    strategies, settings, seed
        As in ``Engine``.
    """

    def __init__(self, strategies: Mapping[str, Strategy], settings: EvolutionSettings, seed: int) -> None:
        self._engine = Engine(strategies, settings, seed)
        self._strategies, self._settings, self._seed = strategies, settings, seed

    def recall(self, born: Sequence[Individual]) -> None:
        """Learn nothing."""

    def ask(self, population: Population | None, seen: Seen) -> tuple[Candidate, ...]:
        """Return the candidates of the next generation, as ``Engine.ask`` says."""
        generation = 0 if population is None else population.generation + 1
        purpose = Purpose.IMMIGRANT if generation else Purpose.INITIAL_GENOME
        operator: Operator = "immigrant" if generation else "initial"
        asked: dict[str, Candidate] = {}
        for slot in range(self._settings.room(len(seen))):
            rng = generator(self._seed, purpose, generation, slot)
            for genome in random_genomes(self._strategies, rng):
                if genome.fingerprint not in asked and genome.fingerprint not in seen:
                    asked[genome.fingerprint] = Candidate(genome, operator)
                    break
        return tuple(asked.values())

    def tell(
        self,
        population: Population | None,
        candidates: Sequence[Candidate],
        evaluations: Sequence[Evaluation],
    ) -> Population:
        """Return the next population, as ``Engine.tell`` says."""
        return self._engine.tell(population, candidates, evaluations)


def _begin(
    strategies: Mapping[str, Strategy], settings: EvolutionSettings, seed: int, _habits: ReadHabits
) -> Search:
    return RandomSearch(strategies, settings, seed)


OPTIMIZER = Optimizer(
    name="random",
    summary="Draws every genome at random, each strategy equally likely: what the others have to beat.",
    source="J. Bergstra and Y. Bengio, Random Search for Hyper-Parameter Optimization, 2012",
    begin=_begin,
)
