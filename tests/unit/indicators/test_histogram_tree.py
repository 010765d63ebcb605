from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genepool.indicators.histogram_tree import BINS, binned, fit_tree, leaf_of, part_of, quantile_cuts
from genepool.market.candles import FloatArray, IntArray

Row = tuple[Sequence[int], int]


def purity(rows: list[Row]) -> float:
    return sum(count * count for count in Counter(kind for _, kind in rows).values()) / len(rows)


def reference_split(rows: list[Row], columns: int, least: int) -> tuple[int, int]:
    """Try every split and keep the first of the purest."""
    best = (-1.0, 0, BINS - 1)
    for column in range(columns):
        for edge in range(BINS - 1):
            left = [row for row in rows if row[0][column] <= edge]
            right = [row for row in rows if row[0][column] > edge]
            if min(len(left), len(right)) >= least and purity(left) + purity(right) > best[0]:
                best = (purity(left) + purity(right), column, edge)
    return best[1:]


def reference_tree(rows: list[Row], columns: int, depth: int, least: int) -> dict[int, tuple[int, int]]:
    splits, nodes = {}, {0: rows}
    for node in range(2**depth - 1):
        here = nodes.pop(node)
        column, edge = splits[node] = reference_split(here, columns, least)
        nodes[2 * node + 1] = [row for row in here if row[0][column] <= edge]
        nodes[2 * node + 2] = [row for row in here if row[0][column] > edge]
    return splits


@given(
    data=st.lists(
        st.tuples(st.lists(st.integers(0, 9), min_size=2, max_size=2), st.integers(0, 2)), max_size=60
    ),
    depth=st.integers(1, 3),
    least=st.integers(1, 5),
)
@settings(derandomize=True, deadline=None, max_examples=60)
def test_every_split_is_the_one_that_trying_all_finds(data: list[Row], depth: int, least: int) -> None:
    bins = np.array([row for row, _ in data], np.int64).reshape(-1, 2)
    classes = np.array([kind for _, kind in data], np.int64)
    splits, leaves = fit_tree(bins, classes, 3, depth, least)
    expected = reference_tree(data, 2, depth, least)
    assert {node: tuple(split) for node, split in enumerate(splits.tolist())} == expected
    counted = np.zeros_like(leaves)
    for row, kind in zip(bins, classes, strict=True):
        counted[leaf_of(row, splits), kind] += 1
    assert (counted == leaves).all()


def labelled(seed: int) -> tuple[FloatArray, IntArray]:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(1_000, 4))
    signal = np.where(rows[:, 1] > 0.3, rows[:, 0], -rows[:, 2]) + rng.normal(scale=0.7, size=1_000)
    cuts = quantile_cuts(signal, 3)
    return rows, np.array([part_of(value, cuts) for value in signal], np.int64)


def accuracies(seed: int, depth: int) -> tuple[float, float]:
    """Training accuracy of our tree and of scikit-learn's."""
    rows, classes = labelled(seed)
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415 - a second of each process that collects

    oracle = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=50, random_state=0).fit(rows, classes)
    bins, _ = binned(rows)
    splits, leaves = fit_tree(bins, classes, 3, depth, 50)
    said = np.array([leaves[leaf_of(row, splits)].argmax() for row in bins])
    return float((said == classes).mean()), float(oracle.score(rows, classes))


@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.slow
def test_it_learns_as_well_as_scikit_learn_does(depth: int) -> None:
    ours, theirs = np.array([accuracies(seed, depth) for seed in range(6)]).T
    assert ours.mean() == pytest.approx(theirs.mean(), abs=0.015)
    assert ours.min() > 0.4


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows, classes = labelled(5)
    bins, _ = binned(rows)
    order = np.random.default_rng(6).permutation(len(rows))
    for one, other in zip(
        fit_tree(bins, classes, 3, 3, 20), fit_tree(bins[order], classes[order], 3, 3, 20), strict=True
    ):
        assert (one == other).all()


def test_each_side_of_a_split_holds_the_least_number_of_rows() -> None:
    rows, classes = labelled(7)
    _, leaves = fit_tree(binned(rows)[0], classes, 3, 4, 60)
    sizes = leaves.sum(axis=1)
    assert ((sizes == 0) | (sizes >= 60)).all()


def test_rows_that_cannot_be_told_apart_stay_together() -> None:
    splits, leaves = fit_tree(np.zeros((30, 3), np.int64), np.arange(30, dtype=np.int64) % 3, 3, 2, 1)
    assert splits.tolist() == [[0, 63]] * 3
    assert leaves.tolist() == [[10, 10, 10], [0, 0, 0], [0, 0, 0], [0, 0, 0]]


def test_cuts_divide_a_sample_into_equal_parts() -> None:
    sample = np.random.default_rng(8).permutation(90).astype(float)
    cuts = quantile_cuts(sample, 3)
    assert cuts.tolist() == [29, 59]
    assert Counter(part_of(value, cuts) for value in sample) == {0: 30, 1: 30, 2: 30}


def test_bins_hold_equal_shares_and_follow_the_values() -> None:
    rows = np.random.default_rng(9).normal(size=(640, 2))
    bins, edges = binned(rows)
    assert edges.shape == (2, 63)
    assert (np.bincount(bins[:, 0], minlength=64) == 10).all()
    assert (np.diff(bins[rows[:, 1].argsort(), 1]) >= 0).all()
