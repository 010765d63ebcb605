"""Three scores for non-dominated sorting: Sharpe up, drawdown down, turnover down.

A strategy that never trades has the smallest drawdown and the smallest turnover there are, and
nothing could dominate it. So what is missing in trades is charged to all three scores.
"""

from genepool.market.measures import Measures
from genepool.objectives._base import Objective
from genepool.objectives._floor import credit, floored, ruined

# Charged when there are no trades: a total loss, and a turnover that turns the position over at
# every hourly candle of a year (2 x 8,760, rounded up).
IDLE_DRAWDOWN = 1.0
IDLE_TURNOVER = 20_000.0


def score(measures: Measures) -> tuple[float, float, float]:
    """Return (Sharpe, -maximum drawdown, -turnover a year), each charged for missing trades."""
    missing = 1.0 if ruined(measures) else 1.0 - credit(measures)
    return (
        floored(measures.sharpe, measures),
        -measures.max_drawdown - missing * IDLE_DRAWDOWN,
        -measures.turnover - missing * IDLE_TURNOVER,
    )


OBJECTIVE = Objective(
    name="sharpe_drawdown_turnover",
    summary="Sharpe ratio, maximum drawdown and turnover at once, by non-dominated sorting (NSGA-II).",
    score=score,
)
