"""The probability of overfitting from sums of blocks is that of the returns."""

from itertools import combinations

import numpy as np
import pytest

from genepool.market.candles import FloatArray
from genepool.robustness.overfitting import (
    block_sums,
    enough,
    halves,
    probability_by_blocks,
    probability_of_overfitting,
)


def plainly(returns: FloatArray, blocks: int) -> float:
    """Return the probability as the paper has it, split by split from the returns."""
    size, worse = len(returns) // blocks, 0
    cut = returns[: size * blocks].reshape(blocks, size, -1)
    splits = list(combinations(range(blocks), blocks // 2))
    for train in splits:
        test = [block for block in range(blocks) if block not in train]
        trained, tested = (
            part.mean(axis=0) / part.std(axis=0)
            for part in (cut[list(half)].reshape(-1, returns.shape[1]) for half in (train, test))
        )
        worse += np.sum(tested <= tested[trained.argmax()]) <= (returns.shape[1] + 1) / 2
    return worse / len(splits)


@pytest.mark.parametrize(("candles", "tried", "blocks"), [(160, 4, 4), (333, 7, 6), (800, 30, 8)])
def test_it_is_what_every_split_says(candles: int, tried: int, blocks: int) -> None:
    returns = np.random.default_rng(tried).normal(0, 0.01, (candles, tried))
    assert probability_of_overfitting(returns, blocks) == pytest.approx(plainly(returns, blocks))


def test_sums_that_were_kept_one_by_one_give_the_published_number() -> None:
    returns = np.random.default_rng(0).normal(0, 0.01, (800, 30))
    kept = [block_sums(returns[:, one].copy()) for one in range(30)]
    found = probability_by_blocks(kept, len(returns))
    assert found == probability_of_overfitting(returns) == pytest.approx(0.6616, abs=5e-5)


def test_who_tests_where_a_split_trains_is_as_far_from_the_end() -> None:
    for train, test in zip(halves(), halves()[::-1], strict=True):
        assert sorted([*train, *test]) == list(range(16))


@pytest.mark.parametrize(
    ("candles", "tried", "says"), [(160, 4, True), (159, 4, False), (160, 3, False), (0, 0, False)]
)
def test_few_genomes_or_candles_say_nothing(candles: int, tried: int, says: bool) -> None:
    assert enough(candles, tried) is says
