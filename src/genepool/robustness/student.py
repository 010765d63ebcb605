"""Student's t distribution: how rare a figure is, and which one is so rare."""

import math

_SMALLEST = 1e-300
_CLOSE = 1e-15
_TERMS = 500
_HALVINGS = 100


def student_tail(figure: float, freedom: float) -> float:
    """Return the probability that a t of so many degrees of freedom lies above a figure.

    By the regularised incomplete beta function (Abramowitz and Stegun, 1964, 26.7.1 and 26.5.8).
    """
    tail = _incomplete_beta(freedom / (freedom + figure * figure), freedom / 2.0, 0.5) / 2.0
    return tail if figure >= 0.0 else 1.0 - tail


def student_quantile(tail: float, freedom: float) -> float:
    """Return the figure above which a t of so many degrees of freedom lies with this probability.

    Parameters
    ----------
    tail
        Above 0 and at most a half.
    freedom
        Degrees of freedom, at least 1.
    """
    low, high = 0.0, 1.0
    while student_tail(high, freedom) > tail:
        low, high = high, 2.0 * high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if student_tail(middle, freedom) > tail else (low, middle)
    return (low + high) / 2.0


def _incomplete_beta(share: float, first: float, second: float) -> float:
    if share <= 0.0 or share >= 1.0:
        return min(max(share, 0.0), 1.0)
    # The fraction converges fast on one side of the mean, and there is a symmetry.
    if share > (first + 1.0) / (first + second + 2.0):
        return 1.0 - _incomplete_beta(1.0 - share, second, first)
    weight = math.lgamma(first + second) - math.lgamma(first) - math.lgamma(second)
    front = math.exp(weight + first * math.log(share) + second * math.log1p(-share))
    return front * _fraction(share, first, second) / first


def _fraction(share: float, first: float, second: float) -> float:
    """Return the continued fraction of the incomplete beta function, by Lentz's method."""
    above, below = 1.0, _apart(1.0 - (first + second) * share / (first + 1.0))
    below = 1.0 / below
    found = below
    for k in range(1, _TERMS):
        even = k * (second - k) * share / ((first + 2 * k - 1.0) * (first + 2 * k))
        odd = -(first + k) * (first + second + k) * share / ((first + 2 * k) * (first + 2 * k + 1.0))
        change = 1.0
        for term in (even, odd):
            below = 1.0 / _apart(1.0 + term * below)
            above = _apart(1.0 + term / above)
            change = above * below
            found *= change
        if abs(change - 1.0) < _CLOSE:
            break
    return found


def _apart(number: float) -> float:
    """Return a divisor that is not 0."""
    return number if abs(number) >= _SMALLEST else _SMALLEST
