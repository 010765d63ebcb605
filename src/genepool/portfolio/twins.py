"""Of bots that do the same, the weaker is left out."""

from collections.abc import Sequence
from dataclasses import dataclass

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

    From the strongest to the weakest, a bot stays unless it is the twin of one that stays.

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
    ordered = sorted(range(len(names)), key=lambda k: (*(-one for one in strengths[k]), names[k]))
    kept: list[int] = []
    found = []
    for bot in ordered:
        twin = max(kept, key=lambda k: float(matrix[bot, k]), default=None)
        if twin is None or matrix[bot, twin] <= most:
            kept.append(bot)
            continue
        reason = f"twin of {names[twin]}, correlation {matrix[bot, twin]:.2f} above {most:g}, and the weaker"
        found.append(LeftOutBot(names[bot], reason))
    return found
