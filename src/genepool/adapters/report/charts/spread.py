"""Labels that would cover each other are pushed apart."""

from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions in the order given, near those wanted and at least a gap apart.

    They stay within [low, high] as long as there is room; without room they are spaced evenly.
    """
    if not wanted:
        return []
    gap = min(gap, (high - low) / max(len(wanted) - 1, 1))
    order = sorted(range(len(wanted)), key=lambda k: (wanted[k], k))
    placed = [0.0] * len(wanted)
    edge = low
    for k in order:
        placed[k] = max(wanted[k], edge)
        edge = placed[k] + gap
    edge = high
    for k in reversed(order):
        placed[k] = min(placed[k], edge)
        edge = placed[k] - gap
    return placed
