"""A market is known again when its candles were joined to longer ones, or its prices scaled."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from genepool.market.candles import Candles
from genepool.market.day_marks import day_marks
from genepool.market.marks import marks
from genepool.market.synthetic import synthetic_market
from genepool.market.timeframes import DAY, HOUR
from tests.fakes.tiny_markets import tiny_market

# Days in common from which on two histories share a mark.
LEAST_SHARED = 24


def market(seed: int = 1, candles: int = 24 * 120) -> Candles:
    found = synthetic_market("regimes", seed, candles)
    return replace(found, stamps=np.arange(candles) * HOUR + 19_000 * DAY)


def joined(candles: Candles, count: int, timeframe: str) -> Candles:
    """Return the candles that each so many in a row make."""
    cut = {name: getattr(candles, name).reshape(-1, count) for name in ("open", "high", "low", "close")}
    return Candles(
        symbol=candles.symbol,
        timeframe=timeframe,
        stamps=candles.stamps[::count],
        open=cut["open"][:, 0],
        high=cut["high"].max(axis=1),
        low=cut["low"].min(axis=1),
        close=cut["close"][:, -1],
    )


def scaled(candles: Candles, factor: float, digits: int = 17) -> Candles:
    """Return the prices times a factor, written with so many significant digits."""

    def written(prices: np.ndarray) -> np.ndarray:
        return np.array([float(f"{price * factor:.{digits}g}") for price in prices.tolist()])

    open_, high, low, close = (written(getattr(candles, name)) for name in ("open", "high", "low", "close"))
    return replace(candles, open=open_, high=high, low=low, close=close)


@pytest.mark.parametrize(("count", "timeframe"), [(4, "4h"), (8, "8h"), (24, "1d")])
def test_longer_candles_that_were_made_of_shorter_ones_are_the_same_market(
    count: int, timeframe: str
) -> None:
    hours = market()
    assert day_marks(joined(hours, count, timeframe)) == day_marks(hours)
    assert marks(joined(hours, count, timeframe)) & marks(hours)


@pytest.mark.parametrize("factor", [2.0, 0.001, 1.1, 3 / 7])
def test_prices_in_another_scale_are_the_same_market(factor: float) -> None:
    assert day_marks(market()) & day_marks(scaled(market(), factor))


def test_rounding_to_seven_digits_leaves_enough_to_be_known_by() -> None:
    assert day_marks(market()) & day_marks(scaled(market(), 1.37, digits=7))


def test_longer_candles_of_another_scale_and_a_part_of_the_time_are_the_same_market() -> None:
    part = market().slice(24 * 40, 24 * 100)
    assert day_marks(scaled(joined(part, 4, "4h"), 0.01)) & day_marks(market())


@pytest.mark.parametrize("begin", range(0, 24 * 60, 137))
def test_enough_days_in_common_share_a_mark(begin: int) -> None:
    hours = market()
    # The first day may be a part of one.
    end = begin + 24 * (LEAST_SHARED + 1)
    assert day_marks(hours.slice(0, end)) & day_marks(hours.slice(begin, len(hours)))


def test_other_markets_share_nothing() -> None:
    found = [day_marks(market(seed, 24 * 600)) for seed in range(8)]
    assert sum(map(len, found)) == len(frozenset().union(*found))


def pegged(rng: np.random.Generator) -> np.ndarray:
    return 1.0 + rng.integers(0, 2, 24 * 400) * 1e-4


def resting(_: np.random.Generator) -> np.ndarray:
    return np.full(24 * 400, 7.0)


@pytest.mark.parametrize("prices", [pegged, resting])
def test_a_market_that_rests_or_steps_by_single_ticks_is_like_no_other(
    prices: Callable[[np.random.Generator], np.ndarray],
) -> None:
    rows = [(price,) * 4 for price in prices(np.random.default_rng(1)).tolist()]
    assert day_marks(tiny_market(rows)) == frozenset()


def test_candles_longer_than_a_day_and_short_histories_have_none() -> None:
    assert day_marks(joined(market(), 24 * 10, "10d")) == frozenset()
    assert day_marks(market(candles=24 * 8)) == frozenset()
