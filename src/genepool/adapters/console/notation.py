"""How numbers are written in a terminal."""

NONE = "–"  # noqa: RUF001 - a dash is what an absent number looks like


def ratio(value: float | None) -> str:
    """Write a ratio such as a Sharpe; huge ones without decimals."""
    huge = 1_000.0
    if value is None:
        return NONE
    return f"{value:,.0f}" if abs(value) >= huge else f"{value:.2f}"


def percent(value: float | None, *, sign: bool = False) -> str:
    """Write a share as a percentage; from ten times on as a multiple, so that columns stay narrow."""
    if value is None:
        return NONE
    large, huge = 1.0, 10.0
    if abs(value) >= huge:
        return f"{value + 1:,.0f}x" if value > 0 else f"{value:,.0%}"
    digits = 0 if abs(value) >= large else 1
    return f"{value:{'+' if sign else ''}.{digits}%}"


def span(seconds: float | None) -> str:
    """Write a length of time as 0:07, 12:30 or 1:02:03."""
    if seconds is None:
        return NONE
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
