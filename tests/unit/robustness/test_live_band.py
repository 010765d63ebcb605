"""The band of results that a genome's own returns let one expect."""

import numpy as np
import pytest

from genepool.errors import DataError
from genepool.robustness.live_band import BandPlace, live_band
from genepool.robustness.resampling import stationary_resamples

RETURNS = np.random.default_rng(3).normal(0.0002, 0.01, 1_500)


def test_the_band_of_independent_returns_is_the_one_of_theory() -> None:
    band = live_band(RETURNS, 400, seed=1)
    spread, drift = RETURNS.std() * np.sqrt(400), np.log1p(RETURNS).mean() * 400
    assert band.low == pytest.approx(np.expm1(drift - 1.96 * spread), abs=0.03)
    assert band.high == pytest.approx(np.expm1(drift + 1.96 * spread), abs=0.05)
    assert band.median == pytest.approx(np.expm1(drift), abs=0.02)


def test_a_longer_record_widens_it_and_a_path_may_be_longer_than_the_returns() -> None:
    short, long = live_band(RETURNS, 100, seed=1), live_band(RETURNS, 3_000, seed=1)
    assert long.high - long.low > 3 * (short.high - short.low)


def test_a_result_has_its_place_and_its_quantile() -> None:
    band = live_band(RETURNS, 400, seed=1)
    assert [band.place(total) for total in (-0.9, band.low, 0.0, band.high, 2.0)] == [
        BandPlace.BELOW, BandPlace.INSIDE, BandPlace.INSIDE, BandPlace.INSIDE, BandPlace.ABOVE,
    ]  # fmt: skip
    assert (band.quantile(-0.99), band.quantile(9.0)) == (0.0, 1.0)
    assert band.quantile(band.median) == pytest.approx(0.5, abs=0.001)


def test_paths_that_earned_as_much_count_half() -> None:
    assert live_band(np.zeros(200), 50, seed=1).quantile(0.0) == 0.5


def test_the_same_seed_draws_the_same_band() -> None:
    first, again, other = (live_band(RETURNS, 50, seed).totals for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes() != other.tobytes()


def test_few_returns_make_no_band() -> None:
    with pytest.raises(DataError, match="99 out-of-sample returns, and a band needs 100"):
        live_band(RETURNS[:99], 50, seed=1)


def test_as_many_places_as_asked_for_are_drawn_of_all_that_there_are() -> None:
    (drawn,) = stationary_resamples(10, 3.0, 1, np.random.default_rng(0), 5_000)
    assert drawn.shape == (5_000,)
    assert np.bincount(drawn).tolist() == pytest.approx([500] * 10, abs=100)
