"""A planted momentum edge."""

from benchmarks.calibration.markets._base import Drawn, KindOfMarket, Order
from benchmarks.calibration.markets._drawing import with_rule
from benchmarks.calibration.markets._rules import momentum


def draw(order: Order) -> Drawn:
    """Return a market that tends to move as its last 20 candles did."""
    return with_rule(order, "momentum", momentum)


KIND = KindOfMarket(
    name="momentum",
    title="momentum",
    summary="the next day favours the side of the last 20 days' return",
    draw=draw,
    planted=True,
)
