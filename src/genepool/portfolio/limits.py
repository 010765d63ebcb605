"""Limits on what each bot, and all of them, may trade of the account."""

import numpy as np

from genepool.market.candles import FloatArray


def limited(shares: FloatArray, most_each: float, most_in_all: float, *, sizes: bool) -> FloatArray:
    """Return shares within limits, of shape (bots,).

    What a limit takes from one bot goes to the others in proportion, as far as they have room; what finds
    no room stays cash. Where the sum of the shares means something, nobody gets what another one loses.

    Parameters
    ----------
    shares
        Of the account's equity, none negative.
    most_each, most_in_all
        The limits, positive.
    sizes
        Whether the sum of the shares means something.
    """
    total = float(shares.sum())
    if total <= 0:
        return np.zeros(len(shares))
    found = shares * min(1.0, most_in_all / total)
    if sizes:
        return np.minimum(found, most_each)
    wanted = float(found.sum())
    for _ in range(len(found)):
        over = found > most_each
        room = ~over & (found < most_each) & (found > 0)
        found = np.minimum(found, most_each)
        missing = wanted - float(found.sum())
        if missing <= 0 or not room.any():
            break
        found[room] *= 1.0 + missing / float(found[room].sum())
    return np.minimum(found, most_each)
