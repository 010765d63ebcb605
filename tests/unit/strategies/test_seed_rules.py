"""The published rules, candle by candle, on prices small enough to follow by hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.channels import highest, lowest
from genepool.indicators.momentum import rsi, stochastic_d, stochastic_k
from genepool.indicators.volatility import annual_volatility, atr
from genepool.market.candles import Candles, FloatArray
from genepool.randomness import Purpose, generator
from genepool.strategies import seed_strategies
from genepool.strategies._repair import at_most, rising
from genepool.strategies._sides import faded, followed
from tests.fakes.markets import plain_market, random_market

SEEDS = seed_strategies()


def wanted(name: str, market: Candles, **genes: float) -> FloatArray:
    strategy = SEEDS[name]
    return strategy.exposure(IndicatorBank(market), strategy.genome(genes).values)


def column(*values: float) -> FloatArray:
    return np.array(values)


class TestSharedRules:
    def test_a_line_is_followed_once_it_is_clear_of_the_band(self) -> None:
        line = column(100, 101, 102, 100, 99.5, 98, 100, 101, 103)
        assert followed(line, np.full(9, 100.0), 0.01).tolist() == [0, 0, 1, 1, 1, -1, -1, -1, 1]

    def test_an_extreme_level_is_faded_until_it_is_back(self) -> None:
        level = column(50, 30, 29, 45, 49, 50, 71, 60, 50, 29, 71)
        sides = faded(level, 30.0, 70.0, 50.0, 50.0)
        assert sides.tolist() == [0, 0, 1, 1, 1, 0, -1, -1, 0, 1, -1]

    def test_sorting_repairs_what_stands_the_wrong_way_round(self) -> None:
        repair = rising("fast", "middle", "slow", gap=1)
        assert repair({"fast": 9, "middle": 4, "slow": 6, "band": 7}) == {
            "fast": 4,
            "middle": 6,
            "slow": 9,
            "band": 7,
        }
        assert repair({"fast": 5, "middle": 5, "slow": 5}) == {"fast": 5, "middle": 6, "slow": 7}

    def test_a_ceiling_lowers_what_stands_above_it(self) -> None:
        repair = at_most("exit", "entry", gap=0.25)
        assert repair({"exit": 2.0, "entry": 1.0}) == {"exit": 0.75, "entry": 1.0}
        assert repair({"exit": 0.5, "entry": 1.0}) == {"exit": 0.5, "entry": 1.0}


REPAIRED: dict[str, Callable[[Mapping[str, float]], bool]] = {
    "bollinger_bands": lambda genes: genes["exit"] < genes["width"],
    "donchian_breakout": lambda genes: genes["exit"] <= genes["entry"],
    "ema_crossover": lambda genes: genes["fast"] < genes["slow"],
    "funding_rate_carry": lambda genes: genes["long_below"] <= genes["exit"] <= genes["short_above"],
    "ichimoku_cloud": lambda genes: genes["tenkan"] < genes["kijun"] < genes["senkou"],
    "rsi_filter": lambda genes: (
        genes["oversold"] <= genes["exit"] and genes["overbought"] >= 100 - genes["exit"]
    ),
    "stochastic_oscillator": lambda genes: genes["oversold"] < genes["exit"],
    "vwap_reversion": lambda genes: genes["exit"] < genes["entry"],
}


@pytest.mark.parametrize("name", REPAIRED)
def test_no_genome_is_degenerate(name: str) -> None:
    rng = generator(0, Purpose.INITIAL_GENOME)
    assert all(REPAIRED[name](SEEDS[name].random_genome(rng).values) for _ in range(500))


class TestTrendFollowing:
    def test_ema_crossover_is_flat_then_long_in_a_rise_and_short_in_a_fall(self) -> None:
        there_and_back = [*range(100, 130), *range(129, 90, -1)]
        sides = wanted("ema_crossover", plain_market(there_and_back), fast=2, slow=5)
        assert sides[0] == 0
        assert (sides[1:30] == 1).all()
        assert (sides[36:] == -1).all()

    def test_ema_crossover_needs_to_clear_its_dead_band(self) -> None:
        crawl = plain_market([100 + 0.01 * t for t in range(200)])
        assert (wanted("ema_crossover", crawl, fast=2, slow=5, band=0.0)[1:] == 1).all()
        assert (wanted("ema_crossover", crawl, fast=2, slow=5, band=0.001) == 0).all()

    def test_sma_trend_filter_holds_its_side_inside_the_band(self) -> None:
        closes = [*[100.0] * 20, 106.0, 100.0, 100.0, 93.0, 100.0]
        sides = wanted("sma_trend_filter", plain_market(closes), period=10, band=0.05)
        assert sides[19:].tolist() == [0, 1, 1, 1, -1, -1]

    def test_donchian_breakout_enters_leaves_and_turns_round(self) -> None:
        closes = [10, 10, 10, 10, 10, 11, 12, 11.5, 11.2, 9, 9.2, 9.3, 12.5]
        sides = wanted("donchian_breakout", plain_market(closes), entry=5, exit=2)
        assert sides.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 0, -1, -1, 0, 1]

    def test_donchian_breakout_leaves_the_current_candle_out_of_its_channel(self) -> None:
        market = plain_market([10.0] * 6 + [11.0])
        spike = market.high.copy()
        spike[-1] = 15.0
        assert wanted("donchian_breakout", replace(market, high=spike), entry=5, exit=2)[-1] == 1

    def test_ichimoku_cloud_sees_the_spans_of_earlier_candles(self) -> None:
        # After a step, tenkan-sen passes kijun-sen 8 candles later; the cloud, cast 26 candles ahead,
        # comes up to the price when the base line of 25 candles after the step is drawn.
        step = plain_market([100.0] * 150 + [110.0] * 120)
        sides = wanted("ichimoku_cloud", step, tenkan=9, kijun=26, senkou=52)
        assert (sides[:158] == 0).all()
        assert (sides[158 : 150 + 25 + 26] == 1).all()
        assert (sides[150 + 25 + 26 :] == 0).all()

    def test_volatility_scaling_follows_the_sign_in_steps(self) -> None:
        market = random_market(30, 3_000)
        bank = IndicatorBank(market)
        held, expected = 0.0, []
        for t, volatility in enumerate(bank(annual_volatility, 60)):
            change = market.close[t] - market.close[max(t - 48, 0)]
            if change:
                ideal = 5 * min(0.6 / volatility, 1.0) if volatility else 5.0
                if change * held <= 0 or abs(ideal - abs(held)) >= 1:
                    held = np.sign(change) * max(int(ideal + 0.5), 1)
            expected.append(held / 5)
        sizes = wanted("volatility_scaling", market, momentum=48, window=60, target=0.6, levels=5)
        assert sizes[48:].tolist() == expected[48:]
        assert {0.4, 0.6, 0.8} <= set(np.abs(sizes[48:])) <= {0.2, 0.4, 0.6, 0.8, 1.0}

    def test_volatility_scaling_does_not_trade_at_every_wobble(self) -> None:
        sizes = wanted("volatility_scaling", random_market(31, 5_000))
        assert np.count_nonzero(np.diff(sizes)) < 250


def chandelier(market: Candles, period: int, multiple: float, breakout: int) -> FloatArray:
    """Trade by trade: find the entry, hang the stop, find the candle that closes beyond it."""
    bank = IndicatorBank(market)
    top, bottom = bank(highest, breakout), bank(lowest, breakout)
    distance, close = multiple * bank(atr, period), market.close
    sides = np.zeros(len(market))
    t = 1
    while t < len(market):
        side = int(close[t] > top[t - 1]) - int(close[t] < bottom[t - 1])
        if side == 0:
            t += 1
            continue
        best = np.maximum.accumulate(side * (market.high if side > 0 else market.low)[t:])
        stopped = np.flatnonzero(side * close[t + 1 :] < (best - distance[t:])[1:])
        end = t + 1 + int(stopped[0]) if len(stopped) else len(market)
        sides[t:end] = side
        t = end
    return sides


class TestStops:
    @pytest.mark.parametrize(("multiple", "breakout"), [(1.0, 5), (3.0, 22), (8.0, 60)])
    def test_atr_stop_loss_trails_the_best_price_since_entry(self, multiple: float, breakout: int) -> None:
        market = random_market(32, 3_000)
        sides = wanted("atr_stop_loss", market, period=22, multiple=multiple, breakout=breakout)
        assert sides.tolist() == chandelier(market, 22, multiple, breakout).tolist()
        assert {-1.0, 0.0, 1.0} == set(sides)


class TestReversion:
    def test_rsi_filter_bets_against_a_run(self) -> None:
        closes = [*range(100, 130), *range(129, 99, -1)]
        sides = wanted("rsi_filter", plain_market(closes), period=5)
        assert (sides[1:30] == -1).all()
        assert (sides[-10:] == 1).all()

    @pytest.mark.parametrize("leave", [45, 60])
    def test_rsi_filter_leaves_where_it_is_told(self, leave: int) -> None:
        market = random_market(33, 3_000)
        bank = IndicatorBank(market)
        genes = SEEDS["rsi_filter"].genome({"exit": leave}).values
        sides = SEEDS["rsi_filter"].exposure(bank, genes)
        strength = bank(rsi, 14)
        closed = np.flatnonzero((sides[1:] == 0) & (sides[:-1] == 1)) + 1
        assert len(closed) > 5
        assert (strength[closed] >= leave).all()
        assert (strength[closed - 1] < leave).all()

    def test_stochastic_oscillator_waits_for_the_turn(self) -> None:
        falling = [float(price) for price in range(40, 10, -1)]
        market = plain_market([*falling, 11.2, 11.6, 13.0, 16.0, 19.0])
        bank = IndicatorBank(market)
        sides = wanted("stochastic_oscillator", market, period=5, smoothing=2, exit=80)
        assert (bank(stochastic_d, 5, 2)[5:30] < 20).all()
        assert (sides[:30] == 0).all()
        assert sides[30] == 1
        left = int(np.argmax(bank(stochastic_d, 5, 2) >= 80))
        assert left >= 30
        assert sides[left] == 0
        assert bank(stochastic_k, 5)[30] > bank(stochastic_d, 5, 2)[30]

    @pytest.mark.parametrize(("mode", "after_a_rise"), [(0, -1), (1, 1)])
    def test_bollinger_bands_fade_or_follow(self, mode: int, after_a_rise: int) -> None:
        closes = [100.0 + (t % 2) for t in range(30)] + [110.0, 108.0, 100.0]
        sides = wanted("bollinger_bands", plain_market(closes), mode=mode, period=20, width=2, exit=0)
        assert (sides[20:30] == 0).all()
        assert sides[30:].tolist() == [after_a_rise, after_a_rise, 0]

    def test_bollinger_breakout_is_the_mirror_of_reversion(self) -> None:
        market = random_market(34, 2_000)
        fade, follow = (wanted("bollinger_bands", market, mode=mode) for mode in (0, 1))
        assert (fade == -follow).all()
        assert not np.signbit(follow[follow == 0]).any()

    def test_vwap_reversion_bets_on_the_way_back(self) -> None:
        closes = [100.0 + (t % 2) for t in range(40)] + [90.0, 92.0, 99.9, 115.0]
        sides = wanted("vwap_reversion", plain_market(closes), window=24, entry=2, exit=0)
        assert sides[40:].tolist() == [1, 1, 0, -1]

    def test_vwap_reversion_follows_the_volume_not_the_candles(self) -> None:
        closes = [100.0] * 12 + [110.0] * 12
        market = plain_market(closes)
        busy = replace(market, volume=np.array([1.0] * 12 + [1_000.0] * 12))
        # The plain average is 105; nearly all was traded at 110.
        assert wanted("vwap_reversion", market, window=24, entry=0.5)[-1] == -1
        assert wanted("vwap_reversion", busy, window=24, entry=0.5)[-1] == 0


class TestCarry:
    @staticmethod
    def sides(rates: Sequence[float]) -> FloatArray:
        """Return the sides under yearly funding rates, each paid for 96 hours."""
        hourly = [rate / 8_760 for rate in rates for _ in range(96)]
        market = plain_market([100.0] * len(hourly), hourly)
        genes = {"window": 8, "short_above": 0.2, "long_below": -0.1, "exit": 0.06}
        return wanted("funding_rate_carry", market, **genes)[95::96]

    def test_the_side_that_is_paid_is_held(self) -> None:
        assert self.sides([0.10, 0.30, 0.10, 0.05, 0.10]).tolist() == [0, -1, -1, 0, 0]
        assert self.sides([0.0, -0.3, -0.05, 0.05, 0.08, 0.0]).tolist() == [0, 1, 1, 1, 0, 0]

    def test_a_change_of_sign_turns_the_position_round(self) -> None:
        assert self.sides([0.3, -0.3, 0.3]).tolist() == [-1, 1, -1]
