"""Independent normal returns."""

from benchmarks.calibration.markets._base import Drawn, KindOfMarket, Order
from benchmarks.calibration.markets._drawing import normal_moves, without_edge


def draw(order: Order) -> Drawn:
    """Return a market without drift, of one volatility."""
    return without_edge(order, "normal", normal_moves(order))


KIND = KindOfMarket(
    name="normal",
    title="normal noise",
    summary="independent normal returns of 2 % a day, without drift",
    draw=draw,
)
