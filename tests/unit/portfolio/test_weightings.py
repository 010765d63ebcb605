"""Shares of an account, against published numbers and what skfolio 1.12.2 answers."""

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

from genepool.market.candles import FloatArray
from genepool.portfolio.limits import limited
from genepool.portfolio.weightings import FleetMoments, weightings
from genepool.portfolio.weightings.hrp import leaves

# Maillard, Roncalli and Teiletche (2010): four assets with volatilities of 10 to 40 %.
MAILLARD = np.array([[1, 0.8, 0, 0], [0.8, 1, 0, 0], [0, 0, 1, -0.5], [0, 0, -0.5, 1]]) * np.outer(
    [0.1, 0.2, 0.3, 0.4], [0.1, 0.2, 0.3, 0.4]
)


def shares(
    name: str, covariance: FloatArray, means: FloatArray | None = None, fraction: float = 1.0
) -> FloatArray:
    drifts = np.zeros(len(covariance)) if means is None else means
    return weightings()[name].weigh(FleetMoments(covariance, drifts, fraction))


def returns(seed: int, bots: int) -> FloatArray:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 0.01, (300, bots)) @ rng.normal(0, 1, (bots, bots))


def test_there_are_these_ways() -> None:
    assert list(weightings()) == ["equal", "equal_risk", "hrp", "inverse_volatility", "kelly"]


def test_equal_risk_is_that_of_maillard() -> None:
    assert 100 * shares("equal_risk", MAILLARD) == pytest.approx([38.4, 19.2, 24.3, 18.2], abs=0.05)


def test_of_two_bots_equal_risk_is_inverse_volatility_whatever_the_correlation() -> None:
    for correlation in (-0.9, 0.0, 0.9):
        covariance = np.array([[1.0, 3 * correlation], [3 * correlation, 9.0]])
        assert shares("equal_risk", covariance) == pytest.approx(shares("inverse_volatility", covariance))


# skfolio 1.12.2: HierarchicalRiskParity(risk_measure=RiskMeasure.VARIANCE, hierarchical_clustering_estimator=
# HierarchicalClustering(linkage_method=LinkageMethod.SINGLE)).fit(returns(seed, bots)).weights_
@pytest.mark.parametrize(
    ("seed", "bots", "skfolio"),
    [
        (0, 4, [0.138433410290576, 0.116485184215335, 0.32634742576174, 0.41873397973235]),
        (3, 4, [0.074821795993753, 0.806411161462733, 0.043412054073298, 0.075354988470217]),
        (
            0,
            8,
            [
                0.104914413346782,
                0.109235914700352,
                0.189527281303532,
                0.035255405029463,
                0.116509540136701,
                0.066448302588237,
                0.048501036688123,
                0.32960810620681,
            ],
        ),
        (
            3,
            8,
            [
                0.071473289979677,
                0.137131326422013,
                0.099839094055012,
                0.051110620285876,
                0.11868353565487,
                0.116741249283761,
                0.323281955274731,
                0.081738929044059,
            ],
        ),
        (
            11,
            8,
            [
                0.064114760338811,
                0.051398722020276,
                0.077954922252728,
                0.162893287809163,
                0.107443000166744,
                0.104187627842835,
                0.159261594682632,
                0.27274608488681,
            ],
        ),
    ],
)
def test_hierarchical_risk_parity_is_that_of_skfolio(seed: int, bots: int, skfolio: list[float]) -> None:
    assert shares("hrp", np.cov(returns(seed, bots).T)) == pytest.approx(skfolio, abs=1e-12)


@pytest.mark.parametrize("seed", [1, 4, 7])
def test_no_order_that_the_tree_allows_is_shorter(seed: int) -> None:
    covariance = np.cov(returns(seed, 7).T)
    distances = np.sqrt(np.clip((1 - np.corrcoef(returns(seed, 7).T)) / 2, 0, 1))

    def orders(tree: Any) -> list[list[int]]:  # noqa: ANN401 - a number, or a pair of trees
        if isinstance(tree, int):
            return [[tree]]
        both = [orders(branch) for branch in tree]
        return [[*a, *b] for one, two in (both, both[::-1]) for a, b in product(one, two)]

    def length(order: list[int]) -> float:
        return float(sum(distances[pair] for pair in pairwise(order)))

    trees: list[tuple[list[int], Any]] = [([k], k) for k in range(7)]
    while len(trees) > 1:
        pairs = [(a, b) for k, a in enumerate(trees) for b in trees[k + 1 :]]
        one, two = min(pairs, key=lambda pair: distances[np.ix_(pair[0][0], pair[1][0])].min())
        trees = [tree for tree in trees if tree is not one and tree is not two]
        trees.append((one[0] + two[0], [one[1], two[1]]))
    shortest = min(map(length, orders(trees[0][1])))
    assert length(leaves(covariance)) == pytest.approx(shortest)


def test_kelly_is_the_inverse_covariance_times_the_means() -> None:
    covariance = np.array([[0.04, 0.01], [0.01, 0.09]])
    found = shares("kelly", covariance, np.array([0.05, 0.04]))
    assert found == pytest.approx([1.171_428_571, 0.314_285_714])
    assert shares("kelly", covariance, np.array([0.05, 0.04]), 0.5) == pytest.approx(found / 2)


def test_kelly_sells_no_bot_short() -> None:
    covariance = np.array([[0.04, 0.05], [0.05, 0.09]])
    assert (np.linalg.solve(covariance, [0.05, 0.02]) < 0).any()
    assert shares("kelly", covariance, np.array([0.05, 0.02])) == pytest.approx([1.25, 0.0])


def test_kelly_without_a_mean_trades_nothing() -> None:
    assert not shares("kelly", MAILLARD).any()


def test_what_a_limit_takes_goes_to_the_others_in_proportion() -> None:
    found = limited(np.array([0.6, 0.3, 0.1]), 0.4, 1.0, sizes=False)
    assert found == pytest.approx([0.4, 0.4, 0.2])
    assert limited(np.array([0.6, 0.3, 0.1]), 0.3, 1.0, sizes=False) == pytest.approx([0.3, 0.3, 0.3])


def test_shares_that_say_how_much_are_cut_and_not_passed_on() -> None:
    assert limited(np.array([3.0, 1.0]), 1.0, 2.0, sizes=True) == pytest.approx([1.0, 0.5])


def test_the_sum_of_shares_is_limited_too() -> None:
    assert limited(np.array([0.5, 0.5]), 1.0, 0.8, sizes=False) == pytest.approx([0.4, 0.4])
