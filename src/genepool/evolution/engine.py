"""The engine: asks for genomes worth evaluating, and is told what they scored."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from genepool.backtest.evaluation import Evaluation
from genepool.collector import collector_at_rest
from genepool.errors import ConfigError
from genepool.evolution.breeding import Breeding, Brood
from genepool.evolution.ordering import by_fitness, by_merit, failed, sound
from genepool.evolution.population import Candidate, Individual, Operator, Population
from genepool.evolution.settings import EvolutionSettings
from genepool.evolution.species import quotas, success_order, survivors
from genepool.randomness import Purpose, generator
from genepool.strategies import Strategy

# Tries to breed something new in a slot, and then to draw something new from any species.
BREEDING_ATTEMPTS = 12
DRAWING_ATTEMPTS = 24


class Seen(Protocol):
    """Fingerprints that are looked up and counted, never copied: a long run has a million of them."""

    def __contains__(self, fingerprint: object, /) -> bool: ...

    def __len__(self) -> int: ...


class Engine:
    """Breeds populations. It keeps its rules and nothing else, so that a resumed run asks the same.

    Parameters
    ----------
    strategies
        The species that take part, by name.
    settings
        How to breed.
    seed
        The run's seed, not negative.

    Raises
    ------
    ConfigError
        When no strategy takes part.
    """

    def __init__(self, strategies: Mapping[str, Strategy], settings: EvolutionSettings, seed: int) -> None:
        if not strategies:
            raise ConfigError("no strategy takes part: name at least one whose columns the data has")
        self._strategies = {name: strategies[name] for name in sorted(strategies)}
        self._settings = settings
        self._seed = seed
        self._breeding = Breeding(self._strategies, settings, seed)

    def recall(self, born: Sequence[Individual]) -> None:
        """Take a recorded generation of a run that is resumed, and keep nothing of it."""

    def ask(self, population: Population | None, seen: Seen) -> tuple[Candidate, ...]:
        """Return the candidates of the next generation.

        Parameters
        ----------
        population
            The newest recorded population, or None at the start.
        seen
            Fingerprints of all genomes evaluated in this run so far.

        Returns
        -------
        tuple[Candidate, ...]
            At most ``population_size``, and no more than the evaluation budget leaves. None of them
            is in ``seen`` and no two are equal. Fewer, down to none, once the space is exhausted.
        """
        with collector_at_rest():
            return tuple(self._asked(population, seen))

    def tell(
        self,
        population: Population | None,
        candidates: Sequence[Candidate],
        evaluations: Sequence[Evaluation],
    ) -> Population:
        """Return the next population: the best of parents and offspring, above the species' floors.

        Parameters
        ----------
        population
            The one that was asked about, or None at the start.
        candidates
            What was asked.
        evaluations
            One for each candidate, in any order.

        Raises
        ------
        ValueError
            When the evaluations are not those of the candidates.
        """
        results = {result.genome.fingerprint: result for result in evaluations}
        asked = [candidate.genome.fingerprint for candidate in candidates]
        if sorted(asked) != sorted(result.genome.fingerprint for result in evaluations):
            raise ValueError("tell needs exactly one evaluation for each candidate that was asked")
        generation = 0 if population is None else population.generation + 1
        parents = () if population is None else population.individuals
        best_first = by_merit(
            [replace(parent, elite=True) for parent in parents]
            + [
                Individual(candidate, sound(results[fingerprint]), generation)
                for candidate, fingerprint in zip(candidates, asked, strict=True)
            ]
        )
        floor = max(self._settings.species_floor, self._settings.elites)
        kept = survivors(best_first, self._settings.population_size, floor)
        return Population(generation, tuple(by_fitness(kept)))

    def _asked(self, population: Population | None, seen: Seen) -> Iterator[Candidate]:
        generation = 0 if population is None else population.generation + 1
        best_first = by_merit(population.individuals) if population else []
        taken = {one.genome.fingerprint for one in best_first}
        seats = self._seats(best_first, generation, self._settings.room(len(seen)))
        bred = [seat.species for seat in seats if seat.birth == "bred"]
        brood = self._breeding.brood(bred, [one for one in best_first if not failed(one)], generation)
        for slot, (seat, first) in enumerate(zip(seats, self._first(seats, brood, generation), strict=True)):
            for candidate in self._proposals(seat, slot, generation, first, brood):
                fingerprint = candidate.genome.fingerprint
                if fingerprint not in taken and fingerprint not in seen:
                    taken.add(fingerprint)
                    yield candidate
                    break

    def _seats(self, best_first: Sequence[Individual], generation: int, room: int) -> list["_Seat"]:
        names = list(self._strategies)
        if generation == 0:
            return [_Seat(names[k % len(names)], "initial", k < len(names)) for k in range(room)]
        immigrants = round(room * self._settings.immigrant_share)
        shares = quotas(room - immigrants, success_order(best_first, names))
        bred = [_Seat(name, "bred") for name, count in shares.items() for _ in range(count)]
        turns = range(generation * immigrants, (generation + 1) * immigrants)
        return bred + [_Seat(names[turn % len(names)], "immigrant") for turn in turns]

    def _first(self, seats: Sequence["_Seat"], brood: Brood, generation: int) -> Iterator[Candidate | None]:
        """Yield what each seat breeds or draws first, worked out for all of them at once."""
        bred = len(brood.species)
        drawn = [seat.species for seat in seats[bred:]]
        if bred:
            yield from brood.first()
        if drawn:
            operator: Operator = "immigrant" if generation else "initial"
            yield from self._breeding.drawn(drawn, range(bred, len(seats)), generation, operator)

    def _proposals(
        self, seat: "_Seat", slot: int, generation: int, first: Candidate | None, brood: Brood
    ) -> Iterator[Candidate]:
        """Yield what may take a seat, until something does."""
        strategy = self._strategies[seat.species]
        if seat.textbook:
            yield Candidate(strategy.genome(), "initial")
        if first is not None:
            yield first
        if seat.birth == "bred" and first is not None:
            for attempt in range(1, BREEDING_ATTEMPTS):
                if child := brood.another(slot, attempt):
                    yield child
        fresh = generator(
            self._seed, Purpose.IMMIGRANT if generation else Purpose.INITIAL_GENOME, generation, slot
        )
        operator: Operator = "initial" if seat.birth == "initial" else "immigrant"
        names = list(self._strategies)
        for attempt in range(DRAWING_ATTEMPTS):
            yield Candidate(strategy.random_genome(fresh), operator)
            if attempt >= DRAWING_ATTEMPTS // 2:
                strategy = self._strategies[names[int(fresh.integers(len(names)))]]


@dataclass(frozen=True, slots=True)
class _Seat:
    species: str
    birth: Literal["initial", "bred", "immigrant"]
    textbook: bool = False


def stop_reason(
    best_by_generation: Sequence[float | None], evaluations: int, settings: EvolutionSettings
) -> str | None:
    """Return why a run is over, or None when it is not.

    The wall clock is not asked here: ``settings.minutes`` is for the caller, which has the clock.

    Parameters
    ----------
    best_by_generation
        Best fitness of each recorded generation, oldest first; None where all of it failed.
    evaluations
        Unique genomes evaluated so far.
    settings
        The run's budgets.
    """
    done = len(best_by_generation)
    if done >= settings.generations:
        return f"{done} generations"
    if settings.evaluations is not None and evaluations >= settings.evaluations:
        return f"{evaluations} evaluations"
    if settings.plateau is not None and done > settings.plateau:
        values = [-math.inf if best is None else best for best in best_by_generation]
        if max(values[-settings.plateau :]) <= max(values[: -settings.plateau]):
            return f"no better best for {settings.plateau} generations"
    return None
