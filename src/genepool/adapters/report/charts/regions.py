"""Shaded spans behind a chart: the phases of a history, and what is sealed."""

from dataclasses import dataclass

from genepool.adapters.report.charts.frame import ChartFrame
from genepool.adapters.report.charts.scale import Scale
from genepool.adapters.report.charts.svg import element, label

_LABEL_WIDTH = 7.0


@dataclass(frozen=True, slots=True)
class Region:
    """A span along the x axis.

    Parameters
    ----------
    start, stop
        Its edges, in data values.
    name
        Written at its top where there is room.
    style
        Class of the style sheet; ``"sealed"`` is hatched.
    """

    start: float
    stop: float
    name: str
    style: str


def region(shaded: Region, frame: ChartFrame, across: Scale) -> str:
    """Draw a region over the full height of the plotting area."""
    left, right = across(shaded.start), across(shaded.stop)
    width = max(right - left, 0.0)
    box = element(
        "rect",
        x=left,
        y=frame.top,
        width=width,
        height=frame.inner_bottom - frame.top,
        class_=f"region {shaded.style}",
    )
    if len(shaded.name) * _LABEL_WIDTH > width:
        return box
    return box + label(shaded.name, (left + right) / 2, frame.top - 8, f"phase {shaded.style}", "middle")
