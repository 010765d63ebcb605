"""A run's whole search again, on another market: no log, no cache, no ledger."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from genepool.backtest.habits import HabitReader
from genepool.backtest.problem import Problem
from genepool.errors import Interrupted
from genepool.evolution.engine import stop_reason
from genepool.evolution.population import Individual, Population, best_fitness
from genepool.evolution.settings import EvolutionSettings
from genepool.history import NullSearch, champion_of
from genepool.optimizers import search_of
from genepool.pool.planning import Plan
from genepool.pool.tried import Tried
from genepool.ports import Evaluator
from genepool.randomness import Purpose, generator
from genepool.robustness.null_markets import DrawMarket
from genepool.robustness.search_statistics import best_bred, search_figures
from genepool.strategies import Strategy

# The two streams of one null: its market, and the seed of its search.
_MARKET, _SEED = 0, 1
_SEEDS = 2**31


class SearchFold:
    """A fold over all who are born in a search, in any order; it holds the champion and the best bred."""

    def __init__(self) -> None:
        self.champion: Individual | None = None
        self.trials = 0
        self._bred: list[Individual] = []

    def take(self, newborn: Iterable[Individual]) -> None:
        """Add those who were born together."""
        born = list(newborn)
        self.champion = champion_of(self.champion, born)
        self._bred = best_bred([*self._bred, *born])
        self.trials += len(born)

    def figures(self, candles_per_year: float) -> Mapping[str, float | None]:
        """Return every statistic by name."""
        return search_figures(self._bred, self.champion, candles_per_year)


def null_search(
    plan: Plan,
    settings: EvolutionSettings,
    run_digest: str,
    draw: DrawMarket,
    generator_name: str,
    number: int,
    evaluator: Evaluator,
    interrupted: Callable[[], bool],
) -> NullSearch:
    """Repeat a run's whole search on a null market; the same bits on any workers.

    Parameters
    ----------
    plan
        The run: strategies, split, costs, objective, and its market without the holdout.
    settings
        How it was bred, without a wall clock.
    run_digest
        Its digest.
    draw, generator_name
        Draws the null market, prepared for the candles that breeding may see: the holdout stays sealed.
    number
        Of the null, from 1.
    evaluator
        Who evaluates.
    interrupted
        Tells whether the user wants to stop.

    Raises
    ------
    Interrupted
        When the user does.
    """
    problem, seed = plan.problem, plan.spec.seed
    candles = draw(generator(seed, Purpose.NULL_SEARCH, _MARKET, number))
    null = replace(problem, candles=candles)
    own_seed = int(generator(seed, Purpose.NULL_SEARCH, _SEED, number).integers(_SEEDS))
    found = whole_search(null, plan.strategies, settings, own_seed, evaluator, interrupted)
    return NullSearch(
        run_digest, generator_name, number, found.figures(problem.candles_per_year), found.trials
    )


def whole_search(
    problem: Problem,
    strategies: Mapping[str, Strategy],
    settings: EvolutionSettings,
    seed: int,
    evaluator: Evaluator,
    interrupted: Callable[[], bool],
) -> SearchFold:
    """Breed from nothing until a budget is used up; nothing of it is recorded.

    Raises
    ------
    Interrupted
        When the user wants to stop.
    """
    engine, found = search_of(strategies, settings, seed, HabitReader(problem)), SearchFold()
    population: Population | None = None
    best, seen = list[float | None](), Tried()

    def heard(_batch: object) -> None:
        if interrupted():
            raise Interrupted("stopped between two batches")

    while stop_reason(best, len(seen), settings) is None:
        heard(None)
        candidates = engine.ask(population, seen)
        if not candidates:
            break
        genomes = [candidate.genome for candidate in candidates]
        evaluations = evaluator.evaluate(problem, genomes, heard)
        population = engine.tell(population, candidates, evaluations)
        found.take(map(Individual, candidates, evaluations, [population.generation] * len(genomes)))
        best.append(best_fitness(population))
        seen.update(genome.fingerprint for genome in genomes)
    return found
