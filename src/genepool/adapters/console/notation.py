"""How lengths of time are written in a terminal; numbers are written as everywhere, in ``backtest``."""

from genepool.backtest.notation import DASH


def span(seconds: float | None) -> str:
    """Write a length of time as 0:07, 12:30 or 1:02:03."""
    if seconds is None:
        return DASH
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
