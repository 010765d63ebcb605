"""Lines over time or over a count, with shaded regions, bands and labels at the line's end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from genepool.adapters.report.charts.frame import Caption, ChartFrame, chart, x_axis, y_axis
from genepool.adapters.report.charts.lines import Band, Line, draw_band, draw_line
from genepool.adapters.report.charts.regions import Region, region
from genepool.adapters.report.charts.scale import Scale, linear_ticks, log_ticks, padded
from genepool.adapters.report.charts.spread import spread
from genepool.adapters.report.charts.svg import label
from genepool.adapters.report.charts.time_ticks import time_ticks

_LABEL_HEIGHT = 15.0


@dataclass(frozen=True, slots=True, eq=False)
class LineChart:
    """Everything that a line chart shows.

    Parameters
    ----------
    caption
        Name, title, description.
    lines, bands, regions
        What is drawn; regions lie beneath.
    x_title, y_title
        Axis titles with units.
    y_text
        How a value on the y axis is written.
    over_time
        Whether xs are stamps in nanoseconds, rather than a count.
    log
        Whether the y axis is logarithmic.
    include
        Values that the y axis must reach, such as zero.
    height
        In pixels.
    readout
        What to show at an x value.
    """

    caption: Caption
    lines: Sequence[Line]
    x_title: str
    y_title: str
    y_text: Callable[[float], str]
    bands: Sequence[Band] = ()
    regions: Sequence[Region] = ()
    over_time: bool = True
    log: bool = False
    include: Sequence[float] = ()
    height: float = 320.0
    readout: Sequence[tuple[float, str]] = field(default=())


def line_chart(content: LineChart) -> str:
    """Draw a line chart."""
    # Names of regions need a line of their own beneath the axis title.
    frame = ChartFrame(content.height, top=44.0 if content.regions else 26.0)
    across, up = _scales(content, frame)
    ticks = log_ticks(up.low, up.high) if content.log else linear_ticks(up.low, up.high)
    along: Sequence[tuple[float, str]] = (
        time_ticks(across.low, across.high)
        if content.over_time
        else [(tick, f"{tick:,.0f}") for tick in linear_ticks(across.low, across.high, 8) if tick % 1 == 0]
    )
    return chart(
        content.caption,
        frame,
        *(region(shaded, frame, across) for shaded in content.regions),
        y_axis(frame, up, [(tick, content.y_text(tick)) for tick in ticks], content.y_title),
        x_axis(frame, across, along, content.x_title),
        *(draw_band(band, across, up) for band in content.bands),
        *(draw_line(line, across, up) for line in content.lines),
        *_end_labels(content.lines, across, up),
        readout=[(across(x), text) for x, text in content.readout],
    )


def _scales(content: LineChart, frame: ChartFrame) -> tuple[Scale, Scale]:
    drawn = [line for line in content.lines if len(line.xs)]
    xs = list(chain((x for line in drawn for x in (line.xs[0], line.xs[-1])), _edges(content.regions)))
    ys = list(content.include)
    for values in chain((line.ys for line in drawn), *((band.low, band.high) for band in content.bands)):
        ys += [float(np.min(values)), float(np.max(values))]
    low, high = (min(xs), max(xs)) if xs else (0.0, 1.0)
    floor, ceiling = padded(ys, log=content.log)
    if not content.log and ys and min(ys) == 0.0:
        floor = 0.0
    elif not content.log and ys and max(ys) == 0.0:
        ceiling = 0.0
    across = Scale(low, high if high > low else low + 1.0, frame.left, frame.inner_right)
    return across, Scale(floor, ceiling, frame.inner_bottom, frame.top, content.log)


def _edges(regions: Sequence[Region]) -> list[float]:
    return [edge for shaded in regions for edge in (shaded.start, shaded.stop)]


def _end_labels(lines: Sequence[Line], across: Scale, up: Scale) -> list[str]:
    named = [line for line in lines if line.label and len(line.xs)]
    wanted = [up(float(line.ys[-1])) for line in named]
    places = spread(wanted, _LABEL_HEIGHT, up.stop, up.start)
    return [
        label(line.label, across.stop + 8, y + 4, f"end {line.style}")
        for line, y in zip(named, places, strict=True)
    ]
