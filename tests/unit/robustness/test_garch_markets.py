"""Null markets whose volatility a fitted GARCH(1,1) makes: what is fitted, what is kept, what is new."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from genepool.market.candles import Candles, FloatArray
from genepool.market.synthetic import synthetic_market
from genepool.market.variates import normals
from genepool.robustness.null_markets._garch_fit import FEWEST, Garch, fit
from genepool.robustness.null_markets.garch import prepare
from tests.fakes.markets import HOUR, plain_market, random_market

LEVEL = 1e-4


@cache
def shocks(alpha: float, beta: float, count: int = 4_000) -> FloatArray:
    """Return moves of which the truth is known."""
    drawn, variance = np.empty(count), LEVEL
    for k, normal in enumerate(normals(np.random.default_rng(1), count)):
        drawn[k] = normal * variance**0.5
        variance = LEVEL * (1 - alpha - beta) + alpha * drawn[k] ** 2 + beta * variance
    return drawn


def market_of(moves: FloatArray) -> Candles:
    closes = 100 * np.exp(np.cumsum(moves))
    before = np.concatenate(([100.0], closes[:-1]))
    reach = 1 + 2 * np.abs(moves)
    extremes = {"high": np.maximum(before, closes) * reach, "low": np.minimum(before, closes) / reach}
    return replace(
        plain_market(closes.tolist()), open=before, volume=np.arange(len(moves), dtype=np.float64), **extremes
    )


def null_of(market: Candles, draw: int = 3) -> Candles:
    return prepare(market)(np.random.default_rng(draw))


def sizes(candles: Candles) -> FloatArray:
    return np.abs(np.diff(np.log(candles.close)))


def persistence(candles: Candles, lag: int) -> float:
    values = sizes(candles)
    return float(np.corrcoef(values[:-lag], values[lag:])[0, 1])


# What arch 8.0 estimates from the same moves, whose omega is free: alpha, beta.
@pytest.mark.parametrize(
    ("truth", "arch"),
    [((0.1, 0.85), (0.1102, 0.8383)), ((0.05, 0.94), (0.0521, 0.9391)), ((0.2, 0.5), (0.2159, 0.5088))],
)
def test_the_fit_is_that_of_other_software(truth: tuple[float, float], arch: tuple[float, float]) -> None:
    found = fit(shocks(*truth))
    assert (found.alpha, found.beta) == pytest.approx(arch, abs=0.002)


def test_the_fit_does_not_depend_on_the_unit() -> None:
    small, large = fit(shocks(0.1, 0.85)), fit(1_024 * shocks(0.1, 0.85))
    assert (small.alpha, small.beta) == (large.alpha, large.beta)
    assert large.level == pytest.approx(1_024**2 * small.level)


def test_variances_are_those_of_the_definition() -> None:
    garch, moves = Garch(LEVEL, 0.125, 0.75), shocks(0.1, 0.85)[:50]
    expected = [LEVEL]
    for move in moves[:-1]:
        expected.append(garch.omega + garch.alpha * move * move + garch.beta * expected[-1])
    np.testing.assert_allclose(garch.variances(moves), expected, rtol=1e-13)


def test_an_explosive_market_is_fitted_below_explosion() -> None:
    # Integrated: alpha and beta of the truth make up one.
    variance, moves = LEVEL, np.empty(3_000)
    for k, normal in enumerate(normals(np.random.default_rng(2), len(moves))):
        moves[k] = normal * variance**0.5
        variance = 1e-6 + 0.3 * moves[k] ** 2 + 0.7 * variance
    found = fit(moves - moves.mean())
    assert 0.95 < found.alpha + found.beta < 1
    market = market_of(moves)
    null = null_of(market)
    assert np.isfinite(null.high).all()
    assert (null.low > 0).all()
    # But for the tilt, no candle moves further than the furthest of the market.
    assert sizes(null).max() < 1.1 * sizes(market).max()


def test_too_few_candles_have_one_volatility() -> None:
    few = shocks(0.2, 0.5)[: FEWEST - 1]
    assert (fit(few).alpha, fit(few).beta) == (0.0, 0.0)


def test_noise_has_none_to_speak_of() -> None:
    assert fit(shocks(0.0, 0.0)).alpha < 0.04


def test_nervous_times_come_anew_and_last_as_long() -> None:
    market = market_of(shocks(0.1, 0.88))
    draw = prepare(market)
    nulls = [draw(np.random.default_rng(number)) for number in range(20)]
    for lag in (1, 5, 20):
        lasting = np.mean([persistence(null, lag) for null in nulls])
        assert lasting == pytest.approx(persistence(market, lag), abs=0.08)
    # They come at other times.
    assert abs(np.corrcoef(sizes(market), sizes(nulls[0]))[0, 1]) < 0.1


def test_fat_tails_and_the_usual_size_of_moves_stay() -> None:
    market = synthetic_market("regimes", 1, 8_000)
    null = null_of(market)
    assert sizes(null).std() == pytest.approx(sizes(market).std(), rel=0.15)
    for share in (0.5, 0.9, 0.99, 0.999):
        assert np.quantile(sizes(null), share) == pytest.approx(np.quantile(sizes(market), share), rel=0.2)


def test_candles_are_scaled_whole() -> None:
    market = market_of(shocks(0.1, 0.85))
    null = null_of(market)
    assert null.volume is not None
    places = null.volume.astype(np.int64)
    scales = np.log(null.high / null.low) / np.log(market.high / market.low)[places]
    assert scales.min() < 0.7
    assert scales.max() > 1.4
    for name in ("high", "low", "close"):
        given, made = (np.log(getattr(one, name) / one.open) for one in (market, null))
        np.testing.assert_allclose(made, scales * given[places], atol=1e-12)


def told_by_nervousness(candles: Candles) -> float:
    """Return how much the sizes of ten moves tell of the direction of the next one."""
    moves = np.diff(np.log(candles.close))
    nervous = np.convolve(np.abs(moves), np.ones(10), mode="valid")[:-1]
    return float(np.corrcoef(nervous, moves[10:])[0, 1])


def test_what_a_candle_is_expected_to_move_does_not_follow_from_how_nervous_it_is() -> None:
    # A premium for holding in nervous times is an edge. Here the market has a large one.
    moves = shocks(0.25, 0.74)
    market = market_of(moves + np.sqrt(Garch(LEVEL, 0.25, 0.74).variances(moves)))
    draw = prepare(market)
    told = [told_by_nervousness(draw(np.random.default_rng(number))) for number in range(20)]
    assert told_by_nervousness(market) > 0.3
    assert abs(np.mean(told)) < 0.03


def test_a_leap_after_a_pause_is_drawn_from_those_after_a_pause() -> None:
    market = random_market(5, 1_400)
    number = np.arange(len(market))
    leap = 1.1 ** (number // 7)
    before = np.concatenate((market.open[:1], market.close[:-1]))
    level = leap * np.concatenate(([1.0], np.cumprod(before[1:] / market.open[1:])))
    prices = {name: getattr(market, name) * level for name in ("open", "high", "low", "close")}
    nights = replace(market, stamps=(number + 17 * (number // 7)) * HOUR, **prices)
    null = null_of(nights)
    steps = null.open[1:] / null.close[:-1]
    night = np.diff(nights.stamps) > HOUR
    assert steps[night].min() > 1.02 > steps[~night].max()


@pytest.mark.parametrize("count", [1, 2, FEWEST, 2 * FEWEST])
def test_a_market_that_stands_still_keeps_its_wicks(count: int) -> None:
    still = plain_market([100.0] * count)
    market = replace(still, high=still.high * 1.02, low=still.low * 0.98)
    null = null_of(market)
    assert null.close.tolist() == market.close.tolist()
    np.testing.assert_allclose((null.high, null.low), (market.high, market.low), rtol=1e-12)


def test_a_market_of_one_leap_and_nothing_else() -> None:
    market = plain_market([100.0] * 600 + [250.0] * 600)
    for draw in range(5):
        null = null_of(market, draw)
        assert np.isfinite(null.close).all()
        assert (null.low > 0).all()
        assert null.close[-1] == pytest.approx(250.0)
