"""A family tree drawn as lanes: one row a birth, the newest on top, lines to the parents below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from genepool.adapters.report.charts.frame import WIDTH, Caption, ChartFrame, chart
from genepool.adapters.report.charts.lanes import Placed, lanes_of
from genepool.adapters.report.charts.svg import element, label, number

_ROW = 28.0
_LANE = 16.0
_TOP = 34.0
# Width of a character that texts are cut by; rather too wide than too narrow.
_CHARACTER = 7.0


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One row of the tree.

    Parameters
    ----------
    name
        What parents are referred to by; unique.
    parents
        Names of its parents, the first parent first; those without a row of their own are left out.
    columns
        Texts of its row: generation, fitness, operator, what changed.
    told
        Shown while the pointer rests on the row.
    style
        Class of the style sheet, which colours the node.
    """

    name: str
    parents: tuple[str, ...]
    columns: tuple[str, str, str, str]
    told: str
    style: str


def family_tree(caption: Caption, births: Sequence[TreeRow], headings: tuple[str, str, str, str]) -> str:
    """Draw a family tree.

    Parameters
    ----------
    caption
        Name, title, description.
    births
        Newest first, parents after their children.
    headings
        Titles of the four columns.
    """
    placed = lanes_of([(birth.name, birth.parents) for birth in births])
    rows = {birth.name: k for k, birth in enumerate(births)}
    frame = ChartFrame(height=_TOP + _ROW * len(births) + 4, left=12.0, right=0.0, top=_TOP, bottom=0.0)
    left = frame.left + _LANE * placed.width + 12
    offsets = (left + 26, left + 84, left + 104, left + 250)
    anchors = ("end", "end", "start", "start")
    return chart(
        caption,
        frame,
        *(
            label(text, x, 12, "axis-title", anchor)
            for text, x, anchor in zip(headings, offsets, anchors, strict=True)
        ),
        *(_edge(child, parent, lane, rows, placed) for child, parent, lane in placed.edges),
        *(_row(birth, rows[birth.name], placed, offsets, anchors) for birth in births),
    )


def _x(lane: int) -> float:
    return 12.0 + _LANE * lane


def _y(row: int) -> float:
    return _TOP + _ROW * (row + 0.5)


def _edge(child: str, parent: str, lane: int, rows: Mapping[str, int], placed: Placed) -> str:
    x0, y0 = _x(placed.lanes[child]), _y(rows[child])
    x1, y1 = _x(placed.lanes[parent]), _y(rows[parent])
    x, half = _x(lane), _ROW / 2
    turn, join = y0 + _ROW * 0.8, max(y1 - _ROW * 0.8, y0 + _ROW * 0.8)
    if rows[parent] - rows[child] == 1:
        path = (
            f"M{number(x0)},{number(y0)}C{number(x0)},{number(y0 + half)} {number(x1)},{number(y1 - half)} "
        )
        path += f"{number(x1)},{number(y1)}"
    else:
        path = f"M{number(x0)},{number(y0)}C{number(x0)},{number(y0 + half)} {number(x)},{number(y0 + half)} "
        path += f"{number(x)},{number(turn)}V{number(join)}C{number(x)},{number(y1 - half)} "
        path += f"{number(x1)},{number(y1 - half)} {number(x1)},{number(y1)}"
    return element("path", d=path, class_="branch")


def _fitted(text: str, x: float) -> str:
    room = int((WIDTH - x) / _CHARACTER)
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"


def _row(birth: TreeRow, row: int, placed: Placed, offsets: Sequence[float], anchors: Sequence[str]) -> str:
    y = _y(row)
    texts = [
        label(_fitted(text, x) if anchor == "start" else text, x, y + 4, f"row-{k}", anchor)
        for k, (text, x, anchor) in enumerate(zip(birth.columns, offsets, anchors, strict=True))
    ]
    return element(
        "g",
        element("title", escape(birth.told)),
        element("rect", x=0, y=y - _ROW / 2, width=WIDTH, height=_ROW, class_="row"),
        element("circle", cx=_x(placed.lanes[birth.name]), cy=y, r=5, class_=f"node {birth.style}"),
        *texts,
        class_="birth",
    )
