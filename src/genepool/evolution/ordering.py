"""The total order of individuals: by merit, then by fingerprint, failures last."""

import math
from collections.abc import Iterable

from genepool.backtest.evaluation import Evaluation
from genepool.evolution.operators import pareto_order
from genepool.evolution.population import Individual


def failed(individual: Individual) -> bool:
    """Return whether an individual has no score to be bred by."""
    return individual.evaluation.scored is None


def sound(evaluation: Evaluation) -> Evaluation:
    """Return the evaluation, as a failure when a score of it is not a finite number."""
    if evaluation.scored is None or all(math.isfinite(score) for score in evaluation.scored.scores):
        return evaluation
    return Evaluation(evaluation.genome, None, "a score is not a finite number")


def by_fitness(individuals: Iterable[Individual]) -> list[Individual]:
    """Order by fitness, best first, ties by fingerprint; failures last, by fingerprint."""
    return sorted(individuals, key=_total_order)


def by_merit(individuals: Iterable[Individual]) -> list[Individual]:
    """Order as breeding sees it: by fitness, or with several scores by front and crowding."""
    ordered = by_fitness(individuals)
    alive = [individual for individual in ordered if not failed(individual)]
    if not alive or len(_scores(alive[0])) == 1:
        return ordered
    best_first = [alive[position] for position in pareto_order([_scores(one) for one in alive])]
    return best_first + ordered[len(alive) :]


def _scores(individual: Individual) -> tuple[float, ...]:
    scored = individual.evaluation.scored
    return scored.scores if scored else ()


def _total_order(individual: Individual) -> tuple[float, str]:
    fitness = individual.fitness
    return math.inf if fitness is None else -fitness, individual.genome.fingerprint
