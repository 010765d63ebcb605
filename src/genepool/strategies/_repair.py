"""Rules that turn degenerate gene values into permitted ones."""

from collections.abc import Callable, Mapping
from itertools import pairwise

Genes = Mapping[str, float]


def rising(*names: str, gap: float) -> Callable[[Genes], Genes]:
    """Return a rule that sorts these genes' values and keeps at least ``gap`` between neighbours.

    The strategy's bounds must overlap so that sorted values still lie within them; the contract
    test holds every strategy to that.
    """

    def repair(genes: Genes) -> Genes:
        values = dict(zip(names, sorted(genes[name] for name in names), strict=True))
        for lower, upper in pairwise(names):
            values[upper] = max(values[upper], values[lower] + gap)
        return {**genes, **values}

    return repair


def at_most(name: str, ceiling: str, gap: float) -> Callable[[Genes], Genes]:
    """Return a rule that lowers a gene to ``gap`` below another one when it lies higher."""

    def repair(genes: Genes) -> Genes:
        return {**genes, name: min(genes[name], genes[ceiling] - gap)}

    return repair
