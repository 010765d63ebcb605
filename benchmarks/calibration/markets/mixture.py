"""A planted edge of three rules together."""

from benchmarks.calibration.markets._base import Drawn, KindOfMarket, Order
from benchmarks.calibration.markets._drawing import with_rule
from benchmarks.calibration.markets._rules import funding_rates, majority, momentum, paid_by, reversion


def draw(order: Order) -> Drawn:
    """Return a market that tends to the side of most of momentum, reversion and funding."""
    rates = funding_rates(order)
    return with_rule(order, "mixture", majority(momentum, reversion, paid_by(rates)), rates)


KIND = KindOfMarket(
    name="mixture",
    title="mixture",
    summary="the next day favours the side of at least two of momentum, reversion and funding",
    draw=draw,
    planted=True,
)
