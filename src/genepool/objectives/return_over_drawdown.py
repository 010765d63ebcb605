"""Total return over maximum drawdown with a trade-count floor: Calmar without the annualising.

Compounding a short span to a year blows small differences up; this ratio leaves the span as it is.
"""

from genepool.market.measures import Measures
from genepool.objectives._base import Objective
from genepool.objectives._floor import floored

# A smaller drawdown counts as this one: no drawdown is known better than to a percent.
SMALLEST_DRAWDOWN = 0.01


def score(measures: Measures) -> tuple[float]:
    """Return total return over maximum drawdown, shrunk below the trade-count floor."""
    return (floored(measures.total_return / max(measures.max_drawdown, SMALLEST_DRAWDOWN), measures),)


OBJECTIVE = Objective(
    name="return_over_drawdown",
    summary="Total return over maximum drawdown, shrunk when there are fewer than 20 trades.",
    score=score,
)
