"""How the pace of runs of two kinds compares, from pairs made one after the other; no clock, no stack.

A shared machine computes faster in one minute than in the next, by a third and more, without a sign. But
the processor time that equal work costs its workers grows alike: what a run takes for each second of it is
the same in good minutes and in bad ones, unless something keeps the workers waiting.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

# So few say nothing of how much they scatter.
FEWEST_PAIRS = 4
LARGEST_ERROR = 0.015


@dataclass(frozen=True, slots=True)
class Run:
    """What a stretch of a run took.

    Parameters
    ----------
    seconds
        By the clock.
    worked
        Seconds of processor time of all workers.
    """

    seconds: float
    worked: float


Pair = tuple[Run, Run]


def pace(pairs: Sequence[Pair]) -> float:
    """Return how fast the second kind does equal work, as a share of the first: a geometric mean."""
    return math.exp(mean(_logarithms(pairs)))


def error(pairs: Sequence[Pair]) -> float | None:
    """Return the standard error of a pace, relative to it; None for fewer than two pairs."""
    return stdev(_logarithms(pairs)) / math.sqrt(len(pairs)) if len(pairs) > 1 else None


def settled(pairs: Sequence[Pair]) -> bool:
    """Tell whether more pairs are not worth their time: by how much they scatter, not by what they say."""
    scatter = error(pairs)
    return scatter is not None and len(pairs) >= FEWEST_PAIRS and scatter <= LARGEST_ERROR


def _logarithms(pairs: Sequence[Pair]) -> list[float]:
    return [
        math.log(second.worked / second.seconds) - math.log(first.worked / first.seconds)
        for first, second in pairs
    ]
