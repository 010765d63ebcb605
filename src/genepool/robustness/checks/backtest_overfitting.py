"""How often the best of the leaderboard on half of the candles is in the worse half on the others."""

from functools import cache
from itertools import combinations

import numpy as np

from genepool.market.candles import FloatArray
from genepool.robustness.checks._base import Check, CheckFinding, judged, not_applicable, rate
from genepool.robustness.checks._subject import Answers, Subject, board_variants, distinct_returns

BLOCKS = 16
_BAR = 0.05
_FEWEST_IN_BLOCK, _FEWEST_GENOMES = 10, 4


@cache
def _chosen(blocks: int) -> FloatArray:
    """Return which blocks each split trains on, of shape (splits, blocks)."""
    chosen = list(combinations(range(blocks), blocks // 2))
    found = np.zeros((len(chosen), blocks))
    found[np.arange(len(chosen))[:, None], chosen] = 1.0
    return found


def probability_of_overfitting(returns: FloatArray, blocks: int = BLOCKS) -> float:
    """Return the probability of backtest overfitting by combinatorially symmetric cross-validation.

    Bailey, Borwein, López de Prado and Zhu (2017), The probability of backtest overfitting, Journal of
    Computational Finance 20(4). Sums of blocks suffice, so no split reads the returns again.

    Parameters
    ----------
    returns
        Of what was tried, of shape (candles, tried); candles beyond a whole number of blocks are left out.
    blocks
        How many blocks of candles, even.

    Returns
    -------
    float
        Share of the splits in which the best in training is at or below the median in the test.
    """
    size = len(returns) // blocks
    cut = returns[: size * blocks].reshape(blocks, size, -1)
    sums, squares, train = cut.sum(axis=1), (cut * cut).sum(axis=1), _chosen(blocks)
    trained = _sharpes(_over(train, sums), _over(train, squares), size * blocks // 2)
    tested = _sharpes(_over(1.0 - train, sums), _over(1.0 - train, squares), size * blocks // 2)
    best = tested[np.arange(len(train)), trained.argmax(axis=1)]
    ranks = (tested <= best[:, None]).sum(axis=1)
    return float(np.mean(ranks <= (returns.shape[1] + 1) / 2))


def _over(chosen: FloatArray, sums: FloatArray) -> FloatArray:
    """Add up the blocks of each split, in their order; a matrix library's order differs between machines."""
    totals = np.zeros((len(chosen), sums.shape[1]))
    for block in range(len(sums)):
        totals += chosen[:, block, None] * sums[block]
    return totals


def _sharpes(sums: FloatArray, squares: FloatArray, count: int) -> FloatArray:
    means = sums / count
    variances = squares / count - means * means
    varying = variances > 0.0
    return np.divide(
        means, np.sqrt(np.where(varying, variances, 1.0)), out=np.zeros_like(means), where=varying
    )


def _judge(_: Subject, answers: Answers) -> CheckFinding:
    returns = distinct_returns(answers.results)
    if returns.shape[1:] < (_FEWEST_GENOMES,) or len(returns) < BLOCKS * _FEWEST_IN_BLOCK:
        return not_applicable(
            f"It takes {_FEWEST_GENOMES} genomes that traded differently, and {BLOCKS * _FEWEST_IN_BLOCK} "
            "candles."
        )
    found = probability_of_overfitting(returns)
    return judged(
        found,
        _BAR,
        f"Over {len(_chosen(BLOCKS)):,} ways to halve the candles, the best of {returns.shape[1]} genomes on "
        f"one half is in the worse half of them on the other with a probability of {rate(found)}.",
        passed=found <= _BAR,
    )


CHECK = Check(
    name="backtest_overfitting",
    title="Backtest overfitting (PBO)",
    question="Is the best of the leaderboard on one half of the candles among the better ones on the "
    "other half?",
    source="Bailey, Borwein, López de Prado and Zhu (2017), The probability of backtest overfitting, "
    "Journal of Computational Finance 20(4)",
    formula="share of the C(16, 8) = 12,870 splits of 16 blocks of candles (in-sample, then folds) in "
    "which the genome with the best Sharpe ratio on 8 blocks is at or below the median on the others",
    passes="up to a probability of 0.05",
    blind="It compares the leaderboard's genomes with each other, not with doing nothing. They were "
    "chosen on all of these candles and resemble each other; the losers of the run are not among them.",
    published="800 x 30 normal returns of seed 0: S = 8 gives 0.7143, S = 10 gives 0.6746, S = 16 gives "
    "0.6616; these have 70, 252 and 12,870 splits.",
    judge=_judge,
    writes=rate,
    variants=board_variants,
)
