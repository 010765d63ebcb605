"""Which of several readings of one column is the likely one: a market's stamps are evenly spaced."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

import numpy as np
import pandas as pd

from genepool.market.candles import IntArray

Name = TypeVar("Name", bound=Hashable)
SECOND = 1_000_000_000
DAY = 86_400 * SECOND
# What does not fit a form is read as this, as in pandas.
UNREADABLE = int(pd.NaT.value)
_MONTH = 30.436875 * DAY
_SHORTEST_MONTH, LONGEST_QUARTER = 28 * DAY, 92 * DAY
# In seconds: what candles last.
_USUAL = frozenset(
    [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30]
    + [60 * count for count in (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 45)]
    + [3_600 * count for count in (1, 2, 3, 4, 6, 8, 12)]
    + [86_400 * count for count in range(1, 28)]
)


def steps_between(stamps: IntArray) -> IntArray:
    """Return the spacings in rising order of time, also of a file that is newest first."""
    steps = np.diff(stamps)
    return -steps if np.count_nonzero(steps < 0) > np.count_nonzero(steps > 0) else steps


def commonest_step(stamps: IntArray) -> int:
    """Return the commonest positive spacing in nanoseconds, 0 if there is none."""
    steps = steps_between(stamps)
    spacings, counts = np.unique(steps[steps > 0], return_counts=True)
    return int(spacings[np.argmax(counts)]) if len(spacings) else 0


def irregular_steps(stamps: IntArray) -> int:
    """Count the spacings that are not the commonest one; months of 28 to 31 days count as equal."""
    steps = steps_between(stamps)
    if not len(steps):
        return 0
    months = np.round(steps / _MONTH).astype(np.int64) * DAY * 365
    alike = np.where(steps >= _SHORTEST_MONTH, months, steps)
    rising = alike[alike > 0]
    return len(alike) - (int(np.unique(rising, return_counts=True)[1].max()) if len(rising) else 0)


def steadiest(readings: Mapping[Name, IntArray]) -> list[Name]:
    """Return the readings that remain possible, one where the spacing decides.

    Parameters
    ----------
    readings
        The same stamps in nanoseconds under each reading, ``UNREADABLE`` where a cell does not fit.

    Returns
    -------
    The one reading whose irregular spacings are fewer than half of any other's, else all that rival it.
    Readings whose commonest spacing no candle lasts give way to those with a usual one.
    """
    held = {name: stamps[stamps != UNREADABLE] for name, stamps in readings.items()}
    usual = [name for name, stamps in held.items() if _is_usual(commonest_step(stamps))]
    counts = {name: irregular_steps(held[name]) for name in usual or held}
    least = min(counts.values(), default=0)
    return [name for name, count in counts.items() if count <= 2 * least]


def _is_usual(step: int) -> bool:
    return _SHORTEST_MONTH <= step <= LONGEST_QUARTER or (step % SECOND == 0 and step // SECOND in _USUAL)
