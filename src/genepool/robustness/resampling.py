"""The stationary bootstrap: a record drawn again in blocks, so that neighbouring returns stay neighbours."""

from collections.abc import Iterator

import numpy as np

from genepool.market.candles import FloatArray, IntArray

# Politis and White: a run of at least so many autocorrelations counts as none when all lie in this band.
_FEWEST_LAGS, _BAND = 5, 2.0
# Shorter records have no autocorrelations to choose a length by.
_FEWEST_RETURNS = 20


def stationary_resamples(
    length: int, block: float, samples: int, rng: np.random.Generator, drawn: int | None = None
) -> Iterator[IntArray]:
    """Yield for each sample the places, of shape (drawn,), that its observations come from.

    Politis and Romano (1994), The stationary bootstrap, JASA 89(428): blocks of geometric length, each
    beginning anywhere, on a circle.

    Parameters
    ----------
    length
        How many observations there are.
    block
        Mean length of a block, at least 1.
    samples
        How many samples to draw.
    rng
        Draws them.
    drawn
        How many are drawn for a sample; None for as many as there are.
    """
    places = np.arange(length if drawn is None else drawn)
    for _ in range(samples):
        begins = rng.random(len(places)) < 1.0 / block
        begins[0] = True
        first = np.maximum.accumulate(np.where(begins, places, 0))
        yield (rng.integers(length, size=len(places))[first] + places - first) % length


def automatic_block_length(returns: FloatArray) -> float:
    """Return the mean length of block that suits a record, at least 1.

    Politis and White (2004), Automatic block-length selection for the dependent bootstrap, Econometric
    Reviews 23(1), for the stationary bootstrap, as corrected by Patton, Politis and White (2009).

    Parameters
    ----------
    returns
        Of shape (n,).
    """
    count = len(returns)
    if count < _FEWEST_RETURNS or np.ptp(returns) == 0.0:
        return 1.0
    run = max(_FEWEST_LAGS, int(np.log10(count)))
    most = int(np.ceil(np.sqrt(count))) + run
    deviations = returns - returns.mean()
    covariances = (
        np.array([(deviations[k:] * deviations[: count - k]).sum() for k in range(most + 1)]) / count
    )
    lags = min(2 * max(_last_telling_lag(deviations, most, run), 1), most)
    places = np.arange(1, lags + 1)
    weights = 2.0 * np.minimum(1.0, 2.0 * (1.0 - places / lags))
    slope = (weights * places * covariances[1 : lags + 1]).sum()
    spectrum = covariances[0] + (weights * covariances[1 : lags + 1]).sum()
    longest = np.ceil(min(3.0 * np.sqrt(count), count / 3.0))
    if spectrum == 0.0:
        return float(longest)
    return float(np.clip(np.cbrt(slope * slope / (spectrum * spectrum) * count), 1.0, longest))


def _last_telling_lag(deviations: FloatArray, most: int, run: int) -> int:
    """Return the last lag before a run of lags that tell nothing; the most where there is none."""
    count = len(deviations)
    band = _BAND * np.sqrt(np.log10(count) / count)
    quiet = 0
    for lag in range(1, most + 1):
        later, earlier = deviations[lag:], deviations[:-lag]
        size = np.sqrt((later * later).sum() * (earlier * earlier).sum())
        quiet = quiet + 1 if abs((later * earlier).sum()) < band * size else 0
        if quiet == run:
            return lag - run
    return most
