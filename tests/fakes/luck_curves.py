"""The luck curve of all Sharpe ratios at once, as a run draws it from a fold over its generations."""

from collections.abc import Sequence

from genepool.robustness.luck import BestSoFar, LuckPoint, luck_points


def luck_curve(sharpes: Sequence[float | None], years: float, points: int = 200) -> tuple[LuckPoint, ...]:
    """Return the curve of genomes in the order tried; None for a failure."""
    best = BestSoFar()
    for sharpe in sharpes:
        best.take(sharpe)
    return luck_points(best.steps, len(sharpes), years, points)
