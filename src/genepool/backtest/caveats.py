"""Which measures say less than they seem to: read from too short a span, or stopped by a bound."""

from dataclasses import asdict

from genepool.market.measures import RATIO_CAP, Measures

# Below a quarter of a year, compounding to a year multiplies what a few trades happened to earn.
LEAST_YEARS = 0.25
DAYS_PER_YEAR = 365

# Everything that is a year's; volatility and Sharpe ratio grow with the root of time, and the latter
# has an interval beside it.
OF_A_YEAR = ("annual_return", "calmar", "turnover")
_UNBOUNDED = {
    "annual_return": "what was earned is too much for its time",
    "sortino": "next to nothing was lost",
    "calmar": "next to no drawdown",
    "profit_factor": "next to no losing trade",
}


def too_short(measures: Measures, candles_per_year: float) -> str | None:
    """Return why nothing of a year is read from this span; None where it is long enough."""
    years = measures.candles / candles_per_year
    if years >= LEAST_YEARS:
        return None
    days, least = years * DAYS_PER_YEAR, LEAST_YEARS * DAYS_PER_YEAR
    return f"a year is not read from {days:.3g} days of candles: it takes {least:.0f}"


def stopped_at_bound(name: str, value: float) -> bool:
    """Whether a measure is only known to be beyond the bound at which ratios are reported."""
    return name in _UNBOUNDED and abs(value) >= RATIO_CAP


def caveats(measures: Measures, candles_per_year: float) -> dict[str, str]:
    """Return, by name, why a measure is not to be taken at its word; most spans have none.

    Parameters
    ----------
    measures
        Of one span.
    candles_per_year
        Of its market.
    """
    short, numbers = too_short(measures, candles_per_year), asdict(measures)
    found = {
        name: _beyond(name, value)
        for name, value in numbers.items()
        if stopped_at_bound(name, value) and not (short and name in OF_A_YEAR)
    }
    return (dict.fromkeys(OF_A_YEAR, short) if short else {}) | found


def _beyond(name: str, value: float) -> str:
    if value < 0:
        return f"below the bound of -{RATIO_CAP:,.0f}"
    return f"beyond the bound of {RATIO_CAP:,.0f}: {_UNBOUNDED[name]}"
