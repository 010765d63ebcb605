"""The numbers that checks say were published, recomputed; test_sharpe_statistics.py has the others."""

import math
from math import comb

import numpy as np
import pytest

from genepool.market.candles import FloatArray
from genepool.robustness.checks.autocorrelation import annual_factor, autocorrelations_of
from genepool.robustness.checks.combinatorial_paths import path_returns, paths_of, splits_of
from genepool.robustness.checks.superior_ability import superior_ability_p
from genepool.robustness.overfitting import probability_of_overfitting
from genepool.robustness.sharpe_statistics import minimum_track_record, probabilistic_sharpe


@pytest.mark.parametrize(("periods", "years"), [(252, 2.73), (52, 2.83), (12, 3.24)])
def test_the_minimum_track_record_of_two_against_one(periods: int, years: float) -> None:
    root = math.sqrt(periods)
    needed = minimum_track_record(2 / root, 1 / root)
    assert needed is not None
    assert needed / periods == pytest.approx(years, abs=5e-3)


def test_the_minimum_track_record_of_skewed_months() -> None:
    needed = minimum_track_record(2 / math.sqrt(12), 1 / math.sqrt(12), -0.72, 5.78)
    assert needed is not None
    assert needed / 12 == pytest.approx(4.99, abs=5e-3)


def test_a_record_as_long_as_that_is_believed_as_much_as_was_asked() -> None:
    needed = minimum_track_record(0.1, 0.0, -1.0, 8.0, confidence=0.9)
    assert needed is not None
    assert probabilistic_sharpe(0.1, 0.0, needed, -1.0, 8.0) == pytest.approx(0.9)


@pytest.mark.parametrize("sharpe", [-0.1, 0.0])
def test_no_record_is_long_enough_for_what_is_not_above_the_benchmark(sharpe: float) -> None:
    assert minimum_track_record(sharpe, 0.0) is None


def test_lo_s_factor() -> None:
    assert annual_factor(252, [0.1**k for k in range(1, 252)]) == pytest.approx(14.365, abs=5e-4)
    assert annual_factor(252, []) == pytest.approx(math.sqrt(252))
    assert annual_factor(12, [-0.9] * 11) is None


def test_trending_returns_are_seen_as_autocorrelated() -> None:
    noise = np.random.default_rng(0).normal(0, 1, 4_000)
    assert autocorrelations_of(noise[1:] + noise[:-1])[0] == pytest.approx(0.45, abs=0.05)
    assert autocorrelations_of(noise)[0] == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize(
    ("blocks", "splits", "share"), [(8, 70, 0.7143), (10, 252, 0.6746), (16, 12_870, 0.6616)]
)
def test_the_probability_of_overfitting(blocks: int, splits: int, share: float) -> None:
    returns = np.random.default_rng(0).normal(0, 0.01, (800, 30))
    found = probability_of_overfitting(returns, blocks)
    assert found == pytest.approx(share, abs=5e-5)
    assert comb(blocks, blocks // 2) == splits
    assert found * splits == pytest.approx(round(found * splits))


def test_one_that_is_better_everywhere_is_not_overfitted() -> None:
    returns = np.random.default_rng(0).normal(0, 0.01, (800, 30))
    returns[:, 7] += 0.01
    assert probability_of_overfitting(returns) == 0.0


@pytest.mark.parametrize(
    ("groups", "tested", "splits", "paths"), [(6, 2, 15, 5), (10, 2, 45, 9), (10, 8, 45, 36)]
)
def test_combinatorial_splits_and_paths(groups: int, tested: int, splits: int, paths: int) -> None:
    found = list(splits_of(groups, tested))
    assert (len(found), paths_of(groups, tested)) == (splits, paths)
    covered = [(group, path) for chosen, ways in found for group, path in zip(chosen, ways, strict=True)]
    assert sorted(covered) == [(group, path) for group in range(groups) for path in range(paths)]


def test_a_path_never_trains_on_what_it_tests() -> None:
    returns = np.random.default_rng(0).normal(0, 0.01, (600, 2))
    returns[:60, 0] += 1.0
    returns[:, 1] += 0.002
    paths = path_returns(returns, purge=0, groups=10, tested=2)
    assert paths.shape == (9, 600)
    # The first leaps in the first group alone: it is chosen elsewhere for that, and never there.
    assert (paths[:, :60] == returns[:60, 1]).all()
    assert (paths[:, 60:] == returns[60:, 0]).any(axis=0).all()


@pytest.mark.parametrize(
    ("beside", "tested"), [(slice(60, 70), slice(0, 60)), (slice(530, 540), slice(540, 600))]
)
def test_candles_beside_a_test_are_purged(beside: slice, tested: slice) -> None:
    returns = np.random.default_rng(0).normal(0, 0.01, (600, 2))
    returns[beside, 0] += 1.0
    returns[:, 1] += 0.001
    purged, whole = (path_returns(returns, purge, groups=10, tested=2) for purge in (10, 0))
    assert (purged[:, tested] == returns[tested, 1]).all()
    assert not (whole[:, tested] == returns[tested, 1]).all()


def noise(added: float) -> FloatArray:
    returns = np.random.default_rng(1).normal(0, 0.01, (800, 30))
    returns[:, 0] += added
    return returns


@pytest.mark.parametrize(("added", "published"), [(0.0, 0.73), (0.001, 0.37), (0.002, 0.0)])
def test_superior_ability_as_arch_computes_it(added: float, published: float) -> None:
    rng = np.random.default_rng(3)
    found = superior_ability_p(noise(added), 28, 500, rng, studentised=False)
    assert found == pytest.approx(published, abs=0.05)


def test_superior_ability_sees_a_calm_winner_among_wilder_ones() -> None:
    returns = noise(0.0)
    returns[:, 0] = 0.02 * returns[:, 0] + 5e-5
    rng = np.random.default_rng(3)
    assert superior_ability_p(returns, 28, 500, rng) < 0.05
    assert superior_ability_p(returns, 28, 500, rng, studentised=False) > 0.3
