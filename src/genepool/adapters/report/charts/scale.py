"""Scales from data to pixels, and the round numbers that label them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A map from a data range to a pixel range; values beyond the range are drawn at its edge.

    Parameters
    ----------
    low, high
        Data range, low below high; both positive when logarithmic.
    start, stop
        Pixels that low and high are drawn at.
    log
        Whether equal ratios, rather than equal differences, are equally far apart.
    """

    low: float
    high: float
    start: float
    stop: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Return the pixel of a value."""
        inside = min(max(value, self.low), self.high)
        if self.log:
            share = math.log(inside / self.low) / math.log(self.high / self.low)
        else:
            share = (inside - self.low) / (self.high - self.low)
        return self.start + share * (self.stop - self.start)


def padded(values: Sequence[float], *, share: float = 0.06, log: bool = False) -> tuple[float, float]:
    """Return a data range with some air around the values; a lone value gets a range too."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if log:
        ratio = max(high / low, 1.02) ** share
        return low / ratio, high * ratio
    air = (high - low) * share or abs(high) * share or 1.0
    return low - air, high + air


def linear_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return round numbers within a range, about so many of them."""
    rough = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * step for step in _STEPS if power * step >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def log_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return round numbers within a positive range, thinned to about so many."""
    found: list[float] = []
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for mantissas in ((1, 1.5, 2, 3, 4, 5, 7), (1, 2, 5), (1,)):
        found = [m * 10.0**p for p in powers for m in mantissas if low <= m * 10.0**p <= high]
        if len(found) <= count + 2:
            break
    few = 3
    return found if len(found) >= few else linear_ticks(low, high, count)
