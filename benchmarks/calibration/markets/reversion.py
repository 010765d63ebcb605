"""A planted edge of reversion to the mean."""

from benchmarks.calibration.markets._base import Drawn, KindOfMarket, Order
from benchmarks.calibration.markets._drawing import with_rule
from benchmarks.calibration.markets._rules import reversion


def draw(order: Order) -> Drawn:
    """Return a market that tends back to the mean of its last 10 closes."""
    return with_rule(order, "reversion", reversion)


KIND = KindOfMarket(
    name="reversion",
    title="reversion",
    summary="the next day favours the way back to the mean of the last 10 closes",
    draw=draw,
    planted=True,
)
