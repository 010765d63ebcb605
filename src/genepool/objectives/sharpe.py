"""The annualised Sharpe ratio with a trade-count floor: what a run strives for unless told otherwise."""

from genepool.market.measures import Measures
from genepool.objectives._base import Objective
from genepool.objectives._floor import floored


def score(measures: Measures) -> tuple[float]:
    """Return the Sharpe ratio, shrunk below the trade-count floor."""
    return (floored(measures.sharpe, measures),)


OBJECTIVE = Objective(
    name="sharpe",
    summary="Annualised Sharpe ratio, shrunk when there are fewer than 20 trades.",
    score=score,
)
