"""Shares that fall as volatility rises; correlation is not looked at."""

import numpy as np

from genepool.market.candles import FloatArray
from genepool.portfolio.weightings._base import FleetMoments, Weighting


def weigh(moments: FleetMoments) -> FloatArray:
    """Return shares proportional to 1 / volatility."""
    calm = 1.0 / np.sqrt(np.diag(moments.covariance))
    return np.asarray(calm / calm.sum())


WEIGHTING = Weighting("inverse_volatility", "Shares proportional to 1 / volatility.", weigh)
