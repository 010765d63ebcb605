"""Whether a Sharpe ratio is more than noise once the autocorrelation of its returns is counted."""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from genepool.backtest.notation import ratio
from genepool.market.candles import FloatArray
from genepool.robustness.checks._base import Check, CheckFinding, judged, not_applicable
from genepool.robustness.checks._subject import Answers, Subject
from genepool.robustness.luck import CONFIDENCE

# Newey and West (1994): how many autocorrelations a record of this many returns tells.
_LAGS, _PER, _POWER = 4, 100, 2 / 9


def annual_factor(periods: int, autocorrelations: Sequence[float]) -> float | None:
    """Return by what a Sharpe ratio of one period is multiplied for so many periods.

    Lo (2002), The statistics of Sharpe ratios, Financial Analysts Journal 58(4), equation 20.

    Parameters
    ----------
    periods
        How many make a year.
    autocorrelations
        Of the returns, from the first lag on; beyond the last one they are taken for 0.

    Returns
    -------
    float or None
        None where no returns have such autocorrelations.
    """
    told = list(autocorrelations)[: periods - 1]
    summed = sum((periods - lag) * correlation for lag, correlation in enumerate(told, 1))
    variance = periods + 2.0 * summed
    return periods / math.sqrt(variance) if variance > 0.0 else None


def autocorrelations_of(returns: FloatArray) -> list[float]:
    """Return as many autocorrelations as a record of this length tells, each less than it seems.

    They are weighted as Newey and West (1987) do, so that no variance comes out below 0.
    """
    lags = min(int(_LAGS * (len(returns) / _PER) ** _POWER), len(returns) - 1)
    deviations = returns - returns.mean()
    variance = (deviations * deviations).sum()
    return [
        float((1.0 - lag / (lags + 1)) * (deviations[lag:] * deviations[:-lag]).sum() / variance)
        for lag in range(1, lags + 1)
    ]


def _judge(subject: Subject, _: Answers) -> CheckFinding:
    returns = subject.played.walk_forward
    periods = round(subject.per_year)
    if len(returns) < _PER or np.ptp(returns) == 0.0:
        return not_applicable("The folds hold too few returns to estimate an autocorrelation.")
    factor = annual_factor(periods, autocorrelations_of(returns))
    if factor is None:
        return not_applicable("No variance is left of returns with these autocorrelations.")
    found = subject.sharpe * factor
    bar = NormalDist().inv_cdf(CONFIDENCE) / math.sqrt(subject.years)
    return judged(
        found,
        bar,
        f"With the autocorrelation of its returns its annual Sharpe is {ratio(found)} instead of "
        f"{ratio(subject.measures.sharpe)}, and one trial of noise exceeds {ratio(bar)} once in twenty.",
        passed=found >= bar,
    )


CHECK = Check(
    name="autocorrelation",
    title="Autocorrelation",
    question="Is the Sharpe ratio more than one trial of noise shows, once the autocorrelation of its "
    "returns is counted?",
    source="Lo (2002), The statistics of Sharpe ratios, Financial Analysts Journal 58(4), equation 20",
    formula="SR η(q), η(q) = q / √(q + 2 Σ (q - k) rₖ), q candles a year, rₖ weighted as Newey and West "
    "(1987)",
    passes="from z₀.₉₅ / √years on",
    blind="It knows of one trial. Autocorrelations beyond 4 (T / 100)^(2/9) candles are taken for 0.",
    published="rₖ = 0.1ᵏ and q = 252: 14.365, not √252 = 15.875.",
    judge=_judge,
    of_a_year=True,
)
