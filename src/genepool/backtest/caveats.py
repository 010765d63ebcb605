"""What may be said of a measure: its number, a bound that it lies beyond, or nothing; and why.

The one rule for the screen, the report, JSON and sentences. What is annualised has a shortest span: below
it a few candles are multiplied to a year, whether by their number or by its root.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum

from genepool.backtest.notation import DASH, beyond, change, count, ratio, share
from genepool.market.measures import RATIO_CAP, Measures

# Below a quarter of a year, a year is what a few trades happened to earn, many times over.
LEAST_YEARS = 0.25
_HOURS_PER_YEAR, _HOURS_PER_DAY, _DAYS_FROM_HOURS = 8_760, 24, 48

# Everything that is annualised.
OF_A_YEAR = ("annual_return", "volatility", "sharpe", "sortino", "calmar", "turnover")
# What leaderboards show of each span.
BOARD_MEASURES = ("sharpe", "total_return", "max_drawdown", "trades")
_UNBOUNDED = {
    "annual_return": "what was earned is too much for its time",
    "sortino": "next to nothing was lost",
    "calmar": "next to no drawdown",
    "profit_factor": "next to no losing trade",
}
COUNTS = frozenset({"trades", "candles", "liquidations", "max_drawdown_candles"})
_RETURNS = frozenset({"total_return", "annual_return"})
_SHARES = frozenset({"volatility", "max_drawdown", "win_rate", "exposure"})
# Small ones, so they have a digit more.
_COSTS = frozenset({"funding_paid", "fees_paid", "ambiguity_gap"})


class Shown(Enum):
    """How much of a measure is shown."""

    NUMBER = "number"
    BOUND = "bound"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Reading:
    """What may be said of one measure of one span.

    Parameters
    ----------
    name
        Field of ``Measures``.
    value
        Its number; where only a bound is known, the bound.
    shown
        How much of it is shown.
    reason
        Why it is not the number that is shown; empty when it is.
    """

    name: str
    value: float
    shown: Shown = Shown.NUMBER
    reason: str = ""

    @property
    def text(self) -> str:
        """The measure as it is written wherever somebody reads it."""
        if self.shown is Shown.NOTHING:
            return DASH
        if self.shown is Shown.BOUND:
            return beyond(self.value, percentage=self.name in _RETURNS)
        return _number(self.name, self.value)


def reading_of(name: str, measures: Measures, candles_per_year: float) -> Reading:
    """Return what may be said of a measure.

    Parameters
    ----------
    name
        Field of ``Measures``.
    measures
        Of one span.
    candles_per_year
        Of its market.
    """
    value: float = getattr(measures, name)
    short = too_short(measures, candles_per_year) if name in OF_A_YEAR else None
    if short:
        return Reading(name, value, Shown.NOTHING, short)
    if name in _UNBOUNDED and abs(value) >= RATIO_CAP:
        return Reading(name, value, Shown.BOUND, _beyond(name, value))
    return Reading(name, value)


def too_short(measures: Measures, candles_per_year: float) -> str | None:
    """Return why nothing of a year is read from this span; None where it is long enough."""
    return too_few_years(measures.candles / candles_per_year)


def too_few_years(years: float) -> str | None:
    """Return why nothing of a year is read from a span of this length; None where it is long enough."""
    if years >= LEAST_YEARS:
        return None
    hours, least = years * _HOURS_PER_YEAR, LEAST_YEARS * _HOURS_PER_YEAR / _HOURS_PER_DAY
    # Rounded down: a span that is too short never reads as long as what it takes.
    days = math.floor(10 * hours / _HOURS_PER_DAY) / 10
    there = f"{days:g} days" if hours >= _DAYS_FROM_HOURS else f"{hours:.3g} hours"
    return f"a year is not read from {there} of candles: it takes {least:g} days"


def unread(spans: Mapping[str, Measures], candles_per_year: float) -> dict[str, str]:
    """Return, by the name of a span, why nothing of a year is read from it, of those that are too short."""
    reasons = {name: too_short(measures, candles_per_year) for name, measures in spans.items()}
    return {name: reason for name, reason in reasons.items() if reason}


def caveats(measures: Measures, candles_per_year: float) -> dict[str, str]:
    """Return, by name, why a measure is not to be taken at its word; most spans have none.

    Parameters
    ----------
    measures
        Of one span.
    candles_per_year
        Of its market.
    """
    readings = (reading_of(field.name, measures, candles_per_year) for field in fields(Measures))
    return {reading.name: reading.reason for reading in readings if reading.reason}


def caveats_by_span(spans: Mapping[str, Measures], candles_per_year: float) -> dict[str, dict[str, str]]:
    """Return the caveats of each span, by its name as documents spell it: ``walk_forward``."""
    return {span.replace("-", "_"): caveats(found, candles_per_year) for span, found in spans.items()}


def _number(name: str, value: float) -> str:
    if name in COUNTS:
        return count(value)
    if name in _RETURNS:
        return change(value)
    if name in _COSTS:
        return share(value, 2)
    return share(value) if name in _SHARES else ratio(value)


def _beyond(name: str, value: float) -> str:
    if value < 0:
        return f"below the bound of -{RATIO_CAP:,.0f}"
    return f"beyond the bound of {RATIO_CAP:,.0f}: {_UNBOUNDED[name]}"
