"""Fill a map of ways to trade, and keep the best of each: MAP-Elites.

The population is the archive: the best genome of every cell that was ever reached, and nothing else is kept
between generations, so that the record is all that a resumed run needs. Cells are those of
``evolution.niches``. A cell's genome is replaced by a better one of the same cell alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, repeat

from genepool.backtest.evaluation import Evaluation
from genepool.backtest.habits import ReadHabits
from genepool.evolution.breeding import Breeding, Brood
from genepool.evolution.engine import BREEDING_ATTEMPTS, Engine, Seen
from genepool.evolution.niches import Niche, coordinates, elites_of, niche_at
from genepool.evolution.ordering import failed, sound
from genepool.evolution.population import Candidate, Individual, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.optimizers._base import Optimizer
from genepool.optimizers._batches import random_genomes
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy


class AtlasSearch:
    """Breeds from all cells alike: each elite is as likely a parent as any other, whatever it scores.

    Parameters
    ----------
    strategies, settings, seed
        As in ``Engine``; the population is as large as the map is full, whatever ``population_size`` says.
    habits
        Says how genomes traded.
    """

    def __init__(
        self,
        strategies: Mapping[str, Strategy],
        settings: EvolutionSettings,
        seed: int,
        habits: ReadHabits,
    ) -> None:
        self._engine = Engine(strategies, settings, seed)
        # A tournament of one prefers nobody. In the order of the names, by which species are numbered.
        ordered = {name: strategies[name] for name in sorted(strategies)}
        self._breeding = Breeding(ordered, replace(settings, tournament_size=1), seed)
        self._strategies, self._settings, self._seed = ordered, settings, seed
        self._habits = habits
        self._niches: dict[str, Niche] = {}

    def recall(self, born: Sequence[Individual]) -> None:
        """Learn nothing: the newest population holds the best of every cell."""

    def ask(self, population: Population | None, seen: Seen) -> tuple[Candidate, ...]:
        """Return the candidates of the next generation, as ``Engine.ask`` says."""
        elites = [one for one in population.individuals if not failed(one)] if population else []
        if population is None or not elites:
            return self._engine.ask(population, seen)
        generation, room = population.generation + 1, self._settings.room(len(seen))
        brood = self._brood(elites, generation, room)
        asked: dict[str, Candidate] = {}
        first = chain(brood.first() if brood.species else (), repeat(None))
        for slot, child in zip(range(room), first, strict=False):
            for candidate in self._proposals(slot, generation, child, brood):
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
        """Return the archive: the best of each cell among the former one and the newborn.

        While no genome has traded there is no cell to fill, and the population is that of ``Engine.tell``.

        Raises
        ------
        ValueError
            When the evaluations are not those of the candidates.
        """
        following = self._engine.tell(population, candidates, evaluations)
        results = {result.genome.fingerprint: sound(result) for result in evaluations}
        born = [Individual(one, results[one.genome.fingerprint], following.generation) for one in candidates]
        parents = population.individuals if population else ()
        everybody = [*(replace(parent, elite=True) for parent in parents), *born]
        self._place(everybody)
        elites = elites_of(everybody, self._niches)
        return Population(following.generation, elites) if elites else following

    def _brood(self, elites: Sequence[Individual], generation: int, room: int) -> Brood:
        bred = room - round(room * self._settings.immigrant_share)
        rng = generator(self._seed, Purpose.OPTIMIZER, generation)
        chosen = rng.integers(len(elites), size=bred).tolist()
        species = [elites[place].genome.strategy for place in chosen]
        return self._breeding.brood(species, elites, generation)

    def _proposals(
        self, slot: int, generation: int, first: Candidate | None, brood: Brood
    ) -> Iterator[Candidate]:
        if first is not None:
            yield first
            for attempt in range(1, BREEDING_ATTEMPTS):
                if child := brood.another(slot, attempt):
                    yield child
        rng = generator(self._seed, Purpose.IMMIGRANT, generation, slot)
        for genome in random_genomes(self._strategies, rng):
            yield Candidate(genome, "immigrant")

    def _place(self, individuals: Sequence[Individual]) -> None:
        """Know the cells of these and of nobody else."""
        before = self._niches
        names = [one.genome.fingerprint for one in individuals]
        self._niches = {name: before[name] for name in names if name in before}
        unknown = [
            (one.genome, scored.in_sample)
            for one in individuals
            if (scored := one.evaluation.scored) is not None
            and one.genome.fingerprint not in before
            and scored.in_sample.trades > 0
        ]
        read = self._habits([genome for genome, _ in unknown])
        for (genome, measures), habits in zip(unknown, read, strict=True):
            if habits is not None:
                self._niches[genome.fingerprint] = niche_at(coordinates(measures, habits))


OPTIMIZER = Optimizer(
    name="atlas",
    summary="Keeps the best genome of each way to trade and breeds from all of them alike (MAP-Elites).",
    source="J.-B. Mouret and J. Clune, Illuminating Search Spaces by Mapping Elites, 2015",
    begin=AtlasSearch,
)
