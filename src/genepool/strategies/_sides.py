"""The two rules that several seeds share: follow a line across another, or fade an extreme level."""

import numpy as np

from genepool.kernels import kernel
from genepool.market.candles import FloatArray


@kernel
def followed(line: FloatArray, base: FloatArray, band: float) -> FloatArray:
    """Return 1 while the line is above its base by more than a band, -1 while as far below.

    Between the two the former side is held; at the start it is 0.

    Parameters
    ----------
    line, base
        Positive columns of shape (n,), in the same unit.
    band
        Share of the base that the line must be away from it.
    """
    exposure = np.empty(len(line))
    above, below = 1.0 + band, 1.0 - band
    side = 0.0
    for t in range(len(line)):
        if line[t] > base[t] * above:
            side = 1.0
        elif line[t] < base[t] * below:
            side = -1.0
        exposure[t] = side
    return exposure


@kernel
def faded(
    level: FloatArray, long_below: float, short_above: float, leave_long: float, leave_short: float
) -> FloatArray:
    """Return 1 from a level below ``long_below`` until it is back at ``leave_long``; -1 mirrored.

    A level beyond the opposite threshold turns the position round at once.

    Parameters
    ----------
    level
        Column of shape (n,).
    long_below, short_above
        Levels beyond which a position is opened.
    leave_long, leave_short
        Levels at which a long (rising) and a short (falling) is closed.
    """
    exposure = np.empty(len(level))
    side = 0.0
    for t in range(len(level)):
        if level[t] < long_below:
            side = 1.0
        elif level[t] > short_above:
            side = -1.0
        elif (side > 0.0 and level[t] >= leave_long) or (side < 0.0 and level[t] <= leave_short):
            side = 0.0
        exposure[t] = side
    return exposure
