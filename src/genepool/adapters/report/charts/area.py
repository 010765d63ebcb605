"""Stacked shares over generations, named at the right in the order in which they lie."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genepool.adapters.report.charts.frame import Caption, ChartFrame, chart, x_axis, y_axis
from genepool.adapters.report.charts.scale import Scale, linear_ticks
from genepool.adapters.report.charts.spread import spread
from genepool.adapters.report.charts.svg import element, label, polyline
from genepool.market.candles import FloatArray

_LABEL_HEIGHT = 16.0


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One band of the stack.

    Parameters
    ----------
    name
        Written beside it.
    shares
        Shares of the whole, 0 to 1, float64 of shape (generations,).
    style
        Class of the style sheet.
    """

    name: str
    shares: FloatArray
    style: str


def stacked_area(
    caption: Caption,
    layers: Sequence[Layer],
    x_title: str,
    readout: Sequence[tuple[float, str]],
    numbers: Sequence[int],
) -> str:
    """Draw layers on top of each other, the first at the bottom; a lone generation becomes a column.

    Parameters
    ----------
    caption
        Name, title, description.
    layers
        What is stacked; at every generation the shares add up to 1.
    x_title
        Title of the x axis.
    readout
        What to show at a generation.
    numbers
        Which generations the shares are of, rising.
    """
    frame = ChartFrame(height=340.0, right=210.0)
    xs = np.array(numbers, dtype=np.float64)
    across = Scale(0.0, float(max(xs[-1:].max(initial=0.0), 1.0)), frame.left, frame.inner_right)
    up = Scale(0.0, 1.0, frame.inner_bottom, frame.top)
    along = [(tick, f"{tick:.0f}") for tick in linear_ticks(0, across.high, 10) if tick % 1 == 0]
    quarters = [(k / 4, f"{25 * k}%") for k in range(5)]
    edges = _edges(layers, len(xs))
    return chart(
        caption,
        frame,
        *(_layer(layer, xs, low, high, across, up) for layer, (low, high) in zip(layers, edges, strict=True)),
        y_axis(frame, up, quarters, "share of the population"),
        x_axis(frame, across, along, x_title),
        *_names(layers, edges, across, up),
        readout=[(across(x), text) for x, text in readout],
    )


def _edges(layers: Sequence[Layer], generations: int) -> list[tuple[FloatArray, FloatArray]]:
    below = np.zeros(generations)
    edges = []
    for layer in layers:
        above = below + layer.shares
        edges.append((below, above))
        below = above
    return edges


def _layer(layer: Layer, xs: FloatArray, low: FloatArray, high: FloatArray, across: Scale, up: Scale) -> str:
    if len(xs) == 1:
        xs, low, high = np.array([0.0, 1.0]), np.repeat(low, 2), np.repeat(high, 2)
    forth = [(across(x), up(y)) for x, y in zip(xs.tolist(), high.tolist(), strict=True)]
    back = [(across(x), up(y)) for x, y in zip(xs.tolist(), low.tolist(), strict=True)]
    outline = polyline([*forth, *reversed(back)])
    return element("path", d=f"{outline}Z", class_=f"layer {layer.style}") if outline else ""


def _names(
    layers: Sequence[Layer], edges: Sequence[tuple[FloatArray, FloatArray]], across: Scale, up: Scale
) -> list[str]:
    middles = [up(float(low[-1] + high[-1]) / 2) if len(low) else up.start for low, high in edges]
    places = spread(middles, _LABEL_HEIGHT, up.stop, up.start)
    names = []
    for layer, y in zip(layers, places, strict=True):
        share = f"{layer.shares[-1]:.0%}" if len(layer.shares) else ""
        left = across.stop + 10
        names.append(element("rect", x=left, y=y - 5, width=10, height=10, class_=f"layer {layer.style}"))
        names.append(label(layer.name, left + 16, y + 4, "tick"))
        names.append(label(share, 958, y + 4, "tick", "end"))
    return names
