"""Markets of a few candles written out by hand, and a way to trade an exposure on them."""

from collections.abc import Sequence

import numpy as np

from genepool.backtest.measuring import measures_of
from genepool.backtest.trades import Trades, trades_of
from genepool.backtest.venue import Recording, Venue
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles
from genepool.market.costs import CostModel
from genepool.market.measures import Measures

HOUR = 3_600_000_000_000
FREE = CostModel(taker_fee=0.0, maker_fee=0.0)
Row = tuple[float, float, float, float]


def flat(price: float, count: int = 1) -> list[Row]:
    return [(price, price, price, price)] * count


def tiny_market(rows: Sequence[Row], funding: Sequence[float] | None = None) -> Candles:
    opened, high, low, close = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    rates = None if funding is None else np.array(funding, dtype=np.float64)
    return Candles("TINY", "1h", np.arange(len(rows)) * HOUR, opened, high, low, close, funding=rates)


class Traded:
    """What came of a wanted exposure on a tiny market."""

    def __init__(
        self,
        rows: Sequence[Row],
        wanted: Sequence[float],
        costs: CostModel = FREE,
        *,
        funding: Sequence[float] | None = None,
        atr_stop: float = 0.0,
        atr_target: float = 0.0,
        spans: Sequence[tuple[int, int]] | None = None,
    ) -> None:
        self.candles = tiny_market(rows, funding)
        bank = IndicatorBank(self.candles)
        exposure = np.array(wanted, dtype=np.float64)
        ranges = np.array(spans or [(0, len(rows))])
        self.recording: Recording = Venue(bank, costs).record(exposure, ranges, atr_stop, atr_target)
        self.trades: Trades = trades_of(self.recording, self.candles.stamps)
        self.measures: Measures = measures_of(self.recording.outcomes[-1], 8_760.0)

    @property
    def equity(self) -> list[float]:
        curve: list[float] = self.recording.curve[0].tolist()
        return curve

    @property
    def units(self) -> list[float]:
        held: list[float] = self.recording.curve[1].tolist()
        return held
