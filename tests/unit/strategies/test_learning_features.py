from dataclasses import replace

import numpy as np
import pytest

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.features import FEATURE_LOOKBACK, learning_features
from genepool.market.candles import Candles, FloatArray
from genepool.market.wild_futures import with_columns
from tests.fakes.markets import random_market, scaled, without

FEATURES = (
    "return_1",
    "return_6",
    "return_24",
    "return_48",
    "volatility_ratio",
    "up_share",
    "average_distance",
    "range_position",
    "volume_ratio",
    "body",
)


def features(candles: Candles) -> FloatArray:
    return learning_features(IndicatorBank(candles))


def column(candles: Candles, name: str) -> FloatArray:
    return features(candles)[:, FEATURES.index(name)]


def test_there_is_one_finite_row_per_candle_after_the_lookback() -> None:
    rows = features(random_market(1, 500))
    assert rows.shape == (500, len(FEATURES))
    assert rows.flags.c_contiguous
    assert np.isfinite(rows).all()
    assert not rows[:FEATURE_LOOKBACK].any()
    assert (rows[FEATURE_LOOKBACK:] != 0).mean() > 0.95


@pytest.mark.parametrize("t", [48, 49, 95, 96, 300])
def test_each_feature_is_what_its_name_says(t: int) -> None:
    candles = random_market(2, 400)
    opened, high, low, close = candles.open, candles.high, candles.low, candles.close
    assert candles.volume is not None
    returns = close[1:] / close[:-1] - 1
    volatility = np.sqrt(np.mean(returns[t - 48 : t] ** 2))
    moves = np.diff(close)[t - 14 : t]
    true_range = np.maximum(high[1:], close[:-1]) - np.minimum(low[1:], close[:-1])
    top, bottom, volume = (
        high[t - 47 : t + 1].max(),
        low[t - 47 : t + 1].min(),
        candles.volume[t - 23 : t + 1].mean(),
    )
    expected = {
        **{f"return_{span}": (close[t] / close[t - span] - 1) / volatility for span in (1, 6, 24, 48)},
        "volatility_ratio": np.sqrt(np.mean(returns[t - 12 : t] ** 2)) / volatility,
        "up_share": moves.sum() / np.abs(moves).sum(),
        "average_distance": (close[t] - close[t - 23 : t + 1].mean()) / true_range[t - 24 : t].mean(),
        "range_position": 2 * (close[t] - bottom) / (top - bottom) - 1,
        "volume_ratio": (candles.volume[t] - volume) / (candles.volume[t] + volume),
        "body": (close[t] - opened[t]) / (high[t] - low[t]),
    }
    assert list(expected) == list(FEATURES)
    assert features(candles)[t] == pytest.approx(list(expected.values()), rel=1e-9, abs=1e-12)


def test_a_row_depends_on_the_last_49_candles_and_no_others() -> None:
    candles, other = random_market(3, 300), random_market(4, 300)
    replaced = {name: getattr(other, name)[:200] for name in ("open", "high", "low", "close", "volume")}
    rows, changed = features(candles), features(with_columns(candles, 0, 200, replaced))
    assert (rows[200 + FEATURE_LOOKBACK :] == changed[200 + FEATURE_LOOKBACK :]).all()
    assert (rows[200 + FEATURE_LOOKBACK - 1] != changed[200 + FEATURE_LOOKBACK - 1]).any()


@pytest.mark.parametrize("factor", [0.5, 2.0, 1024.0])
def test_prices_in_another_unit_change_no_bit(factor: float) -> None:
    candles = random_market(5, 300)
    assert (features(scaled(candles, factor)) == features(candles)).all()


def test_without_a_volume_column_its_feature_is_nothing_and_the_others_stay() -> None:
    candles = random_market(6, 300)
    bare, full = features(without(candles, "volume")), features(candles)
    differing = np.flatnonzero((bare != full).any(axis=0))
    assert [FEATURES[j] for j in differing] == ["volume_ratio"]
    assert not column(without(candles, "volume"), "volume_ratio").any()


def test_a_market_without_volume_that_has_the_column_divides_by_nothing() -> None:
    candles = replace(random_market(7, 300), volume=np.zeros(300))
    assert not column(candles, "volume_ratio").any()


def test_a_market_that_stands_still_has_no_features() -> None:
    still = np.full(200, 3.3)
    candles = replace(random_market(8, 200), open=still, high=still, low=still, close=still, volume=still)
    assert not features(candles).any()
