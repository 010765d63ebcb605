"""Lines and bands, and how they are drawn between two scales."""

from dataclasses import dataclass

from genepool.adapters.report.charts.scale import Scale
from genepool.adapters.report.charts.svg import element, polyline
from genepool.market.candles import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line.

    Parameters
    ----------
    label
        Written at its end; empty for none.
    xs, ys
        Its points, float64 of shape (n,).
    style
        Class of the style sheet, which gives it its colour.
    filled_to
        Value down to which the area is filled; None for a bare line.
    """

    label: str
    xs: FloatArray
    ys: FloatArray
    style: str
    filled_to: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """An area between two lines over the same xs."""

    xs: FloatArray
    low: FloatArray
    high: FloatArray
    style: str


def draw_line(line: Line, across: Scale, up: Scale) -> str:
    """Draw a line, and the area beneath it where it is filled."""
    points = [(across(float(x)), up(float(y))) for x, y in zip(line.xs, line.ys, strict=True)]
    drawn = element("path", d=polyline(points), class_=f"line {line.style}")
    if line.filled_to is None or not points:
        return drawn
    base = up(line.filled_to)
    outline = [(points[0][0], base), *points, (points[-1][0], base)]
    return element("path", d=polyline(outline) + "Z", class_=f"fill {line.style}") + drawn


def draw_band(band: Band, across: Scale, up: Scale) -> str:
    """Draw the area between a band's two lines."""
    forth = [(across(float(x)), up(float(y))) for x, y in zip(band.xs, band.high, strict=True)]
    back = [(across(float(x)), up(float(y))) for x, y in zip(band.xs, band.low, strict=True)]
    return element("path", d=polyline([*forth, *reversed(back)]) + "Z", class_=f"band {band.style}")
