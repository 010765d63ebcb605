"""What champions earned on their own markets that a run is kept apart from."""

from genepool.backtest.detailed import backtest
from genepool.backtest.held_returns import HeldTrack
from genepool.errors import DataError
from genepool.history import HeldGenome, Holdings
from genepool.market.grown import found_again
from genepool.market.timeframes import timeframe_nanoseconds
from genepool.ports.candles import CandleSource
from genepool.strategies import seed_strategies


def held_tracks(holdings: Holdings | None, source: CandleSource) -> tuple[HeldTrack, ...]:
    """Trade held champions over what their runs knew of their markets.

    Raises
    ------
    DataError
        When the candles of one are gone.
    """
    return () if holdings is None else tuple(_track(one, source) for one in holdings.genomes)


def _track(held: HeldGenome, source: CandleSource) -> HeldTrack:
    extent = held.extent
    market = source.read(held.data, held.reading, symbol=extent.symbol, timeframe=extent.timeframe)
    candles = found_again(market.candles, extent)
    if candles is None:
        raise DataError(
            f"the candles of {held.data} are not those that run {held.run} began with, so what {held.name} "
            "earned there is not known: restore them, or leave it out of --holding"
        )
    genome = seed_strategies()[held.strategy].genome(dict(held.genes))
    # The sealed ones stay sealed.
    result = backtest(candles.apart(0, held.visible), genome, held.costs)
    return HeldTrack(held.name, result.stamps + timeframe_nanoseconds(extent.timeframe), result.equity)
