"""Trades of another program beside ours, one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from genepool.backtest.detailed import Backtest
from genepool.market.moments import timestamp
from genepool.ports.proofs import ComparedTrade
from genepool.usecases.document import Document

# Prices and gross returns of programs that know of no ticks differ by rounding alone.
RELATIVE_TOLERANCE = 1e-9
# Fills of a trade that keeps its size.
_ENDS = 2


@dataclass(frozen=True, slots=True)
class TradeDifference(Document):
    """One trade that is not the same, and in what: ``missing`` there, ``surplus`` there, or a column.

    ``fills`` tells how many there are where their times differ, ``fill_price`` the first prices that do.
    """

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
    rows = zip(*(column.tolist() for column in columns), trades.reasons, _our_fills(result), strict=True)
    return [
        ComparedTrade(entry, left, "long" if side > 0 else "short", bought, sold, reason != "end", fills)
        for entry, left, side, bought, sold, reason, fills in rows
    ]


def _our_fills(result: Backtest) -> list[tuple[tuple[int, float], ...]]:
    fills = result.fills
    found: dict[int, list[tuple[int, float]]] = {}
    columns = fills.trades.tolist(), fills.stamps.tolist(), fills.prices.tolist()
    for trade, stamp, price in zip(*columns, strict=True):
        found.setdefault(trade, []).append((stamp, price))
    return [tuple(sorted(found[number])) for number in range(1, len(result.trades.reasons) + 1)]


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
    # Averages of a trade that changes its size depend on sizes, which some programs fix before the open.
    if ours.fills and theirs.fills and len(ours.fills) > _ENDS:
        yield from _fill_differences(ours.fills, theirs.fills, tick)
        return
    for column in ("entry_price", "exit_price", "gross"):
        one, other = getattr(ours, column), getattr(theirs, column)
        if not abs(one - other) <= _allowed(column, ours, tick):
            yield TradeDifference(moment, column, one, other)


def _fill_differences(
    ours: Sequence[tuple[int, float]], theirs: Sequence[tuple[int, float]], tick: float | None
) -> Iterator[TradeDifference]:
    moment = timestamp(ours[0][0])
    if [stamp for stamp, _ in ours] != [stamp for stamp, _ in theirs]:
        yield TradeDifference(moment, "fills", len(ours), len(theirs))
        return
    for (_, one), (_, other) in zip(ours, theirs, strict=True):
        if not abs(one - other) <= _price_allowed(one, tick):
            yield TradeDifference(moment, "fill_price", one, other)


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
    return _price_allowed(getattr(trade, column), tick)


def _price_allowed(price: float, tick: float | None) -> float:
    return max((tick or 0.0) * (1.0 + RELATIVE_TOLERANCE), RELATIVE_TOLERANCE * price)
