"""A run's candles are found again in a data set that was continued, and nowhere else."""

from dataclasses import replace

import pytest

from genepool.market.candles import Candles
from genepool.market.grown import Extent, found_again
from genepool.market.synthetic import synthetic_market

HISTORY = replace(synthetic_market("regimes", 3, 300), symbol="MKT", synthetic=False)


def extent(candles: Candles, *, noted: bool = True) -> Extent:
    first = int(candles.stamps[0]) if noted else None
    return Extent(candles.symbol, candles.timeframe, candles.digest, len(candles), first)


@pytest.mark.parametrize("newer", [0, 1, 90])
@pytest.mark.parametrize("older", [0, 1, 90])
def test_whatever_came_before_and_after_them(older: int, newer: int) -> None:
    run = HISTORY.slice(90, 210)
    found = found_again(HISTORY.slice(90 - older, 210 + newer), extent(run))
    assert found is not None
    assert found.digest == run.digest


def test_under_any_name() -> None:
    run = HISTORY.slice(0, 200)
    found = found_again(replace(HISTORY.slice(0, 207), symbol="OTHER"), extent(run))
    assert found is not None
    assert found.symbol == "MKT"


def test_without_the_first_stamp_at_either_end() -> None:
    for run in (HISTORY.slice(0, 200), HISTORY.slice(100, 300)):
        assert found_again(HISTORY, extent(run, noted=False)) is not None
    assert found_again(HISTORY, extent(HISTORY.slice(50, 250), noted=False)) is None


def test_one_other_price_or_a_lost_candle_is_another_market() -> None:
    run = HISTORY.slice(90, 210)
    close = HISTORY.close.copy()
    close[150] = HISTORY.low[150]
    assert found_again(replace(HISTORY, close=close), extent(run)) is None
    assert found_again(HISTORY.slice(91, 300), extent(run)) is None
    assert found_again(HISTORY.slice(0, 209), extent(run)) is None
    assert found_again(HISTORY, replace(extent(run), candles=0)) is None
    assert found_again(HISTORY, replace(extent(run), first=2**62)) is None
