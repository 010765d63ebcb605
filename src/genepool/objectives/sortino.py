"""The annualised Sortino ratio with a trade-count floor: only losses count as risk."""

from genepool.market.measures import Measures
from genepool.objectives._base import Objective
from genepool.objectives._floor import floored


def score(measures: Measures) -> tuple[float]:
    """Return the Sortino ratio, shrunk below the trade-count floor."""
    return (floored(measures.sortino, measures),)


OBJECTIVE = Objective(
    name="sortino",
    summary="Annualised Sortino ratio, shrunk when there are fewer than 20 trades.",
    score=score,
)
