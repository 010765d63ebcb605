"""What every chart shares: the viewport, title and description, axes and the hover read-out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from genepool.adapters.report.charts.scale import Scale
from genepool.adapters.report.charts.svg import element, label, number

WIDTH = 960.0


@dataclass(frozen=True, slots=True)
class ChartFrame:
    """A viewport in pixels with margins for axes and labels."""

    height: float
    left: float = 64.0
    right: float = 118.0
    top: float = 26.0
    bottom: float = 44.0
    width: float = WIDTH

    @property
    def inner_right(self) -> float:
        """Right edge of the plotting area."""
        return self.width - self.right

    @property
    def inner_bottom(self) -> float:
        """Lower edge of the plotting area."""
        return self.height - self.bottom


@dataclass(frozen=True, slots=True)
class Caption:
    """How a chart is named to eyes, to screen readers and to links.

    Parameters
    ----------
    name
        Identifier, unique on the page.
    title, description
        Read aloud in place of the picture.
    """

    name: str
    title: str
    description: str


def chart(caption: Caption, frame: ChartFrame, *parts: str, readout: Sequence[tuple[float, str]] = ()) -> str:
    """Wrap the parts of a chart into one SVG element.

    Parameters
    ----------
    caption
        Its name, title and description.
    frame
        Its viewport.
    parts
        Markup, drawn in order.
    readout
        What to show when the pointer is at an x pixel; nothing for a chart without a read-out.
    """
    name = caption.name
    told = {}
    if readout:
        told = {
            "data_xs": json.dumps([float(number(x)) for x, _ in readout], separators=(",", ":")),
            "data_texts": json.dumps([text for _, text in readout], separators=(",", ":")),
        }
        cursor = element(
            "line", x1=-9, x2=-9, y1=frame.top, y2=frame.inner_bottom, class_="cursor", visibility="hidden"
        )
        parts = (*parts, cursor)
    return element(
        "svg",
        element("title", escape(caption.title), id=f"{name}-title"),
        element("desc", escape(caption.description), id=f"{name}-desc"),
        *parts,
        viewBox=f"0 0 {number(frame.width)} {number(frame.height)}",
        class_="chart",
        role="img",
        id=name,
        aria_labelledby=f"{name}-title {name}-desc",
        **told,
    )


def y_axis(frame: ChartFrame, scale: Scale, ticks: Sequence[tuple[float, str]], title: str) -> str:
    """Draw light horizontal rules with their labels, and the axis title above them."""
    parts = [label(title, 0, 12, "axis-title")]
    for value, text in ticks:
        y = scale(value)
        parts.append(element("line", x1=frame.left, x2=frame.inner_right, y1=y, y2=y, class_="rule"))
        parts.append(label(text, frame.left - 10, y + 4, "tick", "end"))
    return element("g", *parts)


def x_axis(frame: ChartFrame, scale: Scale, ticks: Sequence[tuple[float, str]], title: str) -> str:
    """Draw the base line, small tick marks with their labels, and the axis title at the right."""
    base = frame.inner_bottom
    parts = [element("line", x1=frame.left, x2=frame.inner_right, y1=base, y2=base, class_="base")]
    for value, text in ticks:
        x = scale(value)
        parts.append(element("line", x1=x, x2=x, y1=base, y2=base + 5, class_="base"))
        parts.append(label(text, x, base + 19, "tick", "middle"))
    parts.append(label(title, frame.inner_right, base + 38, "axis-title", "end"))
    return element("g", *parts)
