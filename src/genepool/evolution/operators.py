"""DEAP's operators, confined: the only module that knows DEAP, and the global generator it draws from.

DEAP draws from Python's global ``random``. Each call here seeds it from a derived generator and puts
its state back afterwards, so that nothing outside notices and every draw is repeatable. Scores that
are not finite never get here: a single NaN would make DEAP's order depend on the order of arrival.
"""

import random  # noqa: TID251 - DEAP draws from it; seeded and restored around every call
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from deap import base, tools

_SEED_BITS = 2**63


@dataclass(frozen=True, slots=True)
class _Contestant:
    position: int
    merit: int


class _Scored:
    """What DEAP sorts: an object with a fitness, and the position it had."""

    def __init__(self, position: int, fitness: base.Fitness) -> None:
        self.position = position
        self.fitness = fitness


@contextmanager
def seeded(rng: np.random.Generator) -> Iterator[None]:
    """Seed the global generator from this one, and put its state back afterwards."""
    state = random.getstate()
    random.seed(int(rng.integers(_SEED_BITS)))
    try:
        yield
    finally:
        random.setstate(state)


def tournament(size: int, contestants: int, winners: int, rng: np.random.Generator) -> list[int]:
    """Pick among ``size`` members that stand best first; return the winners' positions.

    Parameters
    ----------
    size
        How many members there are, at least one.
    contestants
        How many are drawn for each winner, with replacement; the best of them wins.
    winners
        How many tournaments are held.
    rng
        Where the draws come from.
    """
    with seeded(rng):
        chosen = tools.selTournament(_line_up(size), winners, contestants, fit_attr="merit")
    return [winner.position for winner in chosen]


@lru_cache(maxsize=256)
def _line_up(size: int) -> tuple[_Contestant, ...]:
    return tuple(_Contestant(position, size - position) for position in range(size))


def uniform_crossover(
    first: Sequence[int], second: Sequence[int], share: float, rng: np.random.Generator
) -> list[int]:
    """Return the first parent's gene indices, each exchanged for the second's with this chance."""
    child, other = list(first), list(second)
    with seeded(rng):
        tools.cxUniform(child, other, share)
    return child


def pareto_order(scores: Sequence[tuple[float, ...]]) -> list[int]:
    """Return positions from best to worst by non-dominated front, then by crowding distance.

    NSGA-II (Deb et al. 2002). Equal distances keep the order in which they were given, so give the
    scores in a total order.

    Parameters
    ----------
    scores
        Finite scores of equal length, higher is better.
    """
    if not scores:
        return []
    kind = type("_Scores", (base.Fitness,), {"weights": (1.0,) * len(scores[0])})
    members = [_Scored(position, kind(values)) for position, values in enumerate(scores)]
    order: list[int] = []
    for front in tools.sortNondominated(members, len(members)):
        tools.emo.assignCrowdingDist(front)
        front.sort(key=lambda member: (-member.fitness.crowding_dist, member.position))
        order.extend(member.position for member in front)
    return order
