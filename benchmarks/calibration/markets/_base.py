"""What a kind of market is: a pure function from an order to candles, and how it is told of."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from genepool.market.candles import Candles, FloatArray
from genepool.market.costs import CostModel
from genepool.market.default_costs import CRYPTO

# Generated markets have daily candles, so that a few thousand of them are years enough for a Sharpe ratio.
TIMEFRAME, CANDLES_A_YEAR = "1d", 365.0
# Standard deviation of one candle's return: 38 % a year.
VOLATILITY = 0.02


@dataclass(frozen=True, slots=True)
class Order:
    """A market that is wanted.

    Parameters
    ----------
    seed
        Equal seeds make equal candles; planted markets of one seed share their noise.
    candles
        How many.
    sharpe
        Annual Sharpe ratio of the planted edge, before costs; 0 for none.
    source
        Real candles, where the kind is made of some.
    """

    seed: int
    candles: int
    sharpe: float = 0.0
    source: Candles | None = None

    @property
    def edge(self) -> float:
        """The planted drift of one candle."""
        return self.sharpe / sqrt(CANDLES_A_YEAR) * VOLATILITY


@dataclass(frozen=True, eq=False, slots=True)
class Drawn:
    """A market that was made.

    Parameters
    ----------
    candles
        What the search sees.
    sides
        What the ideal strategy holds during each candle, of shape (n,): 1 long, -1 short, 0 nothing. None of
        a market without an edge.
    """

    candles: Candles
    sides: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class KindOfMarket:
    """A kind of market.

    Parameters
    ----------
    name
        Module name, snake_case.
    title
        What tables call it.
    summary
        One sentence for the page.
    draw
        Makes a market.
    source
        Data set that it is made of unless the user names another one; empty for none, None where the user
        has to name one.
    planted
        Whether it has an edge, as strong as is asked for.
    costs
        What trading costs there.
    """

    name: str
    title: str
    summary: str
    draw: Callable[[Order], Drawn]
    source: str | None = ""
    planted: bool = False
    costs: CostModel = CRYPTO.costs
