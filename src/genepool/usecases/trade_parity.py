"""Trades of another program beside ours, one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from genepool.backtest.detailed import Backtest
from genepool.market.moments import timestamp
from genepool.ports.proofs import ComparedTrade
from genepool.usecases.document import Document

# Prices and gross returns of programs that know of no ticks differ by rounding alone.
RELATIVE_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class TradeDifference(Document):
    """One trade that is not the same, and in what: ``missing`` there, ``surplus`` there, or a column."""

    entry_time: str
    what: str
    here: str | float | None
    there: str | float | None


@dataclass(frozen=True, slots=True)
class ParitySample(Document):
    """How the trades on one sample compare; one that is open here at its end is left out.

    Parameters
    ----------
    trades
        How many there are, here or there.
    equal, different
        How many of them are the same, and are not.
    differences
        Why not.
    """

    trades: int
    equal: int
    different: int
    differences: Sequence[TradeDifference]


def our_trades(result: Backtest) -> list[ComparedTrade]:
    """Return the trades of a backtest as they are compared."""
    trades = result.trades
    columns = (trades.entry_stamps, trades.exit_stamps, trades.sides, trades.entry_prices, trades.exit_prices)
    rows = zip(*(column.tolist() for column in columns), trades.reasons, strict=True)
    return [
        ComparedTrade(entry, left, "long" if side > 0 else "short", bought, sold, reason != "end")
        for entry, left, side, bought, sold, reason in rows
    ]


def compare_trades(
    ours: Sequence[ComparedTrade], theirs: Sequence[ComparedTrade], tick: float | None = None
) -> ParitySample:
    """Compare trades by the candle of their entry.

    Parameters
    ----------
    ours, theirs
        Both sides.
    tick
        Smallest step of a price there; None where prices are compared to ``RELATIVE_TOLERANCE``.
    """
    here, there = _by_entry(ours), _by_entry(theirs)
    left_out = {trade.entry for trade in ours if not trade.closed}
    moments = sorted((here.keys() | there.keys()) - left_out)
    found = {moment: list(_differences(here.get(moment), there.get(moment), tick)) for moment in moments}
    different = sum(map(bool, found.values()))
    return ParitySample(
        len(moments), len(moments) - different, different, [one for some in found.values() for one in some]
    )


def _by_entry(trades: Sequence[ComparedTrade]) -> dict[int, ComparedTrade]:
    """Return trades by the candle of their entry; no account enters twice in one."""
    return {trade.entry: trade for trade in trades}


def _differences(
    ours: ComparedTrade | None, theirs: ComparedTrade | None, tick: float | None
) -> Iterator[TradeDifference]:
    if ours is None or theirs is None:
        yield from _alone(ours, theirs)
        return
    moment = timestamp(ours.entry)
    if ours.side != theirs.side:
        yield TradeDifference(moment, "side", ours.side, theirs.side)
    if ours.exit != theirs.exit:
        yield TradeDifference(moment, "exit_time", timestamp(ours.exit), timestamp(theirs.exit))
    for column in ("entry_price", "exit_price", "gross"):
        one, other = getattr(ours, column), getattr(theirs, column)
        if not abs(one - other) <= _allowed(column, ours, tick):
            yield TradeDifference(moment, column, one, other)


def _alone(ours: ComparedTrade | None, theirs: ComparedTrade | None) -> Iterator[TradeDifference]:
    if ours is not None:
        yield TradeDifference(timestamp(ours.entry), "missing", ours.side, None)
    elif theirs is not None:
        yield TradeDifference(timestamp(theirs.entry), "surplus", None, theirs.side)


def _allowed(column: str, trade: ComparedTrade, tick: float | None) -> float:
    """Return how far apart values may be; a rounding beyond the tick, since prices are no binary numbers."""
    step = (tick or 0.0) * (1.0 + RELATIVE_TOLERANCE)
    if column == "gross":
        return max(2.0 * step / trade.entry_price, RELATIVE_TOLERANCE) * max(1.0, abs(1.0 + trade.gross))
    price: float = getattr(trade, column)
    return max(step, RELATIVE_TOLERANCE * price)
