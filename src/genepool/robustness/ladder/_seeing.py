"""What it would have taken to see an edge: how large it must be, or how long the data."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from genepool.robustness.luck import CONFIDENCE, Evidence
from genepool.robustness.null_test import ERROR

_BELIEVED = NormalDist().inv_cdf(CONFIDENCE)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Needed:
    """What it would have taken to see an edge half of the time.

    Parameters
    ----------
    by
        ``nulls`` or ``deflation``: what would have seen it.
    smallest_sharpe
        Smallest annual Sharpe ratio that is seen half of the time; None where too few nulls were made.
    years
        Length of the walk-forward folds.
    years_for_one
        Years of folds after which an annual Sharpe ratio of 1 is seen half of the time.
    years_for_own
        The same for the champion's own Sharpe ratio; None where it is not above 0.
    """

    by: str
    smallest_sharpe: float | None
    years: float
    years_for_one: float | None
    years_for_own: float | None


def needed_by_nulls(evidence: Evidence, sharpes: Sequence[float | None], searches: int = 1) -> Needed:
    """Return what null evolution needs, by the walk-forward Sharpe ratios of the nulls' champions.

    An edge is seen when fewer nulls are as good than the error allows, which is when its figure is above
    the k-th best of n nulls, k = floor(error (n + 1)). A walk-forward Sharpe ratio is, in large samples,
    normal around the true one (Lo, "The Statistics of Sharpe Ratios", Financial Analysts Journal 58(4),
    2002): it is above the true one as often as below, so that an edge as large as this bar is above it half
    of the time. It is assumed that the search finds the edge. The spread of Sharpe ratios without an edge is
    1 / sqrt(years), and the bar shrinks with it.

    Parameters
    ----------
    evidence
        What is known of the champion.
    sharpes
        Of each null; None for one that scored no genome.
    searches
        Runs that searched these candles: each must be rarer by as much (Holm's first step).
    """
    allowed = math.floor(ERROR / searches * (len(sharpes) + 1) + _ROUNDING)
    scored = sorted((one for one in sharpes if one is not None), reverse=True)
    if not 0 < allowed <= len(sharpes):
        return _needed("nulls", evidence, None)
    # Where even the best of noise lost, any edge stands out.
    bar = max(0.0, scored[allowed - 1]) if allowed <= len(scored) else 0.0
    return _needed("nulls", evidence, bar)


def needed_by_deflation(evidence: Evidence) -> Needed:
    """Return what the deflated Sharpe ratio needs for as many trials.

    Its bar is the best that is expected of noise, and from there the distance at which a probability of
    0.95 is reached; both shrink with 1 / sqrt(years).
    """
    years = evidence.years
    bar = evidence.expected_best + _BELIEVED / math.sqrt(years) if years > 0.0 else None
    return _needed("deflation", evidence, bar)


def _needed(by: str, evidence: Evidence, bar: float | None) -> Needed:
    return Needed(
        by=by,
        smallest_sharpe=bar,
        years=evidence.years,
        years_for_one=_years(evidence.years, bar, 1.0),
        years_for_own=_years(evidence.years, bar, evidence.sharpe),
    )


def _years(years: float, bar: float | None, sharpe: float) -> float | None:
    if bar is None or sharpe <= 0.0:
        return None
    return years * (bar / sharpe) ** 2
