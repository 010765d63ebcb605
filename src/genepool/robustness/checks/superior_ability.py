"""Whether the best of the leaderboard earns more than the best of as many without ability."""

import math

import numpy as np

from genepool.market.candles import FloatArray
from genepool.robustness.checks._base import Check, CheckFinding, drawing, judged, not_applicable, rate
from genepool.robustness.checks._subject import Answers, Subject, board_variants, distinct_returns
from genepool.robustness.resampling import automatic_block_length, stationary_resamples

SAMPLES = 500
_BAR = 0.05
_FEWEST = 100


def superior_ability_p(
    returns: FloatArray, block: float, samples: int, rng: np.random.Generator, *, studentised: bool = True
) -> float:
    """Return the consistent p-value that the best of many has no mean return above 0.

    Hansen (2005), A test for superior predictive ability, Journal of Business & Economic Statistics 23(4).

    Parameters
    ----------
    returns
        Of shape (candles, tried), each varying.
    block
        Mean length of the blocks that are drawn.
    samples
        How many samples to draw.
    rng
        Draws them.
    studentised
        Whether each mean is divided by its standard error, as Hansen does; the reality check of White (2000)
        and the library arch, whose numbers are published, do not.
    """
    count = len(returns)
    means = returns.mean(axis=0)
    errors = np.sqrt(_long_run_variances(returns - means, block) / count)
    bar = -errors * math.sqrt(2.0 * math.log(math.log(count)))
    centred = returns - np.where(means >= bar, means, 0.0)
    scales = errors if studentised else np.ones_like(errors)
    statistic = max(0.0, float((means / scales).max()))
    above = 0
    for places in stationary_resamples(count, block, samples, rng):
        above += max(0.0, float((centred[places].mean(axis=0) / scales).max())) >= statistic
    return above / samples


def _long_run_variances(deviations: FloatArray, block: float) -> FloatArray:
    """Return the variances of the means, times n, that stationary resamples have."""
    count = len(deviations)
    transformed = np.fft.rfft(deviations, n=2 * count, axis=0)
    covariances = np.fft.irfft(transformed * transformed.conj(), axis=0)[:count] / count
    lags, stay = np.arange(1, count), 1.0 - 1.0 / block
    kernel = (1.0 - lags / count) * stay**lags + lags / count * stay ** (count - lags)
    found = covariances[0] + 2.0 * (kernel[:, None] * covariances[1:]).sum(axis=0)
    # Where rounding leaves a variance below 0, that of independent returns stands in.
    return np.asarray(np.where(found > 0.0, found, covariances[0]))


def _judge(subject: Subject, answers: Answers) -> CheckFinding:
    returns = distinct_returns([one for one in answers.results if one and np.ptp(one.walk_forward) > 0.0])
    inside = returns[-len(subject.played.walk_forward) :] if len(returns) else returns
    if len(inside) < _FEWEST:
        return not_applicable("The folds hold too few returns of the leaderboard to be drawn again.")
    block = automatic_block_length(subject.played.walk_forward)
    found = superior_ability_p(inside, block, SAMPLES, drawing(subject, CHECK.name))
    return judged(
        found,
        _BAR,
        f"Without ability, the best of {inside.shape[1]} genomes of the leaderboard would earn as "
        f"much inside the folds with a probability of {rate(found)}.",
        passed=found <= _BAR,
    )


CHECK = Check(
    name="superior_ability",
    title="Superior ability (SPA)",
    question="Does the best of the leaderboard earn more inside the folds than the best of as many "
    "without ability?",
    source="Hansen (2005), A test for superior predictive ability, Journal of Business & Economic "
    "Statistics 23(4)",
    formula="share of 500 stationary resamples in which the largest studentised mean return, recentred "
    "where it is not far below 0, is at least the one observed (the consistent p-value)",
    passes="up to 0.05",
    blind="It counts the leaderboard's genomes, not all that were tried, so it is too kind after a long "
    "search: the deflated Sharpe ratio counts them all.",
    published="800 x 30 normal returns of seed 1 with a deviation of 0.01, not studentised: 0.73 as they "
    "are, 0.37 with 0.001 and 0.00 with 0.002 added to the first, by other random numbers.",
    judge=_judge,
    writes=rate,
    variants=board_variants,
)
