"""The sealed exam: whether what a champion earned on candles that its run never saw is more than chance.

The bar rises with the attempts on a market (Bonferroni): so many champions that have no edge pass together
at most as often as one of them may.
"""

import math
from dataclasses import dataclass

from genepool.market.measures import Measures
from genepool.robustness.sharpe_statistics import sharpe_error, sharpe_interval
from genepool.robustness.student import student_quantile

# How often champions without an edge may pass, all attempts on a market together.
EXAM_ERROR = 0.05
# The folds' floor is 20 positions on a third of the candles; the sealed ones are usually a fifth.
FEWEST_POSITIONS = 10


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a champion showed on the sealed candles; of it, only the interval and pass or fail are told.

    Parameters
    ----------
    t
        Sharpe ratio per candle after costs over its standard error (Mertens, 2002); None where its returns
        do not vary, or could not be measured.
    positions
        How many it took.
    low, high
        95 % interval of the annual Sharpe ratio; None where there is no ``t``.
    """

    t: float | None
    positions: int
    low: float | None
    high: float | None

    @property
    def tells(self) -> bool:
        """Whether there is enough to be weighed."""
        return self.t is not None and self.positions >= FEWEST_POSITIONS

    def bar(self, attempts: int) -> float:
        """Return the t that so many attempts on a market ask for."""
        return exam_bar(attempts, max(self.positions, FEWEST_POSITIONS))

    def passes(self, attempts: int) -> bool:
        """Tell whether it is above the bar of so many attempts; too few positions never are."""
        return self.t is not None and self.tells and self.t > self.bar(attempts)


# Nothing that could be measured.
NOT_MEASURED = Sitting(None, 0, None, None)


def exam_bar(attempts: int, positions: int) -> float:
    """Return the quantile of Student's t at 1 - 0.05 / attempts, its degrees of freedom positions less one.

    A position, not a candle, is what a strategy decided: one that is held for weeks is one observation of
    its skill, however many candles it lasts.
    """
    return student_quantile(EXAM_ERROR / attempts, positions - 1)


def sitting_of(measures: Measures, candles_per_year: float) -> Sitting:
    """Return what measures of the sealed candles amount to.

    Parameters
    ----------
    measures
        Of the champion, after costs.
    candles_per_year
        What they are annualised by.
    """
    positions, year = int(measures.trades), math.sqrt(candles_per_year)
    sharpe, moments = measures.sharpe / year, (measures.candles, measures.skew, measures.kurtosis)
    error = sharpe_error(sharpe, *moments) if measures.volatility > 0.0 else None
    ends = sharpe_interval(sharpe, *moments) if error else None
    if error is None or ends is None:
        return Sitting(None, positions, None, None)
    return Sitting(sharpe / error, positions, ends[0] * year, ends[1] * year)
