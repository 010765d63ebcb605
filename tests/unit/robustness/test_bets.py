"""A position that is held through many folds is one bet, however many trades its parts are."""

import numpy as np
import pytest

from genepool.backtest.trades import Trades, trades_of
from genepool.backtest.venue import Venue
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import FloatArray
from genepool.robustness.bets import bets
from tests.fakes.tiny_markets import FREE, flat, tiny_market

FOLDS = ((4, 8), (8, 12), (14, 18), (18, 22))
MARKET = tiny_market(flat(100, 22))


def traded(wanted: FloatArray) -> Trades:
    return trades_of(
        Venue(IndicatorBank(MARKET), FREE).record(wanted, np.array(FOLDS), 0.0, 0.0), MARKET.stamps
    )


def wanted(*changes: tuple[int, float]) -> FloatArray:
    """Want these sides from these candles' opens on."""
    exposure = np.zeros(22)
    for candle, side in changes:
        exposure[candle - 1 :] = side
    return exposure


@pytest.mark.parametrize(
    ("changes", "trades", "positions"),
    [
        ([(1, 1.0)], 4, 1),
        ([(1, -1.0)], 4, 1),
        ([(9, 1.0)], 3, 1),
        ([(1, 1.0), (8, -1.0)], 4, 2),
        ([(1, 1.0), (8, 0.0), (9, 1.0)], 4, 2),
        ([(1, 1.0), (6, 0.0), (7, 1.0)], 5, 2),
        ([(1, 1.0), (8, 0.0), (14, 1.0)], 3, 2),
        ([(1, 1.0), (9, 0.0)], 2, 1),
        ([], 0, 0),
    ],
)
def test_a_position_that_folds_cut_counts_once(
    changes: list[tuple[int, float]], trades: int, positions: int
) -> None:
    found = traded(wanted(*changes))
    assert len(found) == trades
    assert bets(found, MARKET.stamps, FOLDS) == positions
