"""What the trials of a market showed: their spread, and the best of them beside the best of luck."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genepool.robustness.sharpe_statistics import expected_best_sharpe


@dataclass(frozen=True, slots=True)
class SharpeSpread:
    """Annualised Sharpe ratios of trials, inside the walk-forward folds.

    Parameters
    ----------
    trials
        How many are known: those that scored, and whose evaluation is left.
    mean, deviation
        Of all of them.
    best, years
        The highest, and over how many years it was shown.
    expected_best
        What the best of all trials of the market is expected to show by luck alone, over as many years.
    """

    trials: int
    mean: float
    deviation: float
    best: float
    years: float
    expected_best: float


def sharpe_spread(shown: Sequence[tuple[float, float]], trials: int) -> SharpeSpread | None:
    """Return the spread of what trials showed; None where none is known.

    Parameters
    ----------
    shown
        Of each trial its annualised Sharpe ratio, and over how many years.
    trials
        How many count on the market, whatever they showed.
    """
    known = [(sharpe, years) for sharpe, years in shown if years > 0]
    if not known:
        return None
    best, over = max(known)
    sharpes = np.array([sharpe for sharpe, _ in known])
    return SharpeSpread(
        len(known),
        float(sharpes.mean()),
        float(sharpes.std()),
        best,
        over,
        expected_best_sharpe(trials, 1.0 / over),
    )
