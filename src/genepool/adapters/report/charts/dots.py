"""Numbers as dots along one axis, stacked where they fall together, with one number marked among them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from genepool.adapters.report.charts.frame import Caption, ChartFrame, chart, x_axis
from genepool.adapters.report.charts.scale import Scale, linear_ticks, padded
from genepool.adapters.report.charts.svg import element, label
from genepool.adapters.report.notation import ratio, round_number

_RADIUS = 5.0
_CELL = 2.4 * _RADIUS
# Higher stacks would make a tower: their dots move closer together.
_HIGHEST = 150.0
_LEAST_HEIGHT = 40.0
_SIDE, _TOP = 24.0, 34.0


@dataclass(frozen=True, slots=True)
class DotChart:
    """Everything that a chart of dots shows.

    Parameters
    ----------
    caption
        Name, title, description.
    values
        The dots.
    marked, mark
        The number among them, and what it is called.
    x_title
        Title of the axis.
    """

    caption: Caption
    values: Sequence[float]
    marked: float
    mark: str
    x_title: str


def dot_chart(content: DotChart) -> str:
    """Draw a chart of dots."""
    low, high = padded([*content.values, content.marked])
    wide = ChartFrame(0.0, left=_SIDE, right=_SIDE)
    across = Scale(low, high, wide.left, wide.inner_right)
    places = _stacked([across(value) for value in sorted(content.values)])
    most = max((level for _, level in places), default=0) + 1
    step = min(_CELL, _HIGHEST / most)
    inner = max(_LEAST_HEIGHT, most * step + _RADIUS)
    frame = ChartFrame(_TOP + inner + wide.bottom, left=_SIDE, right=_SIDE, top=_TOP)
    base = frame.inner_bottom
    dots = (
        element("circle", cx=x, cy=base - _RADIUS - 2 - level * step, r=_RADIUS, class_="null")
        for x, level in places
    )
    ticks = [(tick, round_number(tick)) for tick in linear_ticks(low, high, 8)]
    return chart(
        content.caption,
        frame,
        x_axis(frame, across, ticks, content.x_title),
        *dots,
        _marked(content, across(content.marked), frame),
    )


def _stacked(xs: Sequence[float]) -> list[tuple[float, int]]:
    """Return the middle of each dot's cell, and how many dots lie beneath it there."""
    heights = Counter[int]()
    places = []
    for x in xs:
        cell = round(x / _CELL)
        places.append((cell * _CELL, heights[cell]))
        heights[cell] += 1
    return places


def _marked(content: DotChart, x: float, frame: ChartFrame) -> str:
    base, top = frame.inner_bottom, frame.top - 12.0
    right = x > frame.width / 2
    told = f"{content.mark} {ratio(content.marked)}"
    return element(
        "g",
        element("line", x1=x, x2=x, y1=top, y2=base, class_="stem"),
        element("circle", cx=x, cy=base, r=_RADIUS, class_="found"),
        label(told, x - 8 if right else x + 8, top + 4, "end forward", "end" if right else "start"),
    )
