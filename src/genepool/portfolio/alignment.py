"""Returns of several bots at one clock, over the periods in which all were tested out of sample."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genepool.errors import ConfigError, DataError
from genepool.market.candles import FloatArray, IntArray
from genepool.market.timeframes import utc
from genepool.portfolio.clocks import CLOCKS, PERIODS_A_YEAR, SHORTEST, ClockName, edges
from genepool.portfolio.records import BotRecord, common_spans

# Fewer tell nothing of how bots move together, let alone of what may follow.
FEWEST_PERIODS = 24


@dataclass(frozen=True, slots=True, eq=False)
class JoinedReturns:
    """What each bot earned in each period.

    Parameters
    ----------
    clock
        Which periods.
    begins, ends
        UTC nanoseconds of the periods, shape (n,); holes lie between the spans that all share.
    returns
        Simple returns after costs and funding, shape (n, bots), in the order of the records.
    """

    clock: ClockName
    begins: IntArray
    ends: IntArray
    returns: FloatArray

    @property
    def periods_a_year(self) -> float:
        """How many periods a year has."""
        return PERIODS_A_YEAR[self.clock]

    @property
    def years(self) -> float:
        """How long the periods last together, in years of 365 days."""
        return len(self.begins) / self.periods_a_year


def joined_returns(records: Sequence[BotRecord], clock: ClockName) -> JoinedReturns:
    """Align records by their stamps.

    A market that is closed earns 0; a period that is not whole out of sample for every bot is left out.

    Parameters
    ----------
    records
        The bots.
    clock
        At which periods they are compared.

    Raises
    ------
    ConfigError
        When a bot's candles are longer than the periods.
    """
    coarsest = max(records, key=lambda record: record.step)
    if coarsest.step > SHORTEST[clock]:
        raise ConfigError(
            f"{coarsest.name} trades candles of {coarsest.timeframe}, which are longer than one {clock}: "
            f"choose --clock {_next(coarsest.step)}"
        )
    begins, ends, rows = [], [], []
    for first, last in common_spans(records):
        marks = edges(clock, first, last)
        if len(marks) > 1:
            begins.append(marks[:-1])
            ends.append(marks[1:])
            rows.append(np.column_stack([_returns(one, first, last, marks) for one in records]))
    if not rows:
        none = np.zeros(0, np.int64)
        return JoinedReturns(clock, none, none, np.zeros((0, len(records))))
    return JoinedReturns(clock, np.concatenate(begins), np.concatenate(ends), np.concatenate(rows))


def check_common(records: Sequence[BotRecord], joined: JoinedReturns) -> None:
    """Refuse bots that were hardly tested at the same time.

    Raises
    ------
    DataError
        When there are too few common periods; it names when each bot was tested.
    """
    count = len(joined.begins)
    if count < FEWEST_PERIODS:
        told = "; ".join(f"{record.name} from {_told(record)}" for record in records)
        raise DataError(
            f"the runs share {count} whole {joined.clock}s out of sample, and a fleet needs "
            f"{FEWEST_PERIODS}: leave out a run that was tested at another time ({told}), or choose a "
            "finer --clock"
        )


def clocks_of(records: Sequence[BotRecord]) -> list[ClockName]:
    """Return the clocks whose periods are no shorter than any bot's candles."""
    return [clock for clock in CLOCKS if max(one.step for one in records) <= SHORTEST[clock]]


def _returns(record: BotRecord, first: int, last: int, marks: IntArray) -> FloatArray:
    equity = record.over(first, last).equity_at(marks)
    # An account that is empty earns nothing any more.
    before = np.where(equity[:-1] > 0, equity[:-1], 1.0)
    return np.where(equity[:-1] > 0, equity[1:] / before - 1.0, 0.0)


def _next(step: int) -> str:
    return next((clock for clock in CLOCKS if step <= SHORTEST[clock]), CLOCKS[-1])


def _told(record: BotRecord) -> str:
    return f"{utc(record.spans[0][0])[:10]} to {utc(record.spans[-1][1])[:10]}"
