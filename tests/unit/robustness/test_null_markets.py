"""What a null market keeps of the given one, and what it destroys."""

import numpy as np
import pytest

from genepool.market.candles import Candles, FloatArray
from genepool.market.synthetic import synthetic_market
from genepool.robustness.null_markets import DEFAULT_NULL_MARKET, null_markets
from genepool.robustness.null_markets._block_length import block_length

NERVOUS = synthetic_market("regimes", 1, 8_000)
TRENDING = synthetic_market("planted", 1, 8_000, 0.3)


def moves(candles: Candles) -> FloatArray:
    return np.diff(np.log(candles.close))


def persistence(values: FloatArray, lag: int = 1) -> float:
    return float(np.corrcoef(values[:-lag], values[lag:])[0, 1])


def made(name: str, candles: Candles) -> Candles:
    return null_markets()[name].prepare(candles)(np.random.default_rng(3))


def test_the_usual_way_is_one_of_them() -> None:
    assert DEFAULT_NULL_MARKET in null_markets()
    assert [way.name for way in null_markets().values()] == list(null_markets())


@pytest.mark.parametrize("name", sorted(null_markets()))
def test_a_trend_that_lasts_is_gone(name: str) -> None:
    # So much of it is in the given market that sums over 50 candles tell of the next sum.
    given, null = (moves(one)[:7_950].reshape(-1, 50).sum(axis=1) for one in (TRENDING, made(name, TRENDING)))
    assert persistence(given) > 0.35
    assert abs(persistence(null)) < 0.2


@pytest.mark.parametrize("name", sorted(null_markets()))
def test_calm_and_nervous_times_stay(name: str) -> None:
    sizes = np.abs(moves(made(name, NERVOUS)))
    assert persistence(sizes) == pytest.approx(persistence(np.abs(moves(NERVOUS))), abs=0.04)


def test_blocks_are_as_long_as_sizes_of_moves_hang_together() -> None:
    assert block_length(TRENDING) == 1
    assert block_length(NERVOUS) == 20
    assert block_length(NERVOUS.slice(0, 2)) <= 2
