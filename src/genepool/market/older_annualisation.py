"""How measures were annualised before runs noted by what: by the mean spacing of the stamps."""

from genepool.market.candles import NANOSECONDS_PER_YEAR, Candles


def candles_per_year_by_spacing(candles: Candles) -> float:
    """Return how many candles of this mean spacing 365 days hold; there must be two candles at least."""
    span = int(candles.stamps[-1] - candles.stamps[0])
    return (len(candles) - 1) * NANOSECONDS_PER_YEAR / span
