"""How numbers are written in the report: a true minus sign, and no more digits than they deserve."""

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"


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
