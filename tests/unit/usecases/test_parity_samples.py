"""What a certificate is made on: the newest candles, and the same with opens that no close gives away."""

import numpy as np
import pytest

from genepool.usecases.parity_samples import parity_samples, with_made_up_funding
from tests.fakes.markets import random_market, without

MARKET = without(random_market(3, 6_000), "funding")


@pytest.mark.parametrize(("lookback", "count"), [(100, 3_000), (2_500, 4_500), (9_000, 6_000)])
def test_the_newest_candles_are_taken_and_more_for_who_looks_further_back(lookback: int, count: int) -> None:
    plain = parity_samples(MARKET, lookback)["plain"]
    assert len(plain) == count
    assert plain.stamps[-1] == MARKET.stamps[-1]


def test_opens_are_shaken_by_three_in_a_thousand_at_most_within_their_candles() -> None:
    samples = parity_samples(MARKET, 0)
    plain, shaken = samples["plain"], samples["shaken"]
    moved = np.abs(shaken.open / plain.open - 1.0)
    assert 0.0029 < moved.max() <= 0.003
    assert (moved > 0).all()
    assert (shaken.low <= shaken.open).all()
    assert (shaken.open <= shaken.high).all()
    assert np.array_equal(shaken.close, plain.close)


def test_samples_and_made_up_funding_are_the_same_each_time() -> None:
    assert parity_samples(MARKET, 0)["shaken"].digest == parity_samples(MARKET, 0)["shaken"].digest
    made_up = with_made_up_funding(MARKET)
    assert made_up.funding is not None
    assert made_up.digest == with_made_up_funding(MARKET).digest
    assert np.isfinite(made_up.funding).all()
    assert np.abs(made_up.funding).max() < 0.003
