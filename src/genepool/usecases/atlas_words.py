"""What the bins of an axis are called: terminal, page and report say the same."""

from itertools import pairwise

from genepool.usecases.strategy_atlas import AtlasAxis

_SHARES = {"long_share"}


def bin_words(axis: AtlasAxis) -> list[str]:
    """Return a few words for each bin of an axis, the lowest first.

    Examples
    --------
    >>> bin_words(AtlasAxis("long_share", "long share", (0.25, 0.75)))
    ['under 25%', '25 to 75%', 'from 75%']
    >>> bin_words(AtlasAxis("correlation", "correlation to holding", (-0.2, 0.2)))
    ['under -0.2', '-0.2 to 0.2', 'from 0.2']
    """
    unit = "%" if axis.name in _SHARES else ""
    edges = [f"{100 * edge:g}" if unit else f"{edge:g}" for edge in axis.edges]
    between = [f"{low} to {high}{unit}" for low, high in pairwise(edges)]
    return [f"under {edges[0]}{unit}", *between, f"from {edges[-1]}{unit}"]
