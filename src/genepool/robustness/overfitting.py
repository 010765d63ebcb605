"""The probability of backtest overfitting, from sums of blocks: no split reads the returns again."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations

import numpy as np

from genepool.market.candles import FloatArray, IntArray

BLOCKS = 16
# Fewer say nothing: of candles in a block, and of genomes that traded differently.
FEWEST_IN_BLOCK, FEWEST_TRIED = 10, 4


def enough(candles: int, tried: int) -> bool:
    """Return whether so many returns of so many that were tried say something."""
    return tried >= FEWEST_TRIED and candles >= BLOCKS * FEWEST_IN_BLOCK


def block_sums(returns: FloatArray, blocks: int = BLOCKS) -> FloatArray:
    """Return what each block of one that was tried adds up to.

    Parameters
    ----------
    returns
        Of shape (candles,); candles beyond a whole number of blocks are left out.
    blocks
        How many blocks of candles.

    Returns
    -------
    FloatArray
        Sums of the returns and of their squares, of shape (2, blocks).
    """
    size = len(returns) // blocks
    # One of several columns would be added up in another order, and the last bits would differ.
    cut = np.ascontiguousarray(returns[: size * blocks]).reshape(blocks, size)
    return np.stack([cut.sum(axis=1), (cut * cut).sum(axis=1)])


def probability_of_overfitting(returns: FloatArray, blocks: int = BLOCKS) -> float:
    """Return the probability of backtest overfitting of whole series of returns.

    Parameters
    ----------
    returns
        Of what was tried, of shape (candles, tried).
    blocks
        How many blocks of candles, even.
    """
    return probability_by_blocks([block_sums(tried, blocks) for tried in returns.T], len(returns))


def probability_by_blocks(tried: Sequence[FloatArray], candles: int) -> float:
    """Return the probability of backtest overfitting by combinatorially symmetric cross-validation.

    Bailey, Borwein, López de Prado and Zhu (2017), The probability of backtest overfitting, Journal of
    Computational Finance 20(4).

    Parameters
    ----------
    tried
        ``block_sums`` of each that was tried.
    candles
        How many returns each has.

    Returns
    -------
    float
        Share of the splits in which the best in training is at or below the median in the test.
    """
    sums, squares = np.stack(tried, axis=-1)
    blocks = len(sums)
    count = candles // blocks * (blocks // 2)
    trained = _sharpes(_over_halves(sums), _over_halves(squares), count)
    # In this order of the splits, the one that trains on the other half is as far from the end.
    tested = trained[::-1]
    best = tested[np.arange(len(tested)), trained.argmax(axis=1)]
    ranks = (tested <= best[:, None]).sum(axis=1)
    return float(np.mean(ranks <= (len(tried) + 1) / 2))


@cache
def halves(blocks: int = BLOCKS) -> IntArray:
    """Return which blocks each split trains on, of shape (splits, blocks // 2)."""
    return np.array(list(combinations(range(blocks), blocks // 2)))


def _over_halves(sums: FloatArray) -> FloatArray:
    """Add up the blocks of each split, in their order; a matrix library's order differs between machines."""
    chosen = halves(len(sums))
    totals = np.zeros((len(chosen), sums.shape[1]))
    for place in range(chosen.shape[1]):
        totals += sums[chosen[:, place]]
    return totals


def _sharpes(sums: FloatArray, squares: FloatArray, count: int) -> FloatArray:
    means = sums / count
    variances = squares / count - means * means
    varying = variances > 0.0
    return np.divide(
        means, np.sqrt(np.where(varying, variances, 1.0)), out=np.zeros_like(means), where=varying
    )
