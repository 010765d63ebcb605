"""Whether choosing from the leaderboard earns on every path of candles that no choice has seen."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb

import numpy as np

from genepool.backtest.notation import ratio
from genepool.market.candles import FloatArray, IntArray
from genepool.robustness.checks._base import Check, CheckFinding, judged, not_applicable
from genepool.robustness.checks._subject import Answers, Subject, board_variants, distinct_returns

GROUPS, TESTED = 10, 2
_FEWEST_IN_GROUP, _FEWEST_GENOMES = 20, 2


def paths_of(groups: int, tested: int) -> int:
    """Return how many paths of tests the splits make: tested / groups of their number."""
    return comb(groups, tested) * tested // groups


def splits_of(groups: int, tested: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Yield the tested groups of each split, and for each of them the path that it belongs to.

    López de Prado (2018), Advances in financial machine learning, ch. 12: each group is tested once in
    each path.
    """
    taken = [0] * groups
    for chosen in combinations(range(groups), tested):
        yield chosen, tuple(taken[group] for group in chosen)
        for group in chosen:
            taken[group] += 1


def path_returns(returns: FloatArray, purge: int, groups: int = GROUPS, tested: int = TESTED) -> FloatArray:
    """Return what the best genome of each training earned on its tests, joined to paths.

    Parameters
    ----------
    returns
        Of shape (candles, genomes); candles beyond a whole number of groups are left out.
    purge
        Candles on either side of a tested group that are not trained on.
    groups, tested
        How many groups of candles there are, and how many each split tests.

    Returns
    -------
    FloatArray
        Of shape (paths, candles).
    """
    size = len(returns) // groups
    found = np.zeros((paths_of(groups, tested), size * groups))
    group_of = np.arange(size * groups) // size
    for chosen, paths in splits_of(groups, tested):
        best = _best(returns[: len(group_of)][_trained(group_of, chosen, purge)])
        for group, path in zip(chosen, paths, strict=True):
            inside = slice(group * size, (group + 1) * size)
            found[path, inside] = returns[inside, best]
    return found


def _trained(group_of: IntArray, chosen: Sequence[int], purge: int) -> IntArray:
    places = np.arange(len(group_of))
    size = len(group_of) // (int(group_of[-1]) + 1)
    kept = np.ones(len(group_of), dtype=np.bool_)
    for group in chosen:
        kept &= (places < group * size - purge) | (places >= (group + 1) * size + purge)
    return places[kept]


def _best(returns: FloatArray) -> int:
    deviations = returns.std(axis=0)
    means = returns.mean(axis=0)
    return int(
        np.argmax(np.where(deviations > 0.0, means / np.where(deviations > 0.0, deviations, 1.0), 0.0))
    )


def _judge(subject: Subject, answers: Answers) -> CheckFinding:
    returns = distinct_returns(answers.results)
    longest = int(np.max(subject.played.exits - subject.played.entries, initial=0))
    size = len(returns) // GROUPS
    if returns.shape[1:] < (_FEWEST_GENOMES,) or size < max(_FEWEST_IN_GROUP, longest):
        return not_applicable(
            f"It takes {_FEWEST_GENOMES} genomes that traded differently, and {GROUPS} groups of at least "
            f"{_FEWEST_IN_GROUP} candles that are longer than its longest trade."
        )
    sharpes = [_annual(path, subject.per_year) for path in path_returns(returns, longest)]
    return judged(
        min(sharpes),
        0.0,
        f"Chosen anew from {returns.shape[1]} genomes before each test, the best has an annual Sharpe of "
        f"{ratio(min(sharpes))} on the worst and {ratio(max(sharpes))} on the best of {len(sharpes)} paths.",
        passed=min(sharpes) > 0.0,
    )


def _annual(returns: FloatArray, per_year: float) -> float:
    deviation = returns.std(ddof=1)
    return float(returns.mean() / deviation * np.sqrt(per_year)) if deviation > 0.0 else 0.0


CHECK = Check(
    name="combinatorial_paths",
    title="Combinatorial cross-validation",
    question="Does choosing from the leaderboard anew earn on every path of candles that the choice has "
    "not seen?",
    source="López de Prado (2018), Advances in financial machine learning, ch. 12",
    formula="smallest annual Sharpe ratio of the 9 paths that C(10, 2) = 45 splits make; in each the "
    "genome with the best Sharpe ratio on 8 groups of candles is tested on 2, as many candles purged on "
    "either side as the longest trade lasts",
    passes="when it is above 0",
    blind="Only the choice is repeated, not the search: the genomes were bred and chosen on all of these "
    "candles. An indicator may look back beyond the purge.",
    published="(6, 2) has 15 splits and 5 paths, (10, 2) has 45 and 9, (10, 8) has 45 and 36.",
    judge=_judge,
    variants=board_variants,
    of_a_year=True,
)
