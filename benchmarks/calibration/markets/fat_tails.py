"""Independent returns with fat tails."""

from benchmarks.calibration.markets._base import Drawn, KindOfMarket, Order
from benchmarks.calibration.markets._drawing import fat_moves, without_edge

_DEGREES = 3


def draw(order: Order) -> Drawn:
    """Return a market without drift whose returns are Student's t."""
    return without_edge(order, "fat-tails", fat_moves(order, _DEGREES))


KIND = KindOfMarket(
    name="fat_tails",
    title="fat tails",
    summary="independent Student's t returns of 3 degrees of freedom and 2 % a day, without drift",
    draw=draw,
)
