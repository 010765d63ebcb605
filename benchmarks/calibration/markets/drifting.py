"""A market that only rises: to hold it pays, to time it does not."""

from benchmarks.calibration.markets._base import CANDLES_A_YEAR, VOLATILITY, Drawn, KindOfMarket, Order
from benchmarks.calibration.markets._drawing import normal_moves, without_edge

HOLDING_SHARPE = 1.0


def draw(order: Order) -> Drawn:
    """Return a market in which holding has an annual Sharpe ratio of 1 before costs."""
    drift = HOLDING_SHARPE / CANDLES_A_YEAR**0.5 * VOLATILITY
    return without_edge(order, "drifting", normal_moves(order), drift)


KIND = KindOfMarket(
    name="drifting",
    title="drifting noise",
    summary="normal noise that rises, so that holding has an annual Sharpe ratio of 1 before costs; nothing "
    "else is to be known",
    draw=draw,
)
