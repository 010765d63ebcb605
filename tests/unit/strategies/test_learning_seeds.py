from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from typing_extensions import override

from genepool.indicators.bank import Indicator, IndicatorBank, Parameter
from genepool.indicators.pca_tree import pca_tree_scores, walk_forward_projections, walk_forward_trees
from genepool.indicators.svc_scores import svc_scores, walk_forward_svc
from genepool.market.candles import Candles, FloatArray
from genepool.strategies import Strategy, seed_strategies
from genepool.strategies.linear_svc_classifier import STRATEGY as LINEAR_SVC
from genepool.strategies.nadaraya_watson import STRATEGY as NADARAYA_WATSON
from genepool.strategies.pca_tree_quantile import STRATEGY as PCA_TREE
from tests.fakes.bank_rows import kept
from tests.fakes.markets import random_market, without

LEARNERS = pytest.mark.parametrize("strategy", [LINEAR_SVC, PCA_TREE], ids=lambda strategy: strategy.name)
ALL_THREE = pytest.mark.parametrize(
    "strategy", [LINEAR_SVC, PCA_TREE, NADARAYA_WATSON], ids=lambda strategy: strategy.name
)

Walk = Callable[[FloatArray, FloatArray], FloatArray]


def svc(features: FloatArray, targets: FloatArray) -> FloatArray:
    return walk_forward_svc(kept(features), targets, 0, 600, 100, 1, 0.01)[0]


def tree(features: FloatArray, targets: FloatArray) -> FloatArray:
    features = kept(features)
    projections = kept(walk_forward_projections(features, 0, 600, 100, 1))
    return walk_forward_trees(features, targets, projections, 0, 600, 100, 1, features.shape[1], 3, 3)[0]


@cache
def market(seed: int, candles: int = 2_500) -> Candles:
    return random_market(seed, candles)


def trending(seed: int, candles: int, strength: float) -> Candles:
    """Return a market with a hidden drift that changes slowly; without strength, noise."""
    rng = np.random.default_rng(seed)
    drift = np.repeat(rng.choice([-1.0, 1.0], candles // 100 + 1), 100)[:candles]
    returns = 0.005 * (strength * drift + rng.normal(size=candles))
    close = np.asarray(100 * np.cumprod(1 + returns), np.float64)
    opened = np.concatenate(([100.0], close[:-1]))
    high = np.maximum(opened, close)
    low: FloatArray = np.minimum(opened, close)
    return Candles("PLANTED", "1h", np.arange(candles) * 3_600_000_000_000, opened, high, low, close)


def accuracy(scores: FloatArray, outcomes: FloatArray) -> tuple[float, float]:
    """Share of right signs among decided candles, and its standard error under chance."""
    decided = (scores != 0) & (outcomes != 0)
    count = np.count_nonzero(decided)
    right = np.sign(scores[decided]) == np.sign(outcomes[decided])
    return float(right.mean()), 0.5 / float(np.sqrt(count))


class CountingBank(IndicatorBank):
    """A bank that counts which rows were computed."""

    def __init__(self, candles: Candles) -> None:
        super().__init__(candles)
        self.asked: list[tuple[str, tuple[Parameter, ...]]] = []

    @override
    def __call__(self, indicator: Indicator, *parameters: Parameter) -> FloatArray:
        self.asked.append((indicator.__qualname__, parameters))
        return super().__call__(indicator, *parameters)


@pytest.mark.parametrize("walk", [svc, tree])
def test_a_planted_signal_is_learnt(walk: Walk) -> None:
    rng = np.random.default_rng(1)
    features = rng.normal(size=(6_000, 5))
    targets = features[:, 2] + rng.normal(scale=1.5, size=6_000)
    share, error = accuracy(walk(features, targets), targets)
    assert share > 0.5 + 8 * error


@pytest.mark.parametrize("walk", [svc, tree])
@pytest.mark.parametrize("seed", range(5))
def test_on_noise_half_of_the_signs_are_right(walk: Walk, seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    features, targets = rng.normal(size=(6_000, 5)), rng.normal(size=6_000)
    share, error = accuracy(walk(features, targets), targets)
    assert abs(share - 0.5) <= 3 * error


def row(strategy: Strategy, candles: Candles) -> FloatArray:
    bank = IndicatorBank(candles)
    if strategy is LINEAR_SVC:
        return svc_scores(bank, 600, 100, 24, 0.001)
    return pca_tree_scores(bank, 600, 100, 24, 4, 3, 3)


def every_24th(strategy: Strategy, candles: Candles) -> tuple[float, float]:
    """Accuracy on candles whose outcomes do not overlap."""
    outcomes = candles.close[24::24] / candles.close[:-24:24] - 1
    return accuracy(row(strategy, candles)[:-24:24], outcomes)


@LEARNERS
def test_trends_in_prices_are_learnt_from_the_features(strategy: Strategy) -> None:
    share, error = every_24th(strategy, trending(2, 20_000, strength=0.3))
    assert share > 0.5 + 4 * error


@LEARNERS
@pytest.mark.parametrize("seed", range(3, 7))
def test_a_random_walk_teaches_nothing(strategy: Strategy, seed: int) -> None:
    share, error = every_24th(strategy, trending(seed, 20_000, strength=0.0))
    assert abs(share - 0.5) <= 3 * error


@LEARNERS
def test_genomes_that_differ_in_thresholds_alone_share_their_fits(strategy: Strategy) -> None:
    bank = CountingBank(market(1))
    pairs = [(entry, share) for entry in (0.0, 0.25, 0.5) for share in (0.0, 0.5, 1.0)]
    for entry, share in pairs:
        strategy.exposure(bank, strategy.genome({"entry_threshold": entry, "exit_share": share}).values)
    names = [name for name, _ in bank.asked]
    assert len({asked for asked in bank.asked if asked[0].endswith("_scores")}) == 1
    # The first genome alone asked for what fits are made of.
    assert "learning_features" not in names[-(len(pairs) - 1) :]


def test_trees_of_any_depth_share_their_principal_components() -> None:
    bank, tree = CountingBank(market(1)), seed_strategies()["pca_tree_quantile"]
    for depth, components in ((2, 2), (3, 4), (4, 6)):
        tree.exposure(bank, tree.genome({"depth": depth, "components": components}).values)
    assert len({asked for asked in bank.asked if asked[0] == "pca_projections"}) == 1


@LEARNERS
def test_a_higher_threshold_decides_more_seldom(strategy: Strategy) -> None:
    bank = IndicatorBank(market(2))
    shares = [
        np.abs(
            strategy.exposure(bank, strategy.genome({"entry_threshold": entry, "exit_share": 1}).values)
        ).mean()
        for entry in (0.0, 0.25, 0.5)
    ]
    assert shares[0] > shares[1] > shares[2] > 0


@ALL_THREE
def test_the_same_candles_give_the_same_bits(strategy: Strategy) -> None:
    candles = market(3)
    again = replace(candles, close=candles.close.copy())
    genome = strategy.genome().values
    one, other = (strategy.exposure(IndicatorBank(c), genome) for c in (candles, again))
    assert one.tobytes() == other.tobytes()


@ALL_THREE
def test_both_sides_are_taken_and_nothing_else(strategy: Strategy) -> None:
    exposure = strategy.exposure(IndicatorBank(market(4)), strategy.genome().values)
    assert set(exposure) == {-1.0, 0.0, 1.0}


@ALL_THREE
def test_a_market_that_stands_still_is_left_alone(strategy: Strategy) -> None:
    still = np.full(2_500, 77.7)
    candles = replace(market(5), open=still, high=still, low=still, close=still, volume=None)
    assert not strategy.exposure(IndicatorBank(candles), strategy.genome().values).any()


@LEARNERS
def test_a_market_that_stands_still_for_a_while_does_no_harm(strategy: Strategy) -> None:
    columns = {name: getattr(market(6), name).copy() for name in ("open", "high", "low", "close")}
    for column in columns.values():
        column[900:1_900] = columns["close"][899]
    exposure = strategy.exposure(IndicatorBank(replace(market(6), **columns)), strategy.genome().values)
    assert np.isfinite(exposure).all()
    assert exposure[2_200:].any()


@ALL_THREE
def test_no_column_beside_prices_is_needed(strategy: Strategy) -> None:
    candles = without(market(7), "volume", "funding")
    exposure = strategy.exposure(IndicatorBank(candles), strategy.genome().values)
    assert exposure.any()
    assert strategy.requires == frozenset()


@LEARNERS
def test_a_straight_line_up_gives_one_class_and_no_crash(strategy: Strategy) -> None:
    line = 100 + np.arange(2_500.0)
    candles = replace(market(8), open=line, high=line, low=line, close=line)
    assert np.isfinite(strategy.exposure(IndicatorBank(candles), strategy.genome().values)).all()


def test_reversion_and_trend_take_opposite_sides() -> None:
    bank = IndicatorBank(market(9))
    faded = NADARAYA_WATSON.exposure(bank, NADARAYA_WATSON.genome({"mode": 0}).values)
    followed = NADARAYA_WATSON.exposure(bank, NADARAYA_WATSON.genome({"mode": 1}).values)
    assert faded.any()
    assert (faded == -followed).all()


def test_the_envelope_is_left_at_the_middle_line() -> None:
    close = np.full(300, 100.0) + np.tile([0.5, -0.5], 150)
    close[200:206] = [103, 102, 101.5, 101, 100.8, 99]
    stamps = np.arange(300) * 3_600_000_000_000
    candles = Candles("TEST", "1h", stamps, close, close, close, close)
    exposure = NADARAYA_WATSON.exposure(IndicatorBank(candles), NADARAYA_WATSON.genome({"width": 3}).values)
    assert not exposure[100:200].any()
    assert exposure[200] == -1
    assert exposure[205] == 0
