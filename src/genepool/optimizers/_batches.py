"""A search around a model: it asks the model for new genomes and tells it every result, in order."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from genepool.backtest.evaluation import Evaluation
from genepool.evolution.engine import DRAWING_ATTEMPTS, Engine, Seen
from genepool.evolution.population import Candidate, Individual, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.genome import Genome
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy

# What a failure counts as where a model wants a number: worse than any score.
FAILED = -1e12


class Model(Protocol):
    """What a search believes of the genomes; it depends on the seed and on what it was told alone."""

    def learn(self, born: Sequence[Individual]) -> None:
        """Take the results of one generation, in the order in which they were asked for."""
        ...

    def batch(
        self, generation: int, room: int, best_first: Sequence[Individual]
    ) -> Iterator[Iterator[Genome]]:
        """Yield the proposals for each place of a generation but the first; each is tried until one is new.

        Parameters
        ----------
        generation
            Number of the generation, 1 or more.
        room
            How many places it has.
        best_first
            The newest population.
        """
        ...


class ModelSearch:
    """Asks a model for a generation at a time; who survives is decided as in the genetic search.

    The first generation is that of the genetic search: every textbook genome, then random ones. Where
    all that the model proposes for a place was tried before, the place gets a genome drawn at random.

    Parameters
    ----------
    strategies
        The species that take part, by name.
    settings
        Size of a generation, and who survives.
    seed
        The run's seed, not negative.
    model
        Proposes the genomes.
    """

    def __init__(
        self, strategies: Mapping[str, Strategy], settings: EvolutionSettings, seed: int, model: Model
    ) -> None:
        self._engine = Engine(strategies, settings, seed)
        self._strategies, self._settings, self._seed = strategies, settings, seed
        self._model = model

    def recall(self, born: Sequence[Individual]) -> None:
        """Let the model learn from a recorded generation."""
        self._model.learn(born)

    def ask(self, population: Population | None, seen: Seen) -> tuple[Candidate, ...]:
        """Return the candidates of the next generation, as ``Engine.ask`` says."""
        if population is None:
            return self._engine.ask(None, seen)
        generation, room = population.generation + 1, self._settings.room(len(seen))
        asked: dict[str, Candidate] = {}
        for slot, proposals in enumerate(self._model.batch(generation, room, population.individuals)):
            for candidate in self._candidates(proposals, generation, slot):
                fingerprint = candidate.genome.fingerprint
                if fingerprint not in asked and fingerprint not in seen:
                    asked[fingerprint] = candidate
                    break
        return tuple(asked.values())

    def tell(
        self,
        population: Population | None,
        candidates: Sequence[Candidate],
        evaluations: Sequence[Evaluation],
    ) -> Population:
        """Return the next population, as ``Engine.tell`` says, and let the model learn."""
        following = self._engine.tell(population, candidates, evaluations)
        results = {result.genome.fingerprint: result for result in evaluations}
        self._model.learn(
            [Individual(one, results[one.genome.fingerprint], following.generation) for one in candidates]
        )
        return following

    def _candidates(self, proposals: Iterator[Genome], generation: int, slot: int) -> Iterator[Candidate]:
        for genome in proposals:
            yield Candidate(genome, "suggested")
        rng = generator(self._seed, Purpose.IMMIGRANT, generation, slot)
        for genome in random_genomes(self._strategies, rng):
            yield Candidate(genome, "immigrant")


def random_genomes(strategies: Mapping[str, Strategy], rng: np.random.Generator) -> Iterator[Genome]:
    """Draw some genomes, each species equally likely and each of its genes as ``Gene.draw`` says."""
    names = sorted(strategies)
    for _ in range(DRAWING_ATTEMPTS):
        yield strategies[names[int(rng.integers(len(names)))]].random_genome(rng)


def value_of(born: Individual) -> float:
    """Return what a model makes the most of: the first score, or that of a failure."""
    fitness = born.fitness
    return FAILED if fitness is None or not math.isfinite(fitness) else fitness
