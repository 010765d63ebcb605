"""How rare a search's figure is among those of the same search on null markets."""

import math
from collections.abc import Callable, Sequence

# How sure the interval of a p-value is.
CONFIDENCE = 0.95
# At which error a figure counts as rare.
ERROR = 0.05
# So many null searches as good as the search settle that it is nothing rare (Besag and Clifford's h).
SETTLING = 10

_HALVINGS = 60


def as_good(figure: float | None, nulls: Sequence[float | None]) -> int:
    """Return how many null searches reached the search's figure; None is below every figure."""
    if figure is None:
        return len(nulls)
    return sum(null is not None and null >= figure for null in nulls)


def p_value(reached: int, nulls: int) -> float:
    """Return (1 + reached) / (1 + nulls): valid at any number of nulls, since the search is one of them.

    Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 4.2.
    """
    return (1 + reached) / (1 + nulls)


def is_rare(share: float) -> bool:
    """Tell whether a p-value, perhaps corrected, is at most the error that is allowed, but for rounding."""
    return share <= ERROR * (1 + 1e-9)


def settled(reached: int, enough: int = SETTLING) -> bool:
    """Tell whether further null searches cannot make the search's figure rare.

    Besag and Clifford ("Sequential Monte Carlo p-values", Biometrika 78, 1991) stop at the h-th null search
    that is as good, after l of them, with the p-value h / l. ``p_value`` is never smaller, so it stays
    valid when the search for nulls was stopped so.
    """
    return reached >= enough


def holm(share: float, others: Sequence[float | None]) -> float:
    """Return a p-value corrected for the other searches of its family.

    Holm ("A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6,
    1979): the k-th smallest of m is multiplied by m - k + 1, and none is smaller than those before it.

    Parameters
    ----------
    share
        The p-value.
    others
        Those of the other searches; None where nobody knows it, which counts as 1.
    """
    family = sorted([share, *(1.0 if other is None else other for other in others)])
    count = len(family)
    return max(min(1.0, (count - rank) * family[rank]) for rank in range(family.index(share) + 1))


def interval(reached: int, nulls: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return Clopper and Pearson's interval of the share of null searches that reach the figure.

    Biometrika 26, 1934. With no null search it is everything from 0 to 1.

    Parameters
    ----------
    reached, nulls
        How many did, of how many.
    confidence
        At least so often the interval holds the share of endlessly many null searches.
    """
    tail = (1 - confidence) / 2
    low = _share(lambda share: 1 - _at_most(reached - 1, nulls, share) < tail) if reached else 0.0
    high = _share(lambda share: _at_most(reached, nulls, share) > tail) if reached < nulls else 1.0
    return low, high


def _share(too_small: Callable[[float], bool]) -> float:
    """Return where a share stops being too small, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if too_small(middle) else (low, middle)
    return (low + high) / 2


def _at_most(reached: int, nulls: int, share: float) -> float:
    """Return the binomial probability of at most so many."""
    yes, no = math.log(share), math.log1p(-share)
    return math.fsum(
        math.exp(_log_ways(nulls, number) + number * yes + (nulls - number) * no)
        for number in range(reached + 1)
    )


def _log_ways(nulls: int, number: int) -> float:
    return math.lgamma(nulls + 1) - math.lgamma(number + 1) - math.lgamma(nulls - number + 1)
