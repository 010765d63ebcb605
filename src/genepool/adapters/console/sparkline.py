"""A series of numbers as one line of blocks."""

from collections.abc import Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], width: int) -> str:
    """Return at most so many blocks, the newest value last; a flat series stays low.

    Longer series are shortened by taking the highest value of each part.
    """
    if not values or width < 1:
        return ""
    count = min(len(values), width)
    edges = [len(values) * k // count for k in range(count + 1)]
    parts = [max(values[edges[k] : edges[k + 1]]) for k in range(count)]
    low, high = min(parts), max(parts)
    if high == low:
        return _BLOCKS[0] * count
    return "".join(_BLOCKS[round((value - low) / (high - low) * (len(_BLOCKS) - 1))] for value in parts)
