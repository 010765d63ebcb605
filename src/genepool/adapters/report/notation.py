"""How numbers are written in the report: with the digits of every other place, and a true minus sign."""

from genepool.backtest import notation
from genepool.backtest.caveats import Reading
from genepool.backtest.notation import DASH as NONE

__all__ = [
    "NONE",
    "count",
    "hundredfold",
    "measure",
    "percent",
    "plain_percent",
    "price",
    "ratio",
    "round_number",
    "signed_percent",
    "typeset",
]  # fmt: skip

MINUS = "\N{MINUS SIGN}"


def typeset(text: str) -> str:
    """Give a number that is written already its true minus sign."""
    return text.replace("-", MINUS)


def measure(reading: Reading) -> str:
    """Write what may be said of a measure."""
    return typeset(reading.text)


def percent(value: float | None, digits: int = 1) -> str:
    """Write a share as a percentage; large ones without decimals and with thousands."""
    return typeset(notation.share(value, digits))


def signed_percent(value: float | None, digits: int = 1) -> str:
    """Write a return as a percentage with its sign."""
    return typeset(notation.change(value, digits))


def ratio(value: float | None) -> str:
    """Write a ratio such as a Sharpe."""
    return typeset(notation.ratio(value))


def hundredfold(value: float) -> str:
    """Write a share in percent where a heading says that it is."""
    return percent(value).rstrip("%")


def round_number(value: float) -> str:
    """Write a round number, such as a tick, with the digits that it has."""
    return typeset(f"{value:,.6g}")


def plain_percent(value: float) -> str:
    """Write a round share as a percentage with the digits that it has."""
    return typeset(f"{100 * value:,.6g}%")


def count(value: float) -> str:
    """Write a whole number with thousands."""
    return typeset(notation.count(value))


def price(value: float) -> str:
    """Write a price to the cent from a hundred on, to five decimals below, so that columns line up."""
    dear, cheap = 100.0, 0.01
    if abs(value) < cheap:
        return f"{value:.6g}"
    return f"{value:,.2f}" if abs(value) >= dear else f"{value:.5f}"
