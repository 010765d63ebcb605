"""How much a Sharpe ratio proves: probabilistic, deflated, and how long a record it takes.

Sharpe ratios here are per observation (not annualised) unless a name says otherwise, skew and
kurtosis are those of the returns, and the kurtosis is not excess: 3 for a normal distribution.
"""

import math
from statistics import NormalDist

EULER_MASCHERONI = 0.5772156649015329

_NORMAL = NormalDist()


def probabilistic_sharpe(
    sharpe: float, benchmark: float, observations: float, skew: float = 0.0, kurtosis: float = 3.0
) -> float:
    """Return the probability that the true Sharpe ratio exceeds a benchmark.

    Bailey and López de Prado (2012), The Sharpe ratio efficient frontier, Journal of Risk 15(2).
    It knows of one trial only: never use it alone on the best of many.

    Parameters
    ----------
    sharpe, benchmark
        Observed and benchmark Sharpe ratio per observation.
    observations
        Number of returns; with fewer than two nothing is known, and the answer is 0.
    skew, kurtosis
        Of the returns.
    """
    if observations < 2:  # noqa: PLR2004 - one return has no deviation
        return 0.0
    spread = _estimation_spread(sharpe, skew, kurtosis)
    return _NORMAL.cdf((sharpe - benchmark) * math.sqrt(observations - 1) / spread)


def sharpe_interval(
    sharpe: float, observations: float, skew: float = 0.0, kurtosis: float = 3.0, confidence: float = 0.95
) -> tuple[float, float] | None:
    """Return the interval that holds the true Sharpe ratio with this confidence; None where none is known.

    The standard error is that of Mertens (2002), Comments on variance of the IID estimator in Lo, as in
    Bailey and López de Prado (2012), and is for independent returns: dependent ones know less.

    Parameters
    ----------
    sharpe
        Observed, per observation.
    observations
        Number of returns; fewer than two have no interval.
    skew, kurtosis
        Of the returns.
    confidence
        Probability wanted, between 0 and 1.
    """
    error = sharpe_error(sharpe, observations, skew, kurtosis)
    if error is None:
        return None
    reach = _NORMAL.inv_cdf(0.5 + confidence / 2.0) * error
    return sharpe - reach, sharpe + reach


def sharpe_error(
    sharpe: float, observations: float, skew: float = 0.0, kurtosis: float = 3.0
) -> float | None:
    """Return the standard error of a Sharpe ratio per observation; None of fewer than two returns.

    Mertens (2002), as in ``sharpe_interval``, where the parameters are described.
    """
    if observations < 2:  # noqa: PLR2004 - one return has no deviation
        return None
    return _estimation_spread(sharpe, skew, kurtosis) / math.sqrt(observations - 1)


def minimum_track_record(
    sharpe: float, benchmark: float, skew: float = 0.0, kurtosis: float = 3.0, confidence: float = 0.95
) -> float | None:
    """Return how many returns it takes to believe that the true Sharpe ratio exceeds a benchmark.

    Bailey and López de Prado (2012), The Sharpe ratio efficient frontier, Journal of Risk 15(2).

    Parameters
    ----------
    sharpe, benchmark
        Observed and benchmark Sharpe ratio per observation.
    skew, kurtosis
        Of the returns.
    confidence
        Probability wanted, between 0 and 1.

    Returns
    -------
    float or None
        None where the observed one is not above the benchmark: no record is long enough.
    """
    if sharpe <= benchmark:
        return None
    spread = _estimation_spread(sharpe, skew, kurtosis)
    return float(1.0 + (spread * _NORMAL.inv_cdf(confidence) / (sharpe - benchmark)) ** 2)


def expected_best_sharpe(trials: int, variance: float) -> float:
    """Return the Sharpe ratio that the best of so many trials without any skill is expected to show.

    Bailey, Borwein, López de Prado and Zhu (2014), Pseudo-mathematics and financial charlatanism,
    Notices of the AMS 61(5). The answer is in the unit whose variance is given.

    Parameters
    ----------
    trials
        How many were tried; the best of one, or of none, is expected at 0.
    variance
        Variance of the trials' Sharpe ratios.
    """
    if trials < 2:  # noqa: PLR2004 - a choice takes two
        return 0.0
    usual = _NORMAL.inv_cdf(1.0 - 1.0 / trials)
    rare = _NORMAL.inv_cdf(1.0 - 1.0 / (trials * math.e))
    return math.sqrt(variance) * ((1.0 - EULER_MASCHERONI) * usual + EULER_MASCHERONI * rare)


def minimum_backtest_length(trials: int, annual_sharpe: float = 1.0) -> float:
    """Return the years of data below which so many trials show this Sharpe ratio by luck alone.

    Bailey et al. (2014): the squared ratio of the expected best of noise to the target.

    Parameters
    ----------
    trials
        How many were tried.
    annual_sharpe
        Annualised Sharpe ratio that should mean something, positive.
    """
    return (expected_best_sharpe(trials, 1.0) / annual_sharpe) ** 2


def deflated_sharpe(
    sharpe: float,
    observations: float,
    trials: int,
    trials_variance: float = 0.0,
    skew: float = 0.0,
    kurtosis: float = 3.0,
) -> float:
    """Return the probability that the best of many trials has a true Sharpe ratio above luck.

    Bailey and López de Prado (2014), The deflated Sharpe ratio, Journal of Portfolio Management
    40(5): the probabilistic Sharpe ratio against the expected best of noise. The variance is the
    larger of the one given and 1 / observations, what trials without skill have: those of a search
    that has converged lie closer together than luck does.

    Parameters
    ----------
    sharpe
        Of the best trial, per observation.
    observations
        Number of returns.
    trials
        Unique genomes tried on the data, by anybody.
    trials_variance
        Variance of the trials' Sharpe ratios per observation.
    skew, kurtosis
        Of the best trial's returns.
    """
    if observations < 2:  # noqa: PLR2004 - one return has no deviation
        return 0.0
    bar = expected_best_sharpe(trials, max(trials_variance, 1.0 / observations))
    return probabilistic_sharpe(sharpe, bar, observations, skew, kurtosis)


def _estimation_spread(sharpe: float, skew: float, kurtosis: float) -> float:
    variance = 1.0 - skew * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe
    if variance <= 0:
        raise ValueError(f"no returns have a skew of {skew:g} and a kurtosis of {kurtosis:g}")
    return math.sqrt(variance)
