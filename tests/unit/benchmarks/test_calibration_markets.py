"""Markets of the calibration hold the edge that they say, and no other."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.calibration.markets import Drawn, Order, kinds_of_market
from benchmarks.calibration.markets._base import VOLATILITY
from benchmarks.calibration.markets._drawing import normal_moves
from benchmarks.calibration.markets._rules import majority
from genepool.market.candles import FloatArray
from genepool.market.synthetic import synthetic_market

KINDS = kinds_of_market()
PLANTED = sorted(name for name, kind in KINDS.items() if kind.planted)
GENERATED = sorted(name for name, kind in KINDS.items() if not kind.planted and kind.source == "")
SHUFFLED = sorted(name for name, kind in KINDS.items() if kind.source != "")
REAL = synthetic_market("regimes", 3, 2_000)
SEEDS, CANDLES, YEAR = range(1, 5), 5_000, 365.0


def order(name: str, candles: int = 400, seed: int = 1, sharpe: float = 0.0) -> Order:
    return Order(seed, candles, sharpe, REAL if name in SHUFFLED else None)


def gained(drawn: Drawn) -> FloatArray:
    """Return what the ideal strategy earns on each candle, payments included, costs not."""
    candles, sides = drawn.candles, drawn.sides
    assert sides is not None
    paid = 0.0 if candles.funding is None else candles.funding
    returns: FloatArray = sides * (candles.close / candles.open - 1.0 - paid)
    return returns


def annual_sharpe(returns: FloatArray) -> float:
    return float(returns.mean() / returns.std() * YEAR**0.5)


@pytest.mark.parametrize("name", PLANTED)
def test_the_ideal_strategy_has_the_annual_sharpe_ratio_that_was_planted(name: str) -> None:
    drawn = (KINDS[name].draw(order(name, CANDLES, seed, 2.0)) for seed in SEEDS)
    joined = np.concatenate([gained(one) for one in drawn])
    # Four deviations are allowed of what so many years know it to.
    assert annual_sharpe(joined) == pytest.approx(2.0, abs=4 * (YEAR / len(joined)) ** 0.5)


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.parametrize("sharpe", [0.0, 0.5, 2.0])
def test_each_candle_is_the_edge_of_its_side_and_noise(name: str, sharpe: float) -> None:
    asked = order(name, sharpe=sharpe)
    drawn = KINDS[name].draw(asked)
    assert drawn.sides is not None
    edge = np.abs(drawn.sides) * sharpe / YEAR**0.5 * VOLATILITY
    noise = VOLATILITY * drawn.sides * normal_moves(asked)
    np.testing.assert_allclose(gained(drawn), edge + noise, atol=1e-12)


def test_momentum_follows_the_last_twenty_candles_and_reversion_leaves_the_mean_of_ten() -> None:
    momentum, reversion = (KINDS[name].draw(order(name, sharpe=1.0)) for name in ("momentum", "reversion"))
    assert momentum.sides is not None
    assert reversion.sides is not None
    close = momentum.candles.close
    np.testing.assert_array_equal(momentum.sides[21:], np.sign(close[20:-1] - close[:-21]))
    close = reversion.candles.close
    means = np.convolve(close, np.full(10, 0.1), "valid")
    np.testing.assert_array_equal(reversion.sides[10:], np.sign(means[:-1] - close[9:-1]))


def test_funding_is_short_where_the_last_twenty_rates_were_above_their_mean() -> None:
    drawn = KINDS["funding"].draw(order("funding", sharpe=1.0))
    assert drawn.sides is not None
    assert drawn.candles.funding is not None
    sums = np.convolve(drawn.candles.funding - 0.07 / YEAR, np.ones(20), "valid")
    np.testing.assert_array_equal(drawn.sides[20:], -np.sign(sums[:-1]))


def test_a_mixture_holds_the_side_of_most_rules() -> None:
    sides = -1.0, 1.0, 1.0
    rules = [lambda _closes, _number, side=side: side for side in sides]
    assert majority(*rules)([1.0], 0) == 1.0
    assert majority(*rules[:1])([1.0], 0) == -1.0


@pytest.mark.parametrize("name", PLANTED)
def test_holding_earns_nothing_where_an_edge_is_planted(name: str) -> None:
    drawn = [KINDS[name].draw(order(name, CANDLES, seed, 2.0)).candles for seed in SEEDS]
    moves = np.concatenate(
        [one.close / one.open - 1.0 - (0.0 if one.funding is None else one.funding) for one in drawn]
    )
    assert abs(annual_sharpe(moves)) < 4 * (YEAR / len(moves)) ** 0.5


@pytest.mark.parametrize("name", GENERATED)
def test_noise_drifts_only_where_it_is_said(name: str) -> None:
    drawn = [KINDS[name].draw(order(name, CANDLES, seed)).candles for seed in SEEDS]
    moves = np.concatenate([one.close / one.open - 1.0 for one in drawn])
    said = 1.0 if name == "drifting" else 0.0
    assert annual_sharpe(moves) == pytest.approx(said, abs=4 * (YEAR / len(moves)) ** 0.5)


@pytest.mark.parametrize("name", GENERATED)
def test_the_past_of_noise_does_not_tell_the_side_of_the_next_candle(name: str) -> None:
    candles = KINDS[name].draw(order(name, CANDLES)).candles
    sides = np.sign(candles.close / candles.open - 1.0)
    agreeing = np.mean(sides[1:] == sides[:-1])
    # A drift makes both sides alike a little more often.
    assert agreeing == pytest.approx(0.5, abs=0.02)


def test_garch_has_calm_and_nervous_times_and_normal_noise_has_none() -> None:
    def clustering(name: str) -> float:
        moves = np.abs(np.diff(np.log(KINDS[name].draw(order(name, CANDLES)).candles.close)))
        return float(np.corrcoef(moves[1:], moves[:-1])[0, 1])

    assert clustering("garch") > 0.08
    assert abs(clustering("normal")) < 0.03


def test_fat_tails_are_fat() -> None:
    moves = np.diff(np.log(KINDS["fat_tails"].draw(order("fat_tails", CANDLES)).candles.close))
    assert np.mean((moves - moves.mean()) ** 4) / moves.var() ** 2 > 6


@pytest.mark.parametrize("name", SHUFFLED)
def test_a_shuffled_market_has_the_candles_of_the_real_one_in_another_order(name: str) -> None:
    whole = KINDS[name].draw(order(name, len(REAL))).candles
    bodies, real = whole.close / whole.open, REAL.close / REAL.open
    np.testing.assert_allclose(np.sort(bodies), np.sort(real))
    assert not np.allclose(bodies, real)
    assert whole.synthetic


def test_a_shuffled_market_has_no_more_candles_than_the_real_one() -> None:
    assert len(KINDS["shuffled_bitcoin"].draw(order("shuffled_bitcoin", 2_001)).candles) == 2_000


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_market_is_its_seed(name: str) -> None:
    asked = order(name, sharpe=1.0 if name in PLANTED else 0.0)
    first, again = KINDS[name].draw(asked).candles, KINDS[name].draw(asked).candles
    other = KINDS[name].draw(replace(asked, seed=2)).candles
    assert first.digest == again.digest
    assert first.digest != other.digest
    assert len(first) == asked.candles


def test_edges_of_one_seed_share_their_noise() -> None:
    weak, strong = (KINDS["momentum"].draw(order("momentum", 2_000, 5, sharpe)) for sharpe in (0.5, 2.0))
    moves = [one.candles.close / one.candles.open for one in (weak, strong)]
    assert np.corrcoef(moves[0], moves[1])[0, 1] > 0.99
