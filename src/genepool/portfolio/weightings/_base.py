"""What shares are worked out from, and what works them out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from genepool.market.candles import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class FleetMoments:
    """What a weighting may know of bots; all of a year of 365 days.

    Parameters
    ----------
    covariance
        Of their returns, of shape (bots, bots), with a positive diagonal.
    deflated_means
        Their mean returns less what luck alone would show, of shape (bots,).
    kelly_fraction
        Share of full Kelly.
    """

    covariance: FloatArray
    deflated_means: FloatArray
    kelly_fraction: float


Weigh: TypeAlias = Callable[[FleetMoments], FloatArray]


@dataclass(frozen=True, slots=True)
class Weighting:
    """A way of sharing an account among bots.

    Parameters
    ----------
    name
        Module name, snake_case.
    summary
        One sentence for the documentation.
    weigh
        Returns the share of the account's equity that each bot trades, none negative, shape (bots,).
    sizes
        Whether the sum of the shares means something; otherwise it is 1.
    """

    name: str
    summary: str
    weigh: Weigh
    sizes: bool = False
