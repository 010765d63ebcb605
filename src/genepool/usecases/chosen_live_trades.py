"""Which trades of a live record are followed: those of one market and one strategy, while candles tell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from genepool.backtest.live_trades import LiveTrade
from genepool.backtest.round_trips import RoundTrip
from genepool.errors import ConfigError, DataError
from genepool.market.candles import Candles
from genepool.market.timeframes import timeframe_nanoseconds

# Prices of the same market on two venues differ by less; prices of two markets hardly ever do.
_OTHER_MARKET = 0.2


@dataclass(frozen=True, slots=True)
class ChosenTrades:
    """Trades of a record that the candles tell of.

    Parameters
    ----------
    trips
        By time of entry; their stamps are those of the candles that hold the fills.
    pair
        What the record calls their market; empty where it says nothing.
    remarks
        What was left out, in sentences.
    """

    trips: tuple[RoundTrip, ...]
    pair: str
    remarks: tuple[str, ...]


def trades_named(record: Sequence[LiveTrade], file: str, pair: str, strategy: str) -> list[LiveTrade]:
    """Return the trades of one market and one strategy.

    Raises
    ------
    ConfigError
        When the record has none of that name, or several and none is named.
    """
    found = list(record)
    for flag, name, said in (("--pair", "pair", pair), ("--strategy", "strategy", strategy)):
        names = sorted({getattr(trade, name) for trade in found})
        if said and said not in names:
            raise ConfigError(f"{file} has no trades of {name} {said!r}: it has {', '.join(names) or 'none'}")
        if not said and len(names) > 1:
            raise ConfigError(f"{file} has trades of {', '.join(names)}: say which with {flag}")
        found = [trade for trade in found if not said or getattr(trade, name) == said]
    return found


def chosen_trades(
    named: Sequence[LiveTrade], file: str, candles: Candles, first: int, stop: int
) -> ChosenTrades:
    """Return the trades that were entered in the candles [first, stop), as they stand at the last close.

    Raises
    ------
    DataError
        When their prices are not those of the candles.
    """
    step = timeframe_nanoseconds(candles.timeframe)
    begin, end = int(candles.stamps[first]), int(candles.stamps[stop - 1]) + step
    within = [trade for trade in named if begin <= trade.entry < end]
    trips = tuple(_in_candles(trade.until(end, float(candles.close[stop - 1])), candles) for trade in within)
    _refuse_other_market(trips, file, candles)
    earlier, later = (sum(trade.entry < begin for trade in named), sum(trade.entry >= end for trade in named))
    remarks = [
        f"{count} trade{'s' * (count != 1)} of the record {'lie' if count != 1 else 'lies'} {where}, and "
        f"{'are' if count != 1 else 'is'} left out"
        for count, where in ((earlier, "before the first candle"), (later, "after the last candle"))
        if count
    ]
    return ChosenTrades(trips, named[0].pair if named else "", tuple(remarks))


def _in_candles(trip: RoundTrip, candles: Candles) -> RoundTrip:
    def opened(moment: int) -> int:
        place = int(np.searchsorted(candles.stamps, moment, side="right")) - 1
        return int(candles.stamps[max(place, 0)])

    # What is only valued is valued at the close of the last candle.
    return replace(trip, entry=opened(trip.entry), exit=opened(trip.exit - trip.valued))


def _refuse_other_market(trips: Sequence[RoundTrip], file: str, candles: Candles) -> None:
    if not trips:
        return
    places = candles.stamps.searchsorted([trip.entry for trip in trips])
    apart = np.abs(np.array([trip.entry_price for trip in trips]) / candles.open[places] - 1.0)
    if float(np.median(apart)) > _OTHER_MARKET:
        raise DataError(
            f"{file} trades at other prices than {candles.symbol}: the first entry is at "
            f"{trips[0].entry_price:g} where the candle opens at {candles.open[places[0]]:g}: give the "
            "candles of its market with --data, or its trades with --pair"
        )
