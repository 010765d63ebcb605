"""SVG elements as text: escaped, with finite numbers only."""

import math
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr


def number(value: float) -> str:
    """Return a coordinate with two decimals at most.

    Raises
    ------
    ValueError
        When it is not finite: such a path would vanish from the page without a word.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} is no coordinate")
    # Adding zero turns the -0.0 of a rounded small negative into a plain 0.
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def element(name: str, *children: str, **attributes: str | float) -> str:
    """Return one element; underscores in attribute names become hyphens, a trailing one is dropped.

    Children are markup already: pass text through ``text``.
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_attribute(value))}"
        for key, value in attributes.items()
    )
    inner = "".join(children)
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def label(content: str, x: float, y: float, class_: str = "", anchor: str = "start") -> str:
    """Return one line of text anchored at a point."""
    return element("text", escape(content), x=x, y=y, text_anchor=anchor, class_=class_)


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """Return path data through these points, empty when there are none."""
    written = [f"{number(x)},{number(y)}" for x, y in points]
    return "M" + "L".join(written) if written else ""


def _attribute(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)
