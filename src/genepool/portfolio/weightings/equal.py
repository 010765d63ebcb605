"""The same share for each: it knows nothing, so it cannot be wrong about anything."""

import numpy as np

from genepool.market.candles import FloatArray
from genepool.portfolio.weightings._base import FleetMoments, Weighting


def weigh(moments: FleetMoments) -> FloatArray:
    """Return 1 / bots for each."""
    count = len(moments.covariance)
    return np.full(count, 1.0 / count)


WEIGHTING = Weighting("equal", "The same share for each bot.", weigh)
