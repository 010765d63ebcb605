"""Flat candles without volume that a broker writes while its market is closed, week after week."""

from dataclasses import replace

import numpy as np

from genepool.market.candle_rules import CandleRules, Repairs
from genepool.market.candles import Candles, FloatArray, IntArray
from genepool.market.raw_columns import BoolArray, RawColumns

DAY = 86_400 * 1_000_000_000
_WEEK = 7 * DAY
# Day 0 of 1970 was a Thursday.
_MONDAY = 4 * DAY
_SATURDAY = 5
# How much of its weeks an hour is flat in to count as closed: summer time and half days move the edges.
_SHARE = 0.9
# Nights, weekends and holidays last longer; hours that merely lack trades seldom do.
_CLOSURE = DAY // 2


def without_closed(
    raw: RawColumns, repairs: Repairs, rules: CandleRules, step: int
) -> tuple[RawColumns, Repairs]:
    """Return ordered rows without those of closed hours, where the rules ask for it."""
    if not rules.drop_flat:
        return raw, repairs
    closed = closed_candles(raw, step)
    count = int(np.count_nonzero(closed))
    return (raw.take(~closed), replace(repairs, flat_dropped=count)) if count else (raw, repairs)


def closed_candles(held: RawColumns | Candles, step: int) -> BoolArray:
    """Say which candles are flat, without volume, and of hours when the market is closed every week.

    An hour of the week is closed when nearly all its candles of two weeks or more are flat, and those of
    Saturdays when all are. Where rows of flat candles of half a day or more meet such hours, the market
    closes: these rows and those of the same length amid a week, its holidays, are of closed hours.

    Parameters
    ----------
    held
        Columns in rising order.
    step
        The timeframe in nanoseconds.

    Returns
    -------
    Shape (n,).
    """
    flat = _flat(held)
    if not flat.any():
        return flat
    stamps = held.stamps
    row, weekly = _rows(flat, stamps, step), flat & _closed_weekly(flat, stamps, step)
    lasting = flat & (np.bincount(row) * step >= _CLOSURE)[row]
    if not (lasting & weekly).any():
        return np.zeros_like(flat)
    # What the file's first or last candle cut short lasted longer.
    cut = np.isin(row, (row[0], row[-1])) & (np.bincount(row[weekly], minlength=row[-1] + 1) > 0)[row]
    return np.asarray(lasting | (flat & cut), dtype=np.bool_)


def _flat(held: RawColumns | Candles) -> BoolArray:
    still: FloatArray = held.high - held.low
    quiet = (still == 0) & (held.open == held.close)
    return np.asarray(quiet if held.volume is None else quiet & (held.volume == 0), dtype=np.bool_)


def _rows(flat: BoolArray, stamps: IntArray, step: int) -> IntArray:
    """Return the number of the row of alike candles that each candle stands in."""
    breaks = np.append(True, (flat[1:] != flat[:-1]) | (np.diff(stamps) != step))
    return np.asarray(np.cumsum(breaks) - 1, dtype=np.int64)


def _closed_weekly(flat: BoolArray, stamps: IntArray, step: int) -> BoolArray:
    """Say which candles stand in an hour of the week that is nearly always flat."""
    since_monday = (stamps - _MONDAY) % _WEEK
    hours, which = np.unique(since_monday // step, return_inverse=True)
    weeks = np.bincount(which, minlength=len(hours))
    often = np.bincount(which[flat], minlength=len(hours)) >= _SHARE * weeks
    saturday = since_monday // DAY == _SATURDAY
    weekend = bool(saturday.any()) and bool(flat[saturday].all())
    return np.asarray((often & (weeks > 1))[which] | (saturday & weekend), dtype=np.bool_)
