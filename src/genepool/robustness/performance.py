"""What a champion and buy-and-hold did on a problem, as records."""

from dataclasses import dataclass

from genepool.backtest.stretches import ClosedTrade, Stretch
from genepool.market.measures import Measures
from genepool.robustness.appraisal import Appraisal

# What texts call the first of a leaderboard.
CHAMPION = "champion"


@dataclass(frozen=True, slots=True, eq=False)
class SpanFigures:
    """The champion beside both ways of holding, on one span.

    Parameters
    ----------
    name
        ``"in-sample"``, or ``"walk-forward"`` for the folds joined in order.
    measures
        Of the champion, of buying and holding, and of holding short.
    appraisal
        The figures beside the champion's.
    candles_per_year
        Of the market.
    """

    name: str
    measures: tuple[Measures, Measures, Measures]
    appraisal: Appraisal
    candles_per_year: float


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """What the champion and buy-and-hold did on the visible candles.

    Parameters
    ----------
    champion, hold
        Stretch by stretch.
    trades
        Those of the champion, in order.
    spans
        Figures of the in-sample span and of the walk-forward folds.
    first_candle
        UTC nanoseconds of the first candle at whose open the champion could trade.
    subject
        What texts call it: another genome of a run may stand in the champion's place.
    """

    champion: tuple[Stretch, ...]
    hold: tuple[Stretch, ...]
    trades: tuple[ClosedTrade, ...]
    spans: tuple[SpanFigures, ...]
    first_candle: int
    subject: str = CHAMPION
