"""The clock that candles of several hours or days keep: opens of a market whose clock changes.

A day of New York opens at 5:00 UTC in winter and at 4:00 in summer. Which zone that is need not be known:
opens that move by exactly one hour, for weeks, where clocks change, are a calendar in a zone.
"""

import numpy as np

from genepool.market.arrays import BoolArray, IntArray
from genepool.market.timeframes import DAY, HOUR, WEEK

# When clocks change anywhere: from March to May and from September to November.
_MONTHS_OF_CHANGE = (3, 4, 5, 9, 10, 11)
_KINDS = 2


def clock_shifts(stamps: IntArray, step: int) -> IntArray:
    """Return what to add to each stamp so that all lie on one grid of the step; zeros where nothing helps.

    Parameters
    ----------
    stamps
        Rising, in nanoseconds, shape (n,).
    step
        The timeframe in nanoseconds.
    """
    none = np.zeros(len(stamps), dtype=np.int64)
    if step <= HOUR or step % HOUR:
        return none
    phases, place, counts = np.unique(stamps % step, return_inverse=True, return_counts=True)
    if len(phases) != _KINDS:
        return none
    usual = int(np.argmax(counts))
    moved = place != usual
    late = int(phases[1 - usual] - phases[usual]) % step
    signs = [sign for sign, phase in ((-1, HOUR), (1, step - HOUR)) if late == phase]
    if not signs or not steady(moved, stamps):
        return none
    # On a grid of two hours an hour late is an hour early: the reading with fewer holes is the right one.
    return min((moved * sign * HOUR for sign in signs), key=lambda shift: _holes(stamps + shift, step))


def week_shifts(stamps: IntArray, step: int) -> IntArray:
    """Return what to add to each stamp of hours or minutes so that each week begins at one time.

    Zeros where the weeks of a market that rests at weekends do not begin an hour apart.
    """
    first = np.append(0, np.flatnonzero(np.diff(stamps) >= DAY) + 1)
    starts = stamps[first]
    if step > HOUR or len(first) < _KINDS + 1:
        return np.zeros(len(stamps), dtype=np.int64)
    times, counts = np.unique(starts[1:] % DAY, return_counts=True)
    hours = hours_beside(starts, int(times[np.argmax(counts)]), 0)
    late = clock_of_weeks(starts, hours)
    return np.repeat(-HOUR * late, np.diff(np.append(first, len(stamps))))


def hours_beside(starts: IntArray, usual: int, tolerance: int) -> IntArray:
    """Return 1 or -1 for what starts an hour after or before the usual time of day, else 0."""
    beside = (starts - usual + DAY // 2) % DAY - DAY // 2
    hours = np.round(beside / HOUR).astype(np.int64)
    exact = (np.abs(hours) == 1) & (np.abs(beside - hours * HOUR) <= tolerance)
    return np.where(exact, hours, 0)


def clock_of_weeks(starts: IntArray, hours: IntArray) -> IntArray:
    """Return by how many hours the clock of each start's week is late: what most starts of it say.

    Zeros where it is not the steady change of a clock.
    """
    week = (starts - 3 * DAY) // WEEK  # from Sunday to Saturday
    # A history may begin in the middle of a week or a session: its first candle is no start.
    hours = np.append(hours[1:2], hours[1:])
    _, place = np.unique(week, return_inverse=True)
    mean = np.bincount(place, weights=hours) / np.bincount(place)
    said = np.round(mean[place]).astype(np.int64)
    kinds = np.unique(said[said != 0])
    return said if len(kinds) == 1 and steady(said != 0, starts) else np.zeros_like(said)


def steady(moved: BoolArray, stamps: IntArray) -> bool:
    """Say whether a clock could have moved so: when clocks change, and for a week at least."""
    change = np.flatnonzero(np.diff(moved))
    months = np.concatenate([_month(stamps[change]), _month(stamps[change + 1])]).reshape(2, -1)
    when = np.isin(months, _MONTHS_OF_CHANGE).any(axis=0)
    return bool(when.all() and (np.diff(stamps[change + 1]) >= WEEK - DAY).all())


def _month(stamps: IntArray) -> IntArray:
    months = stamps.astype("datetime64[ns]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(months % 12 + 1)


def _holes(local: IntArray, step: int) -> tuple[int, int]:
    spacing = np.diff(local)
    return int(np.count_nonzero(spacing < step)), int(spacing[spacing > step].sum())
