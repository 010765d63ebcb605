"""How a figure is written: the same digits on the screen, in the report and in a sentence.

Minus signs are the plain ones of a keyboard; who sets a page replaces them.
"""

import math

DASH = "\N{EN DASH}"

_NO_DECIMALS_FROM = 1_000.0
# Shares: ten times, a thousand times, a million times.
_WHOLE_FROM, _MULTIPLE_FROM, _POWER_FROM = 10.0, 1_000.0, 1e6
_ROUNDING = 1e-9
_HOUR, _DAYS_FROM = 1.0, 48.0


def count(value: float) -> str:
    """Write a whole number with thousands."""
    return f"{value:z,.0f}"


def ratio(value: float | None) -> str:
    """Write a ratio such as a Sharpe to the hundredth; from a thousand on as a whole number."""
    if value is None:
        return DASH
    return f"{value:z,.{0 if abs(value) >= _NO_DECIMALS_FROM else 2}f}"


def share(value: float | None, digits: int = 1) -> str:
    """Write a share as a percentage; from ten times on without decimals."""
    if value is None:
        return DASH
    return f"{value:z,.{0 if abs(value) >= _WHOLE_FROM else digits}%}"


def change(value: float | None, digits: int = 1) -> str:
    """Write a return as a percentage with its sign; from a thousand times on as a multiple of the start."""
    if value is None:
        return DASH
    if value >= _POWER_FROM:
        return f"{value + 1.0:.0e}x"
    if value >= _MULTIPLE_FROM:
        return f"{value + 1.0:,.0f}x"
    return ("+" if value > 0.0 else "") + share(value, digits)


def probability(value: float | None) -> str:
    """Write a probability rounded down to the hundredth: none reads as more than it is, nor as certain."""
    if value is None:
        return DASH
    hundredths = math.floor(100.0 * value + _ROUNDING)
    return "under 0.01" if value > 0.0 and hundredths == 0 else f"{hundredths / 100:.2f}"


def between(low: float, high: float) -> str:
    """Write an interval of ratios."""
    return f"{ratio(low)} to {ratio(high)}"


def held_for(hours: float | None) -> str:
    """Write a length of time in minutes, from an hour on in hours, from two days on in days."""
    if hours is None:
        return DASH
    if 0.0 < hours < _HOUR:
        return f"{60 * hours:,.0f} min"
    return f"{hours:,.1f} h" if hours < _DAYS_FROM else f"{hours / 24:,.1f} days"


def beyond(bound: float, *, percentage: bool = False) -> str:
    """Write that a figure is only known to lie beyond a bound."""
    size = f"{abs(bound):,.0%}" if percentage else f"{abs(bound):,.0f}"
    return f"over {size}" if math.copysign(1.0, bound) > 0.0 else f"under -{size}"
