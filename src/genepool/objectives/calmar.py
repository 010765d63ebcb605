"""The Calmar ratio with a trade-count floor: yearly growth for the worst fall on the way."""

from genepool.market.measures import Measures
from genepool.objectives._base import Objective
from genepool.objectives._floor import floored


def score(measures: Measures) -> tuple[float]:
    """Return annual return over maximum drawdown, shrunk below the trade-count floor."""
    return (floored(measures.calmar, measures),)


OBJECTIVE = Objective(
    name="calmar",
    summary="Annual return over maximum drawdown, shrunk when there are fewer than 20 trades.",
    score=score,
)
