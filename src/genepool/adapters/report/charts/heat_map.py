"""A grid of numbers, shaded by their size, with one cell marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from genepool.adapters.report.charts.frame import Caption, ChartFrame, chart
from genepool.adapters.report.charts.svg import element, label

_CELL_HEIGHT = 36.0
_WIDEST_CELL = 86.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Parameters
    ----------
    column, row
        Where it lies, counted from the left and from below.
    value
        What shades it; None when there is no number.
    text
        Written inside.
    told
        Shown while the pointer rests on it.
    dotted
        Whether it carries a dot: it was paid for during the run.
    marked
        Whether it is framed: the champion.
    """

    column: int
    row: int
    value: float | None
    text: str
    told: str
    dotted: bool = False
    marked: bool = False


def heat_map(
    caption: Caption,
    cells: Sequence[Cell],
    columns: tuple[str, Sequence[str]],
    rows: tuple[str, Sequence[str]],
) -> str:
    """Draw a heat map.

    Parameters
    ----------
    caption
        Name, title, description.
    cells
        What is drawn.
    columns, rows
        Axis title and labels, rows from below.
    """
    frame = ChartFrame(height=26 + _CELL_HEIGHT * len(rows[1]) + 50, left=84.0, right=20.0, bottom=50.0)
    width = min((frame.inner_right - frame.left) / max(len(columns[1]), 1), _WIDEST_CELL)
    largest = max((abs(cell.value) for cell in cells if cell.value is not None), default=0.0) or 1.0
    right = frame.left + width * len(columns[1])
    along = [
        label(text, frame.left + width * (k + 0.5), frame.inner_bottom + 18, "tick", "middle")
        for k, text in enumerate(columns[1])
    ]
    up = [
        label(text, frame.left - 10, frame.inner_bottom - _CELL_HEIGHT * (k + 0.5) + 4, "tick", "end")
        for k, text in enumerate(rows[1])
    ]
    # The marked cell comes last, so that no neighbour covers its frame.
    ordered = sorted(cells, key=lambda cell: cell.marked)
    return chart(
        caption,
        frame,
        *(_cell(cell, frame, width, largest) for cell in ordered),
        *along,
        *up,
        label(rows[0], 0, 12, "axis-title"),
        label(columns[0], right, frame.inner_bottom + 40, "axis-title", "end"),
    )


def _cell(cell: Cell, frame: ChartFrame, width: float, largest: float) -> str:
    x = frame.left + width * cell.column
    y = frame.inner_bottom - _CELL_HEIGHT * (cell.row + 1)
    box = {"x": x + 1, "y": y + 1, "width": width - 2, "height": _CELL_HEIGHT - 2}
    style = "none" if cell.value is None else "gain" if cell.value >= 0 else "loss"
    share = 0.0 if cell.value is None else 0.06 + 0.94 * abs(cell.value) / largest
    parts = [
        element("title", escape(cell.told)),
        element("rect", **box, class_=f"cell {style}", fill_opacity=share),
        label(cell.text, x + width / 2, y + _CELL_HEIGHT / 2 + 4, "cell-text", "middle"),
    ]
    if cell.dotted:
        parts.append(element("circle", cx=x + width - 8, cy=y + 8, r=2.5, class_="dot"))
    if cell.marked:
        parts.append(element("rect", **box, class_="mark"))
    return element("g", *parts)
