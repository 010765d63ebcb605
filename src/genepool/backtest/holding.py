"""What a result is compared with: a side taken with the whole equity at the first open, and held."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genepool.backtest.account import EQUITY_ROW
from genepool.backtest.measuring import measures_of
from genepool.backtest.venue import Venue
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles, FloatArray
from genepool.market.costs import CostModel
from genepool.market.measures import Measures

LONG, SHORT = 1.0, -1.0


@dataclass(frozen=True, eq=False)
class HeldPosition:
    """One side, held over spans.

    Parameters
    ----------
    measures
        Of the spans, joined in order.
    equity
        At each close of the spans, in multiples of the equity that the first one opened with.
    """

    measures: Measures
    equity: FloatArray


def held(
    candles: Candles,
    costs: CostModel,
    spans: Sequence[tuple[int, int]],
    side: float,
    candles_per_year: float | None = None,
) -> HeldPosition:
    """Take a side with the whole equity at each span's first open and hold it to its last close.

    The number of units stays what it was: nothing is bought or sold in between. A short whose price
    doubles is closed by the venue, and stays closed until the span ends.

    Parameters
    ----------
    candles
        The market.
    costs
        What trading costs.
    spans
        Half-open candle ranges, rising; each starts flat, with the equity before it.
    side
        ``LONG`` or ``SHORT``.
    candles_per_year
        What the measures are annualised by; None for what the candles say.

    Raises
    ------
    ArithmeticError
        When the result is not a finite number.
    """
    wanted = np.full(len(candles), side)
    recording = Venue(IndicatorBank(candles), costs).record(wanted, np.array(spans), 0.0, 0.0)
    inside = np.concatenate([np.arange(*span) for span in spans])
    per_year = candles.candles_per_year if candles_per_year is None else candles_per_year
    return HeldPosition(measures_of(recording.outcomes[-1], per_year), recording.curve[EQUITY_ROW, inside])
