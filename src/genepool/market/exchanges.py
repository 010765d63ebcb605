"""The weekdays on which exchanges rested, for a market whose trading days are those of one of them.

A file does not name its exchange. Its days do: those of Tokyo are none on Marine Day and some on
Thanksgiving. So the dates of an exchange explain a closure only where the file kept its other holidays too.
"""

import base64
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from genepool.market.arrays import BoolArray, IntArray
from genepool.market.closure_table import NAMES, PACKED
from genepool.market.weekdays import open_weekdays, weekday

# Holidays of an exchange within the file's span, before its days are compared at all.
_FEWEST = 3
# Part of them on which the file may have candles: calendars err, and some sources write flat ones.
_TRADED = 0.2
# Part of the days without candles that must be the exchange's: others are lost.
_KEPT = 0.5


@dataclass(frozen=True, eq=False)
class Exchange:
    """An exchange's weekdays of rest between two days, all in days since 1970, rising."""

    name: str
    first: int
    last: int
    closed: IntArray


@cache
def exchanges() -> tuple[Exchange, ...]:
    """Return all that the table knows."""
    numbers = np.frombuffer(zlib.decompress(base64.b85decode(PACKED)), dtype="<u2").astype(np.int64)
    return tuple(_tables(numbers, " ".join(NAMES.split()).split()))


def closures(days: IntArray) -> IntArray:
    """Return the days on which the exchanges rested that trading days fit; none where they fit none.

    Parameters
    ----------
    days
        Days with candles, counted from 1970, rising.
    """
    open_days = open_weekdays(days)
    span: IntArray = np.arange(days[0], days[-1] + 1)
    lacking = span[open_days[weekday(span)] & ~np.isin(span, days)]
    found = [
        closed for exchange in exchanges() if len(closed := _fitting(exchange, days, lacking, open_days))
    ]
    return np.unique(np.concatenate(found)) if found else lacking[:0]


def _fitting(exchange: Exchange, days: IntArray, lacking: IntArray, open_days: BoolArray) -> IntArray:
    """Return the closures of an exchange that fall on the market's weekdays; none if it is another's."""
    first, last = max(exchange.first, int(days[0])), min(exchange.last, int(days[-1]))
    closed = exchange.closed
    closed = closed[(closed >= first) & (closed <= last)]
    closed = closed[open_days[weekday(closed)]]
    lacking = lacking[(lacking >= first) & (lacking <= last)]
    kept = np.count_nonzero(np.isin(closed, lacking))
    fits = len(closed) >= _FEWEST and kept >= max((1 - _TRADED) * len(closed), _KEPT * len(lacking))
    return closed if fits else closed[:0]


def _tables(numbers: IntArray, names: list[str]) -> Iterator[Exchange]:
    """Yield the tables: of each its length, its first day and last day, and from day to day."""
    at = 0
    for name in names:
        count, first, last = (int(number) for number in numbers[at : at + 3])
        at += 3 + count
        yield Exchange(name, first, last, first + np.cumsum(numbers[at - count : at]))
