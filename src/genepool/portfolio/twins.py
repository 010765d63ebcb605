"""Of bots that do the same, the weaker is left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genepool.market.candles import FloatArray


@dataclass(frozen=True, slots=True)
class LeftOutBot:
    """A bot that is not in the fleet, and why."""

    name: str
    reason: str


def weaker_twins(
    matrix: FloatArray, names: Sequence[str], strengths: Sequence[tuple[float, ...]], most: float
) -> list[LeftOutBot]:
    """Return the bots to leave out so that no pair that is left is correlated by more than some figure.

    The most correlated pair comes first; of it the weaker leaves, then the pairs that are left are looked at.

    Parameters
    ----------
    matrix
        Correlations, of shape (bots, bots).
    names
        Of the bots.
    strengths
        What decides which of two is weaker, the larger the stronger; of equal ones the later name leaves.
    most
        Largest correlation of a pair.
    """
    left = list(range(len(names)))
    found = []
    while (pair := _closest(matrix, left, names)) and matrix[pair] > most:
        stronger, weaker = sorted(pair, key=lambda k: (*(-one for one in strengths[k]), names[k]))
        left.remove(weaker)
        reason = f"twin of {names[stronger]}, correlation {matrix[pair]:.2f} above {most:g}, and the weaker"
        found.append(LeftOutBot(names[weaker], reason))
    return found


def _closest(matrix: FloatArray, left: Sequence[int], names: Sequence[str]) -> tuple[int, int] | None:
    ordered = sorted(left, key=lambda k: names[k])
    pairs = [(a, b) for place, a in enumerate(ordered) for b in ordered[place + 1 :]]
    if not pairs:
        return None
    return pairs[int(np.argmax([matrix[pair] for pair in pairs]))]
