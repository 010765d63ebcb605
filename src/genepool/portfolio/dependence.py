"""How bots move together: at each clock, and on the worst days of the fleet."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from genepool.market.candles import FloatArray
from genepool.portfolio.alignment import clocks_of, joined_returns
from genepool.portfolio.clocks import ClockName
from genepool.portfolio.records import BotRecord

CRISIS = 0.1
# Correlations of fewer periods are noise.
_FEWEST = 12


@dataclass(frozen=True, slots=True)
class Correlations:
    """Correlations of all pairs over some periods.

    Parameters
    ----------
    periods
        How many periods they were measured over.
    mean
        Mean of all pairs; None with one bot, or too few periods.
    matrix
        Row by row, of shape (bots, bots); empty with too few periods. A bot that never moved has 0.
    """

    periods: int
    mean: float | None
    matrix: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Dependence:
    """How bots move together.

    Parameters
    ----------
    by_clock
        At each clock whose periods are no shorter than the candles of any bot.
    crises
        Over the worst tenth of days of the fleet with equal shares.
    crises_if_normal
        Mean correlation on these days that bots with normal returns and the same correlation would show:
        picking days by the sum of returns picks them by their correlation too.
    """

    by_clock: dict[ClockName, Correlations]
    crises: Correlations | None
    crises_if_normal: float | None


def dependence(records: Sequence[BotRecord]) -> Dependence:
    """Measure how bots move together, at all clocks that fit their candles."""
    clocks = clocks_of(records)
    by_clock = {clock: correlations(joined_returns(records, clock).returns) for clock in clocks}
    if "day" not in by_clock:
        return Dependence(by_clock, None, None)
    days = joined_returns(records, "day").returns
    return Dependence(by_clock, correlations(days[worst(days)]), crises_if_normal(days))


def correlations(returns: FloatArray) -> Correlations:
    """Return the correlations of columns, of shape (periods, bots)."""
    periods, bots = returns.shape
    if periods < _FEWEST:
        return Correlations(periods, None, [])
    matrix = correlation_matrix(returns)
    return Correlations(periods, _mean(matrix) if bots > 1 else None, matrix.tolist())


def correlation_matrix(returns: FloatArray) -> FloatArray:
    """Return the correlations of columns; those of a column that never moves are 0, and 1 with itself."""
    return _scaled(np.atleast_2d(np.cov(returns.T)))


def worst(returns: FloatArray) -> FloatArray:
    """Return which days are the worst tenth of the fleet with equal shares, shape (days,)."""
    together = returns.mean(axis=1)
    count = max(1, round(CRISIS * len(together)))
    found = np.zeros(len(together), dtype=bool)
    found[np.argsort(together, kind="stable")[:count]] = True
    return found


def crises_if_normal(returns: FloatArray) -> float | None:
    """Return the mean correlation that normal returns of this covariance show on the worst tenth of days.

    Given that the sum s of a normal vector lies in its lowest tenth, the covariance loses the part that s
    explains but for the share of s's variance that is left (Boyer, Gibson and Loretan 1999, Pitfalls in
    tests for changes in correlations).
    """
    if returns.shape[1] == 1 or len(returns) < _FEWEST:
        return None
    covariance = np.cov(returns.T)
    explained = covariance.mean(axis=1)
    variance = float(explained.mean())
    if not variance > 0:
        return None
    normal = NormalDist()
    edge = normal.inv_cdf(CRISIS)
    hazard = normal.pdf(edge) / CRISIS
    left = 1.0 - edge * hazard - hazard * hazard
    return _mean(_scaled(covariance - (1.0 - left) * np.outer(explained, explained) / variance))


def _scaled(covariance: FloatArray) -> FloatArray:
    deviations = np.sqrt(np.clip(np.diag(covariance), 0.0, None))
    scale = np.where(deviations > 0, deviations, 1.0)
    matrix = np.asarray(np.clip(covariance / np.outer(scale, scale), -1.0, 1.0), dtype=np.float64)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def _mean(matrix: FloatArray) -> float:
    bots = len(matrix)
    return float((matrix.sum() - bots) / (bots * (bots - 1)))
