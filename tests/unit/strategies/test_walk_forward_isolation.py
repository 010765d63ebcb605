"""No fit knows what happened after it, and the test that says so is itself put to the test."""

from collections.abc import Callable

import numpy as np
import pytest

from genepool.indicators.bank import IndicatorBank
from genepool.indicators.features import FEATURE_LOOKBACK, learning_features
from genepool.indicators.pca_tree import walk_forward_projections, walk_forward_trees
from genepool.indicators.svc_scores import walk_forward_svc
from genepool.indicators.walk_forward import forward_returns, memory, scaling, standardised
from genepool.market.candles import Candles, FloatArray
from genepool.market.wild_futures import with_columns
from tests.fakes.bank_rows import kept
from tests.fakes.markets import random_market

WINDOW, REFIT, HORIZON, CANDLES = 120, 40, 12, 700
FIRST_FIT = FEATURE_LOOKBACK + WINDOW + HORIZON - 1
FITS = range(FIRST_FIT, CANDLES, REFIT)

Walk = Callable[[FloatArray, FloatArray, int], tuple[FloatArray, FloatArray]]


def svc(features: FloatArray, targets: FloatArray, purge: int) -> tuple[FloatArray, FloatArray]:
    return walk_forward_svc(kept(features), targets, FEATURE_LOOKBACK, WINDOW, REFIT, purge, 0.01)


def tree(features: FloatArray, targets: FloatArray, purge: int) -> tuple[FloatArray, FloatArray]:
    features = kept(features)
    projections = kept(walk_forward_projections(features, FEATURE_LOOKBACK, WINDOW, REFIT, purge))
    return walk_forward_trees(features, targets, projections, FEATURE_LOOKBACK, WINDOW, REFIT, purge, 4, 3, 3)


LEARNERS = pytest.mark.parametrize("walk", [svc, tree])


def walked(walk: Walk, candles: Candles, purge: int = HORIZON) -> tuple[FloatArray, FloatArray]:
    features = learning_features(IndicatorBank(candles))
    return walk(features, forward_returns(candles.close, HORIZON), purge)


def with_another_future(candles: Candles, after: int, seed: int, jump: float = 7.0) -> Candles:
    """Keep every candle up to and including this one, replace all later ones at another level."""
    other = random_market(seed, len(candles))
    factor = jump * candles.close[after] / other.close[after]
    later = {name: factor * getattr(other, name)[after + 1 :] for name in ("open", "high", "low", "close")}
    return with_columns(candles, after + 1, len(candles), later)


def fits_that_peeked(walk: Walk, purge: int) -> list[int]:
    """Return the fits in which a bit changed when the candles after them did."""
    candles = random_market(1, CANDLES)
    _, models = walked(walk, candles, purge)
    begin = FEATURE_LOOKBACK + WINDOW + purge - 1
    peeked = []
    for fit, r in enumerate(range(begin, CANDLES - 1, REFIT)):
        # A jump up alone would leave a label as it was that is up already.
        futures = [with_another_future(candles, r, fit + 2, jump) for jump in (7.0, 1 / 7)]
        known = models[: fit + 1].tobytes()
        if any(walked(walk, future, purge)[1][: fit + 1].tobytes() != known for future in futures):
            peeked.append(r)
    return peeked


@LEARNERS
def test_candles_after_a_fit_change_none_of_its_bits(walk: Walk) -> None:
    assert fits_that_peeked(walk, HORIZON) == []


@LEARNERS
@pytest.mark.parametrize("purge", [0, HORIZON - 1])
def test_unpurged_labels_would_be_caught(walk: Walk, purge: int) -> None:
    # One label too many can leave a coarse tree as it was; a dozen cannot.
    assert len(fits_that_peeked(walk, purge)) >= (len(FITS) if purge == 0 else len(FITS) // 2)


@LEARNERS
def test_scaling_by_the_whole_sample_would_be_caught(walk: Walk) -> None:
    def with_whole_sample_scaling(
        features: FloatArray, targets: FloatArray, purge: int
    ) -> tuple[FloatArray, FloatArray]:
        return walk(standardised(features, *scaling(features)), targets, purge)

    assert len(fits_that_peeked(with_whole_sample_scaling, HORIZON)) >= len(FITS) - 1


@LEARNERS
def test_labels_that_are_not_known_yet_can_be_shuffled(walk: Walk) -> None:
    candles = random_market(3, CANDLES)
    features, targets = learning_features(IndicatorBank(candles)), forward_returns(candles.close, HORIZON)
    _, models = walk(features, targets, HORIZON)
    for fit, r in enumerate(FITS):
        shuffled = targets.copy()
        np.random.default_rng(fit).shuffle(shuffled[r - HORIZON + 1 :])
        assert walk(features, shuffled, HORIZON)[1][fit].tobytes() == models[fit].tobytes()


@LEARNERS
def test_the_newest_known_label_is_used(walk: Walk) -> None:
    candles = random_market(4, CANDLES)
    features, targets = learning_features(IndicatorBank(candles)), forward_returns(candles.close, HORIZON)
    _, models = walk(features, targets, HORIZON)
    changed = 0
    for fit, r in enumerate(FITS):
        turned = targets.copy()
        turned[r - HORIZON] = -100.0 * targets[r - HORIZON]
        changed += walk(features, turned, HORIZON)[1][fit].tobytes() != models[fit].tobytes()
    assert changed >= len(FITS) // 2


@LEARNERS
def test_scores_up_to_a_candle_do_not_depend_on_later_ones(walk: Walk) -> None:
    candles = random_market(5, CANDLES)
    scores, _ = walked(walk, candles)
    for cut in range(FIRST_FIT - 20, CANDLES - 1, 23):
        others, _ = walked(walk, with_another_future(candles, cut, seed=cut))
        assert others[: cut + 1].tobytes() == scores[: cut + 1].tobytes()
        shorter, _ = walked(walk, candles.slice(0, cut + 1))
        assert shorter.tobytes() == scores[: cut + 1].tobytes()


@LEARNERS
def test_the_memory_ends_where_it_says_and_hardly_sooner(walk: Walk) -> None:
    candles, other = random_market(6, CANDLES), random_market(7, CANDLES)
    scores, _ = walked(walk, candles)
    needed = memory(WINDOW, REFIT, HORIZON, FEATURE_LOOKBACK)
    last_differences = []
    for changed in range(200, 200 + REFIT):
        past = {name: getattr(other, name)[:changed] for name in ("open", "high", "low", "close", "volume")}
        others, _ = walked(walk, with_columns(candles, 0, changed, past))
        last_differences.append(int(np.flatnonzero(others != scores)[-1]) - changed + 2)
    assert needed - 10 <= max(last_differences) <= needed


@LEARNERS
def test_the_first_score_stands_at_the_first_fit(walk: Walk) -> None:
    scores, models = walked(walk, random_market(8, CANDLES))
    assert not scores[:FIRST_FIT].any()
    assert np.count_nonzero(scores[FIRST_FIT:]) > 0.5 * (CANDLES - FIRST_FIT)
    assert len(models) == len(FITS)


def test_forward_returns_look_exactly_the_horizon_ahead() -> None:
    close = random_market(9, 100).close
    targets = forward_returns(close, HORIZON)
    assert targets[:-HORIZON] == pytest.approx(close[HORIZON:] / close[:-HORIZON] - 1)
    assert not targets[-HORIZON:].any()


def test_scaling_leaves_mean_zero_and_deviation_one_but_for_constants() -> None:
    values = np.random.default_rng(10).normal(3, 5, size=(400, 3))
    values[:, 1] = 0.1
    scaled = standardised(values, *scaling(values))
    assert scaled.mean(axis=0) == pytest.approx([0, 0, 0], abs=1e-14)
    assert scaled.std(axis=0) == pytest.approx([1, 0, 1])
