"""Whether the Sharpe ratio is above 0 when the record is drawn again in blocks."""

import math

import numpy as np

from genepool.backtest.notation import between
from genepool.market.candles import FloatArray
from genepool.robustness.checks._base import Check, CheckFinding, drawing, judged, not_applicable
from genepool.robustness.checks._subject import Answers, Subject
from genepool.robustness.resampling import automatic_block_length, stationary_resamples

SAMPLES = 1_000
_LOW, _HIGH = 0.05, 0.95
_FEWEST = 100


def bootstrapped_sharpes(
    returns: FloatArray, block: float, samples: int, rng: np.random.Generator
) -> FloatArray:
    """Return the Sharpe ratio per candle of each sample of a record, 0 where a sample does not vary."""
    found = np.zeros(samples)
    for k, places in enumerate(stationary_resamples(len(returns), block, samples, rng)):
        drawn = returns[places]
        if (deviation := drawn.std(ddof=1)) > 0.0:
            found[k] = drawn.mean() / deviation
    return found


def _judge(subject: Subject, _: Answers) -> CheckFinding:
    returns = subject.played.walk_forward
    if len(returns) < _FEWEST or np.ptp(returns) == 0.0:
        return not_applicable("The folds hold too few returns to be drawn again.")
    block = automatic_block_length(returns)
    sharpes = bootstrapped_sharpes(returns, block, SAMPLES, drawing(subject, CHECK.name))
    low, high = (np.quantile(sharpes, [_LOW, _HIGH]) * math.sqrt(subject.per_year)).tolist()
    return judged(
        low,
        0.0,
        f"Drawn again {SAMPLES:,} times in blocks of {block:.0f} candle{'s' * (round(block) != 1)}, nine of "
        f"ten annual Sharpe ratios lie within {between(low, high)}.",
        passed=low > 0.0,
    )


CHECK = Check(
    name="bootstrap_interval",
    title="Bootstrap interval",
    question="Is the Sharpe ratio above 0 in 95 of 100 records that are drawn from this one in blocks?",
    source="Politis and Romano (1994), The stationary bootstrap, JASA 89(428); block length by Politis "
    "and White (2004), Econometric Reviews 23(1), as corrected by Patton, Politis and White (2009)",
    formula="5 % quantile of the annual Sharpe ratios of 1,000 stationary resamples of the folds' returns",
    passes="when it is above 0",
    blind="It says how wide an estimate is, not whether the best of many trials is real. A regime that "
    "the folds lack is in no sample.",
    judge=_judge,
    of_a_year=True,
)
