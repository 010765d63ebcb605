"""What every way of making a market without an edge keeps, whatever the market."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.market.candles import Candles
from genepool.robustness.null_markets import null_markets
from tests.fakes.markets import HOUR, random_market, without

SEEDS = st.integers(0, 2**32)
# Some are long enough to fit a model to.
LENGTHS = st.one_of(st.integers(2, 300), st.integers(500, 600))
NAMES = st.sampled_from(sorted(null_markets()))
# One scales its candles.
AS_THEY_ARE = sorted(set(null_markets()) - {"garch"})
few = settings(max_examples=25)


def null_of(name: str, market: Candles, seed: int) -> Candles:
    return null_markets()[name].prepare(market)(np.random.default_rng(seed))


def with_nights(market: Candles) -> Candles:
    """Return the market closed after every seventh candle; each night the price leaps by a tenth."""
    number = np.arange(len(market))
    leap = 1.1 ** (number // 7)
    prices = {name: getattr(market, name) * leap for name in ("open", "high", "low", "close")}
    before = np.concatenate((market.open[:1], market.close[:-1]))
    # Without any other step, what a night does is told from all else.
    level = np.concatenate(([1.0], np.cumprod(before[1:] / market.open[1:])))
    prices = {name: column * level for name, column in prices.items()}
    return replace(market, stamps=(number + 17 * (number // 7)) * HOUR, **prices)


@few
@given(NAMES, SEEDS, LENGTHS, SEEDS)
def test_candles_are_valid_and_stand_at_the_same_stamps(name: str, seed: int, length: int, draw: int) -> None:
    market = random_market(seed, length)
    made = null_of(name, market, draw)
    body = np.maximum(made.open, made.close), np.minimum(made.open, made.close)
    assert (made.high >= body[0]).all()
    assert (made.low <= body[1]).all()
    assert (made.low > 0).all()
    assert made.stamps.tolist() == market.stamps.tolist()
    assert made.synthetic


@few
@given(NAMES, SEEDS, LENGTHS, SEEDS)
def test_what_holding_earns_is_kept(name: str, seed: int, length: int, draw: int) -> None:
    market = random_market(seed, length)
    made = null_of(name, market, draw)
    assert made.open[0] == market.open[0]
    assert made.close[-1] == pytest.approx(market.close[-1], rel=1e-9)


@few
@given(NAMES, SEEDS, LENGTHS, SEEDS)
def test_equal_draws_make_equal_markets(name: str, seed: int, length: int, draw: int) -> None:
    market = random_market(seed, length)
    assert null_of(name, market, draw).digest == null_of(name, market, draw).digest


@few
@given(NAMES, SEEDS, LENGTHS, SEEDS)
def test_volume_and_funding_travel_with_their_candle(name: str, seed: int, length: int, draw: int) -> None:
    market = replace(random_market(seed, length), volume=np.arange(length, dtype=np.float64))
    made = null_of(name, market, draw)
    assert market.funding is not None
    assert made.volume is not None
    assert made.funding is not None
    places = made.volume.astype(np.int64)
    assert made.funding.tolist() == market.funding[places].tolist()
    if name not in AS_THEY_ARE:
        return
    # The reach of a candle, whichever way it moves, came along, but for rounding.
    reach = (market.high / market.low)[places]
    np.testing.assert_allclose(made.high / made.low, reach, rtol=1e-9)


@few
@given(NAMES, SEEDS, SEEDS)
def test_a_market_without_volume_and_funding_stays_so(name: str, seed: int, draw: int) -> None:
    made = null_of(name, without(random_market(seed, 40), "volume", "funding"), draw)
    assert made.volume is None
    assert made.funding is None


@few
@given(
    st.sampled_from(["block_shuffle", "garch", "stationary_bootstrap"]), SEEDS, st.integers(30, 200), SEEDS
)
def test_the_leap_of_a_night_stays_at_night(name: str, seed: int, length: int, draw: int) -> None:
    market = with_nights(random_market(seed, length))
    made = null_of(name, market, draw)
    steps = made.open[1:] / made.close[:-1]
    night = np.diff(market.stamps) > HOUR
    assert steps[night].min() > steps[~night].max()


@few
@given(SEEDS, LENGTHS, SEEDS)
def test_a_shuffle_has_every_candle_once(seed: int, length: int, draw: int) -> None:
    market = replace(random_market(seed, length), volume=np.arange(length, dtype=np.float64))
    made = null_of("block_shuffle", market, draw)
    assert made.volume is not None
    assert sorted(made.volume.tolist()) == list(range(length))


@few
@given(SEEDS, LENGTHS, SEEDS)
def test_turned_blocks_leave_every_size_where_it_was(seed: int, length: int, draw: int) -> None:
    market = random_market(seed, length)
    made = null_of("sign_flip", market, draw)
    np.testing.assert_allclose(made.high / made.low, market.high / market.low, rtol=1e-9)


def test_a_market_that_stands_still_stays_so() -> None:
    still = np.full(600, 100.0)
    market = Candles("STILL", "1h", np.arange(600) * HOUR, still, still, still, still)
    for way in null_markets().values():
        assert way.prepare(market)(np.random.default_rng(1)).close.tolist() == still.tolist()
