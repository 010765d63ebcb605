"""How numbers are written in the report: a true minus sign, and no more digits than they deserve."""

from genepool.backtest.caveats import OF_A_YEAR, stopped_at_bound
from genepool.market.measures import RATIO_CAP

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"
_COUNTS = frozenset({"trades", "candles", "liquidations", "max_drawdown_candles"})
_RATIOS = frozenset({"sharpe", "sortino", "calmar", "turnover", "profit_factor", "skew", "kurtosis"})
_SIGNED = frozenset({"total_return", "annual_return"})


def percent(value: float, digits: int = 1) -> str:
    """Write a share as a percentage; large ones without decimals and with thousands."""
    large = 10.0
    return _minus(f"{value:,.{0 if abs(value) >= large else digits}%}")


def signed_percent(value: float, digits: int = 1) -> str:
    """Write a share as a percentage with its sign."""
    return ("+" if value > 0 else "") + percent(value, digits)


def ratio(value: float, digits: int = 2) -> str:
    """Write a ratio such as a Sharpe."""
    return _minus(f"{value:,.{digits}f}")


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
    if name in _COUNTS:
        return count(value)
    if stopped_at_bound(name, value):
        bound = percent(RATIO_CAP) if name == "annual_return" else count(RATIO_CAP)
        return f"over {bound}" if value > 0 else f"under {MINUS}{bound}"
    if name in _RATIOS:
        return ratio(value)
    return signed_percent(value) if name in _SIGNED else percent(value)


def held_for(hours: float | None) -> str:
    """Write a length of time in minutes, from an hour on in hours, from two days on in days."""
    hour, days = 1.0, 48.0
    if hours is None:
        return NONE
    if 0.0 < hours < hour:
        return f"{60 * hours:,.0f} min"
    return f"{hours:,.1f} h" if hours < days else f"{hours / 24:,.1f} days"


def plain(value: float) -> str:
    """Write a round number, such as a tick, with the digits that it has."""
    return _minus(f"{value:,.6g}")


def plain_percent(value: float) -> str:
    """Write a round share as a percentage with the digits that it has."""
    return _minus(f"{100 * value:,.6g}%")


def count(value: float) -> str:
    """Write a whole number with thousands."""
    return _minus(f"{value:,.0f}")


def price(value: float) -> str:
    """Write a price to the cent from a hundred on, to five decimals below, so that columns line up."""
    dear, cheap = 100.0, 0.01
    if abs(value) < cheap:
        return f"{value:.6g}"
    return f"{value:,.2f}" if abs(value) >= dear else f"{value:.5f}"


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
