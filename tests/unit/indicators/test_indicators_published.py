"""Indicators against TA-Lib, against published tables and against short references."""

from dataclasses import replace

import numpy as np
import pytest
import talib

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.bollinger import bollinger_distance
from genepool.indicators.channels import highest, lowest
from genepool.indicators.funding import funding_rate
from genepool.indicators.ichimoku import leading_span_a, leading_span_b, midpoint
from genepool.indicators.momentum import rsi, stochastic_d, stochastic_k
from genepool.indicators.moving_averages import ema, sma
from genepool.indicators.volatility import annual_volatility, atr, deviation, simple_return, true_range
from genepool.indicators.volume import vwap
from genepool.market.candles import Candles, FloatArray
from tests.fakes.markets import HOUR, plain_market, random_market

PERIODS = pytest.mark.parametrize("period", [2, 5, 14, 21, 100, 333])

# The worked example of StockCharts' ChartSchool for Wilder's index: closes, then the index from the
# fifteenth close on, to the two digits printed.
PUBLISHED_CLOSES = (
    44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931,
    46.0328, 45.6140, 46.2820, 46.2820, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521,
    45.7137, 46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
)  # fmt: skip
PUBLISHED_STRENGTH = (
    70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46,
    41.87, 45.46, 37.30, 33.08, 37.77,
)  # fmt: skip


@pytest.fixture(scope="module")
def candles() -> Candles:
    return random_market(20, 3_000)


@pytest.fixture(scope="module")
def bank(candles: Candles) -> IndicatorBank:
    return IndicatorBank(candles)


def priced(closes: tuple[float, ...]) -> IndicatorBank:
    """Return a bank over candles without wicks."""
    return IndicatorBank(plain_market(closes))


def assert_same(ours: FloatArray, theirs: FloatArray, *, start: int, absolute: float = 0.0) -> None:
    assert np.isfinite(theirs[start:]).all()
    assert len(ours) - start > 1_000
    np.testing.assert_allclose(ours[start:], theirs[start:], rtol=1e-12, atol=absolute)


class TestAgainstTaLib:
    @PERIODS
    def test_simple_average(self, bank: IndicatorBank, candles: Candles, period: int) -> None:
        assert_same(bank(sma, period), talib.SMA(candles.close, period), start=period - 1)

    @PERIODS
    def test_exponential_average(self, bank: IndicatorBank, candles: Candles, period: int) -> None:
        # TA-Lib starts at the mean of the first candles: so many copies of the first close are one.
        led_in = np.concatenate((np.full(period - 1, candles.close[0]), candles.close))
        assert_same(bank(ema, period), talib.EMA(led_in, period)[period - 1 :], start=0)

    @PERIODS
    def test_channels_to_the_bit(self, bank: IndicatorBank, candles: Candles, period: int) -> None:
        tops, bottoms = talib.MAX(candles.high, period), talib.MIN(candles.low, period)
        assert (bank(highest, period)[period - 1 :] == tops[period - 1 :]).all()
        assert (bank(lowest, period)[period - 1 :] == bottoms[period - 1 :]).all()

    @PERIODS
    def test_relative_strength(self, bank: IndicatorBank, candles: Candles, period: int) -> None:
        assert_same(bank(rsi, period), talib.RSI(candles.close, period), start=period)

    @PERIODS
    @pytest.mark.parametrize("smoothing", [2, 3, 9])
    def test_stochastic(self, bank: IndicatorBank, candles: Candles, period: int, smoothing: int) -> None:
        k, d = talib.STOCHF(candles.high, candles.low, candles.close, period, smoothing)
        start = period + smoothing - 2
        # Between 0 and 100, where a value near 0 is a difference of nearly equal prices.
        assert_same(bank(stochastic_k, period), k, start=start, absolute=1e-10)
        assert_same(bank(stochastic_d, period, smoothing), d, start=start, absolute=1e-10)

    @PERIODS
    def test_average_true_range(self, bank: IndicatorBank, candles: Candles, period: int) -> None:
        theirs = talib.ATR(candles.high, candles.low, candles.close, period)
        assert_same(bank(atr, period), theirs, start=period)

    def test_true_range_to_the_rounding_unit(self, bank: IndicatorBank, candles: Candles) -> None:
        theirs = talib.TRANGE(candles.high, candles.low, candles.close)
        np.testing.assert_allclose(bank(true_range)[1:], theirs[1:], rtol=0, atol=1e-13)

    def test_simple_returns(self, bank: IndicatorBank, candles: Candles) -> None:
        theirs = talib.ROCP(candles.close, 1)
        np.testing.assert_allclose(bank(simple_return)[1:], theirs[1:], rtol=0, atol=1e-15)

    @PERIODS
    @pytest.mark.parametrize("width", [1.0, 2.0])
    def test_bollinger_bands(self, bank: IndicatorBank, candles: Candles, period: int, width: float) -> None:
        upper, _, lower = talib.BBANDS(candles.close, period, width, width)
        middle, spread = bank(sma, period), bank(deviation, period)
        np.testing.assert_allclose((middle + width * spread)[period:], upper[period:], rtol=1e-12)
        np.testing.assert_allclose((middle - width * spread)[period:], lower[period:], rtol=1e-12)

    @PERIODS
    def test_distance_in_bands_is_the_close_seen_from_them(
        self, bank: IndicatorBank, candles: Candles, period: int
    ) -> None:
        rebuilt = bank(sma, period) + bank(bollinger_distance, period) * bank(deviation, period)
        np.testing.assert_allclose(rebuilt, candles.close, rtol=1e-12)


class TestAgainstReferences:
    def test_relative_strength_to_the_printed_digits(self) -> None:
        strength = priced(PUBLISHED_CLOSES)(rsi, 14)[14:]
        assert tuple(np.round(strength, 2)) == PUBLISHED_STRENGTH

    def test_an_exponential_average_by_hand(self) -> None:
        assert priced((10.0, 14.0, 8.0, 12.0))(ema, 3).tolist() == [10.0, 12.0, 10.0, 11.0]

    def test_a_wilder_average_by_hand(self) -> None:
        bank = priced((10.0, 14.0, 12.0, 12.0, 16.0))
        assert bank(true_range).tolist() == [0.0, 4.0, 2.0, 0.0, 4.0]
        assert bank(atr, 2).tolist() == [0.0, 4.0, 3.0, 1.5, 2.75]

    @pytest.mark.parametrize(("tenkan", "kijun", "senkou"), [(9, 26, 52), (5, 15, 30), (30, 90, 200)])
    def test_ichimoku(
        self, bank: IndicatorBank, candles: Candles, tenkan: int, kijun: int, senkou: int
    ) -> None:
        def middle(t: int, period: int) -> float:
            since = max(t - period + 1, 0)
            return float(candles.high[since : t + 1].max() + candles.low[since : t + 1].min()) / 2

        fast, slow = bank(midpoint, tenkan), bank(midpoint, kijun)
        span_a, span_b = bank(leading_span_a, tenkan, kijun), bank(leading_span_b, senkou, kijun)
        for t in (0, 1, kijun, 300, 1_234, 2_999):
            drawn_at = max(t - kijun, 0)
            assert fast[t] == middle(t, tenkan)
            assert slow[t] == middle(t, kijun)
            assert span_a[t] == (middle(drawn_at, tenkan) + middle(drawn_at, kijun)) / 2
            assert span_b[t] == middle(drawn_at, senkou)

    @pytest.mark.parametrize("period", [1, 8, 24, 100])
    def test_volume_weighted_average_price(self, bank: IndicatorBank, candles: Candles, period: int) -> None:
        assert candles.volume is not None
        typical = (candles.high + candles.low + candles.close) / 3
        average = bank(vwap, period)
        for t in range(0, 3_000, 7):
            window = slice(max(t - period + 1, 0), t + 1)
            volume = candles.volume[window].sum()
            expected = (typical[window] * candles.volume[window]).sum() / volume if volume else typical[t]
            assert average[t] == pytest.approx(expected, rel=1e-13)

    @pytest.mark.parametrize("window", [8, 72, 480])
    def test_funding_rate_is_what_a_long_paid_per_year(
        self, bank: IndicatorBank, candles: Candles, window: int
    ) -> None:
        assert candles.funding is not None
        rate = bank(funding_rate, window)
        for t in (1, 5, 72, 480, 1_111, 2_999):
            hours = min(t, window)
            paid = candles.funding[t - hours + 1 : t + 1].sum()
            assert rate[t] == pytest.approx(paid * 8_760 / hours, rel=1e-11, abs=1e-12)

    def test_annual_volatility_is_the_deviation_of_returns_per_root_year(
        self, bank: IndicatorBank, candles: Candles
    ) -> None:
        returns = candles.close[1:] / candles.close[:-1] - 1
        expected = returns[-60:].std() * np.sqrt(8_760)
        assert bank(annual_volatility, 60)[-1] == pytest.approx(expected, rel=1e-12)

    def test_annual_volatility_counts_the_candles_that_a_market_really_has(self) -> None:
        five_days = np.flatnonzero(np.arange(7 * 24 * 60) // 24 % 7 < 5)
        weekly = replace(random_market(21, len(five_days)), stamps=five_days * HOUR)
        daily_and_nightly = random_market(21, len(five_days))
        expected = IndicatorBank(daily_and_nightly)(annual_volatility, 60) * np.sqrt(5 / 7)
        np.testing.assert_allclose(
            IndicatorBank(weekly)(annual_volatility, 60)[600:], expected[600:], rtol=1e-12
        )
