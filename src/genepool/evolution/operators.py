"""DEAP's sorting by several scores, confined: the only module that knows DEAP.

Scores that are not finite never get here: a single NaN would make DEAP's order depend on the order of
arrival.
"""

from collections.abc import Sequence
from typing import Any


class _Scored:
    """What DEAP sorts: an object with a fitness, and the position it had."""

    def __init__(self, position: int, fitness: Any) -> None:  # noqa: ANN401 - DEAP has no types of its own
        self.position = position
        self.fitness = fitness


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
    # A search by one score needs no DEAP: such a one can run on a worker node, which has none.
    from deap import base, tools  # noqa: PLC0415

    kind = type("_Scores", (base.Fitness,), {"weights": (1.0,) * len(scores[0])})
    members = [_Scored(position, kind(values)) for position, values in enumerate(scores)]
    order: list[int] = []
    for front in tools.sortNondominated(members, len(members)):
        tools.emo.assignCrowdingDist(front)
        front.sort(key=lambda member: (-member.fitness.crowding_dist, member.position))
        order.extend(member.position for member in front)
    return order
