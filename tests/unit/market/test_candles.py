"""Candles are immutable columns with a digest that is equal on every machine."""

import dataclasses

import numpy as np
import pytest

from genepool.errors import InvalidCandles
from genepool.market.candles import Candles

HOUR = 3_600 * 10**9


def market(length: int = 5, *, volume: bool = True) -> Candles:
    prices = np.arange(1.0, length + 1.0)
    return Candles(
        "TEST", "1h", np.arange(length) * HOUR, prices, prices + 0.5, prices - 0.5, prices,
        volume=np.ones(length) if volume else None,
    )  # fmt: skip


def test_columns_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        market().close[0] = 7.0


def test_the_callers_own_array_stays_writable_and_apart() -> None:
    prices = np.ones(5)
    candles = dataclasses.replace(market(), open=prices)
    prices[0] = 9.0
    assert candles.open[0] == 1.0


def test_the_digest_is_pinned() -> None:
    assert market().digest == "5c699c5061680462b2986ea2fa3d6ddc52d4d70dbd3f3fce25cc66f57fa06798"


@pytest.mark.parametrize("column", ["stamps", "open", "high", "low", "close", "volume"])
def test_the_digest_sees_every_column(column: str) -> None:
    changed = getattr(market(), column).copy()
    changed[-1] += 1
    assert dataclasses.replace(market(), **{column: changed}).digest != market().digest


def test_a_missing_column_is_not_a_column_of_zeros() -> None:
    zeros = dataclasses.replace(market(), volume=np.zeros(5))
    assert market(volume=False).digest != zeros.digest


def test_the_digest_does_not_depend_on_memory_layout() -> None:
    strided = np.repeat(market().close, 2)[::2]
    assert dataclasses.replace(market(), close=strided).digest == market().digest


def test_hourly_candles_without_gaps_are_8760_a_year() -> None:
    assert market(1_000).candles_per_year == pytest.approx(8_760)


def test_weekend_gaps_lower_the_count_of_candles_a_year() -> None:
    stamps = np.concatenate([np.arange(120) * HOUR, (168 + np.arange(120)) * HOUR])
    candles = dataclasses.replace(market(240), stamps=stamps)
    assert candles.candles_per_year < 8_760


def test_one_candle_has_no_spacing() -> None:
    with pytest.raises(InvalidCandles, match="too few"):
        _ = market(1).candles_per_year


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(InvalidCandles, match="volume"):
        dataclasses.replace(market(), volume=np.ones(4))


def test_a_slice_is_a_market_of_its_own() -> None:
    part = market().slice(1, 3)
    assert len(part) == 2
    assert part.close.tolist() == [2.0, 3.0]
    assert part.volume is not None
    assert len(part.volume) == 2
