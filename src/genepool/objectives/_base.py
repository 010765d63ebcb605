"""What an objective is: a pure function from measures to scores, all to be maximised."""

from collections.abc import Callable
from dataclasses import dataclass

from genepool.market.measures import Measures


@dataclass(frozen=True, slots=True)
class Objective:
    """What evolution strives for.

    Parameters
    ----------
    name
        Module name, snake_case.
    summary
        One sentence for the documentation.
    score
        Finite scores, higher is better. One score is searched by tournament; several by
        non-dominated sorting, and the first of them orders leaderboards. It must never reward doing
        nothing: without trades the first score is 0 or below.
    """

    name: str
    summary: str
    score: Callable[[Measures], tuple[float, ...]]
