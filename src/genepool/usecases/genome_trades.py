"""What a genome of a run traded, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from genepool.backtest.detailed import Backtest
from genepool.market.moments import timestamp
from genepool.usecases.document import Document
from genepool.usecases.genome_of_run import Which, placed
from genepool.usecases.page_counts import checked_count
from genepool.usecases.past_run import PastRun


@dataclass(frozen=True, slots=True)
class GenomeTrade(Document):
    """One trade; its members are the columns of the file that ``genepool export`` writes."""

    phase: str
    entry_time: str
    exit_time: str
    side: str
    units: float
    entry_price: float
    exit_price: float
    fees: float
    funding: float
    result: float
    reason: str
    largest_units: float
    fills: int
    opening_equity: float
    borne_by_venue: float


@dataclass(frozen=True, slots=True)
class GenomeTrades(Document):
    """Some trades of a genome, in order; money is in units of the equity that each phase opened with.

    Parameters
    ----------
    next
        What ``after`` is for the next page; None behind the last trade.
    total
        How many trades there are.
    """

    run: str
    rank: int
    fingerprint: str
    trades: Sequence[GenomeTrade]
    next: int | None
    total: int


def genome_trades(past: PastRun, which: Which, after: int = 0, count: int = 100) -> GenomeTrades:
    """Trade a genome over each phase of its run, and return some of its trades.

    Parameters
    ----------
    past
        The run.
    which
        Place or fingerprint.
    after
        How many trades come before the first one.
    count
        How many at most.

    Raises
    ------
    GenomeNotFound
        When there is no such genome.
    DataError
        When its candles are not there, or are not what the run began with.
    """
    count, after = checked_count(count), max(0, after)
    rank, individual = placed(past, which)
    phases = past.traded(individual.genome)
    total = sum(len(result.trades.reasons) for _, result in phases)
    found = list(islice(_trades(phases), after, after + count))
    end = after + len(found)
    onwards = end if found and end < total else None
    return GenomeTrades(past.name, rank, individual.genome.fingerprint, found, onwards, total)


def _trades(phases: Sequence[tuple[str, Backtest]]) -> Iterator[GenomeTrade]:
    for phase, result in phases:
        trades = result.trades
        rows = zip(
            map(timestamp, trades.entry_stamps.tolist()),
            map(timestamp, trades.exit_stamps.tolist()),
            ("long" if side > 0 else "short" for side in trades.sides.tolist()),
            trades.units.tolist(),
            trades.entry_prices.tolist(),
            trades.exit_prices.tolist(),
            trades.fees.tolist(),
            trades.funding.tolist(),
            trades.results.tolist(),
            trades.reasons,
            trades.largest_units.tolist(),
            trades.fills.tolist(),
            trades.opening_equities.tolist(),
            trades.borne.tolist(),
            strict=True,
        )
        yield from (GenomeTrade(phase, *row) for row in rows)
