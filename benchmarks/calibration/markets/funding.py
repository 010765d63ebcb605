"""A planted edge that funding rates tell of."""

from benchmarks.calibration.markets._base import Drawn, KindOfMarket, Order
from benchmarks.calibration.markets._drawing import with_rule
from benchmarks.calibration.markets._rules import funding_rates, paid_by


def draw(order: Order) -> Drawn:
    """Return a market that tends to move against those who paid the last 20 funding rates."""
    rates = funding_rates(order)
    return with_rule(order, "funding", paid_by(rates), rates)


KIND = KindOfMarket(
    name="funding",
    title="funding",
    summary="the next day favours being short where the last 20 days' funding was above its long mean, and "
    "long below it; the price makes the payment itself good, so that it adds nothing",
    draw=draw,
    planted=True,
)
