"""How the screen writes measures: one notation for every command."""

from genepool.backtest.caveats import OF_A_YEAR, stopped_at_bound
from genepool.market.measures import RATIO_CAP

NONE = "\N{EN DASH}"
COUNTS = frozenset({"trades", "candles", "liquidations", "max_drawdown_candles"})
SHARES = frozenset(
    {"total_return", "annual_return", "volatility", "max_drawdown", "win_rate", "exposure", "funding_paid"}
    | {"fees_paid", "ambiguity_gap"}
)


def measure_name(name: str) -> str:
    """Return a field's name as people read it."""
    return (
        name.replace("_", " ")
        .replace("sharpe", "Sharpe")
        .replace("sortino", "Sortino")
        .replace("calmar", "Calmar")
    )


def measure(name: str, value: float, *, too_short: bool = False) -> str:
    """Write a measure: a dash where its span is too short for it, "over" where only a bound is known.

    Parameters
    ----------
    name
        Field of ``Measures``.
    value
        Its value.
    too_short
        Whether nothing of a year is read from the span.
    """
    if too_short and name in OF_A_YEAR:
        return NONE
    if name in COUNTS:
        return f"{value:,.0f}"
    if stopped_at_bound(name, value):
        bound = f"{RATIO_CAP:,.0%}" if name in SHARES else f"{RATIO_CAP:,.0f}"
        return f"over {bound}" if value > 0 else f"under -{bound}"
    return f"{value:,.2%}" if name in SHARES else f"{value:,.2f}"


def share(value: float | None) -> str:
    """Write a share as a percentage."""
    return NONE if value is None else f"{value:,.2%}"


def ratio(value: float | None) -> str:
    """Write a ratio."""
    return NONE if value is None else f"{value:,.2f}"
