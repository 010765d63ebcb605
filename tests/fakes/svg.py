"""Read a chart back: its tree, its points, and those that lie outside its viewport."""

import re
from xml.etree import ElementTree as ET

_POINT = re.compile(r"(-?[\d.]+),(-?[\d.]+)")
_SLACK = 1.0


def drawing(svg: str) -> ET.Element:
    """Parse a chart; text that is not XML raises."""
    return ET.fromstring(svg)  # noqa: S314 - what our own code has just written


def points_of(drawn: ET.Element) -> list[tuple[float, float]]:
    """Return the points of all paths."""
    texts = [path.get("d", "") for path in drawn.iter("path")]
    return [(float(x), float(y)) for text in texts for x, y in _POINT.findall(text)]


def points_outside(drawn: ET.Element) -> list[tuple[float, float]]:
    """Return points of paths, boxes, circles and texts beyond the viewport; the hidden cursor aside."""
    _, _, width, height = (float(part) for part in drawn.get("viewBox", "").split())
    found = points_of(drawn)
    for shape in drawn.iter():
        if shape.tag == "rect" and shape.get("class") != "row":
            x, y = float(shape.get("x", "0")), float(shape.get("y", "0"))
            found += [(x, y), (x + float(shape.get("width", "0")), y + float(shape.get("height", "0")))]
        if shape.tag == "text":
            found.append((float(shape.get("x", "0")), float(shape.get("y", "0"))))
        if shape.tag == "circle":
            found.append((float(shape.get("cx", "0")), float(shape.get("cy", "0"))))
    return [
        (x, y) for x, y in found if not (-_SLACK <= x <= width + _SLACK and -_SLACK <= y <= height + _SLACK)
    ]
