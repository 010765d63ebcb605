"""The band in which a genome's own out-of-sample returns let a later result be expected."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from genepool.errors import DataError
from genepool.market.candles import FloatArray
from genepool.randomness import Purpose, generator
from genepool.robustness.resampling import automatic_block_length, stationary_resamples

PATHS = 2_000
LEVEL = 0.95
# Fewer returns say nothing of their spread.
FEWEST_RETURNS = 100


class BandPlace(StrEnum):
    """Where a result lies."""

    INSIDE = "inside"
    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, slots=True, eq=False)
class LiveBand:
    """Total returns that a genome's own returns, drawn again in blocks, amount to.

    Parameters
    ----------
    totals
        One a path, rising, of shape (paths,).
    level
        Share of the paths that lie inside the band; as many lie below as above.
    block
        Mean length of the blocks, in candles.
    candles
        Length of a path.
    """

    totals: FloatArray
    level: float
    block: float
    candles: int

    @property
    def low(self) -> float:
        """Lower end."""
        return self._at((1.0 - self.level) / 2.0)

    @property
    def median(self) -> float:
        """What half of the paths exceed."""
        return self._at(0.5)

    @property
    def high(self) -> float:
        """Upper end."""
        return self._at((1.0 + self.level) / 2.0)

    def quantile(self, total: float) -> float:
        """Return the share of paths that earned less; of those that earned as much, half counts."""
        less = np.searchsorted(self.totals, total, side="left")
        not_more = np.searchsorted(self.totals, total, side="right")
        return float(less + not_more) / (2.0 * len(self.totals))

    def place(self, total: float) -> BandPlace:
        """Return where a result lies; one at an end of the band is inside."""
        if total < self.low:
            return BandPlace.BELOW
        return BandPlace.ABOVE if total > self.high else BandPlace.INSIDE

    def _at(self, share: float) -> float:
        return float(np.quantile(self.totals, share))


def live_band(
    returns: FloatArray, candles: int, seed: int, level: float = LEVEL, paths: int = PATHS
) -> LiveBand:
    """Return the band of total returns over so many candles, by the stationary bootstrap.

    Politis and Romano (1994), The stationary bootstrap, JASA 89(428): each path joins blocks of the record,
    so that what follows each other in it mostly does so in the path.

    Parameters
    ----------
    returns
        Out-of-sample returns of the genome candle by candle, of shape (n,).
    candles
        Length of a path; it may be longer or shorter than the record.
    seed
        Of the draws.
    level
        Share of the paths inside.
    paths
        How many are drawn.

    Raises
    ------
    DataError
        When the record has fewer than 100 returns.
    """
    count = len(returns)
    if count < FEWEST_RETURNS:
        raise DataError(
            f"the genome has {count} out-of-sample returns, and a band needs {FEWEST_RETURNS}: follow a run "
            "with more candles in its walk-forward folds"
        )
    block, rng = automatic_block_length(returns), generator(seed, Purpose.LIVE_BAND)
    growth = 1.0 + returns
    samples = stationary_resamples(count, block, paths, rng, candles)
    totals = [float(np.prod(growth[places])) - 1.0 for places in samples]
    return LiveBand(np.sort(np.array(totals)), level, block, candles)
