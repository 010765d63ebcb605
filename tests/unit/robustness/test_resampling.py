"""The stationary bootstrap keeps neighbours together, in blocks as long as the record asks for."""

import numpy as np
import pytest

from genepool.market.candles import FloatArray
from genepool.robustness.resampling import automatic_block_length, stationary_resamples


def trending(seed: int, strength: float, count: int) -> FloatArray:
    shocks = np.random.default_rng(seed).normal(0, 0.01, count)
    found = shocks.copy()
    for k in range(1, count):
        found[k] += strength * found[k - 1]
    return found


# The lengths that the library arch 8.0 computes; it takes one more lag for telling, so they differ a little.
@pytest.mark.parametrize(
    ("seed", "strength", "count", "arch"),
    [(1, 0.3, 2_000, 8.976), (2, 0.8, 500, 14.426), (3, -0.4, 1_000, 8.592)],
)
def test_the_automatic_length_agrees_with_arch(seed: int, strength: float, count: int, arch: float) -> None:
    assert automatic_block_length(trending(seed, strength, count)) == pytest.approx(arch, rel=0.06)


def test_independent_returns_need_no_blocks() -> None:
    assert automatic_block_length(trending(0, 0.0, 800)) == 1.0


@pytest.mark.parametrize("returns", [np.zeros(0), np.zeros(5), np.zeros(500), np.full(500, 0.1)])
def test_a_record_that_tells_nothing_is_drawn_one_by_one(returns: FloatArray) -> None:
    assert automatic_block_length(returns) == 1.0


def test_blocks_have_the_length_asked_for_and_wrap_around() -> None:
    (places,) = stationary_resamples(20_000, 25.0, 1, np.random.default_rng(0))
    breaks = np.count_nonzero((places[1:] - places[:-1]) % 20_000 != 1)
    assert 20_000 / (breaks + 1) == pytest.approx(25.0, rel=0.1)
    assert places.min() >= 0
    assert places.max() < 20_000


def test_blocks_of_one_are_the_ordinary_bootstrap() -> None:
    samples = list(stationary_resamples(50, 1.0, 200, np.random.default_rng(0)))
    assert len(samples) == 200
    assert np.mean([len(set(places.tolist())) for places in samples]) == pytest.approx(
        50 * (1 - 1 / np.e), abs=1.0
    )
