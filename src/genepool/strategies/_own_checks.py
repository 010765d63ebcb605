"""What a user says of a strategy of his own, checked before it is used; each refusal says what to do."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise, product

from genepool.errors import ConfigError
from genepool.genome import Gene
from genepool.risk_genes import RISK_GENES
from genepool.strategies._base import Genes


def check_genes(function: str, genes: Sequence[Gene]) -> None:
    """Refuse genes that have no range, or a default outside it.

    Raises
    ------
    ConfigError
        Naming the first of them.
    """
    taken = {gene.name for gene in RISK_GENES}
    for gene in genes:
        where = f"{function}: gene {gene.name}"
        if gene.name in taken:
            raise ConfigError(f"{where} has the name of a risk gene, which every genome has: rename it")
        bounds = f"{gene.low:g} to {gene.high:g} in steps of {gene.step:g}"
        if not (math.isfinite(gene.high - gene.low) and gene.low < gene.high and gene.step > 0):
            raise ConfigError(f"{where} takes {bounds}: give a low below a high, and a positive step")
        for value, what in ((gene.high, "its upper bound"), (gene.default, "the default")):
            if gene.quantise(value) != value:
                raise ConfigError(f"{where}: {what} {value:g} is not among its values, {bounds}")


def check_order(function: str, genes: Sequence[Gene], order: Sequence[str]) -> None:
    """Refuse an order that sorted values could leave the bounds by.

    Raises
    ------
    ConfigError
        When it names no gene, or bounds or defaults do not rise.
    """
    known = {gene.name: gene for gene in genes}
    if unknown := [name for name in order if name not in known]:
        raise ConfigError(f"{function} orders {unknown[0]!r}, which is no gene of it: name its genes")
    for lower, upper in pairwise(known[name] for name in order):
        rise = lower.low <= upper.low and lower.high + upper.step <= upper.high
        if not rise or lower.step != upper.step or lower.default >= upper.default:
            raise ConfigError(
                f"{function} orders {lower.name} below {upper.name}: give both the same step, and "
                f"{upper.name} a higher upper bound, a higher default, and no lower lower bound"
            )


def check_lookback(
    function: str, genes: Sequence[Gene], expression: str, lookback: Callable[[Genes], int]
) -> None:
    """Refuse a lookback that is no number at some corner of the gene space.

    Raises
    ------
    ConfigError
        With the corner.
    """
    for corner in product(*((gene.low, gene.high) for gene in genes)):
        values = dict(zip((gene.name for gene in genes), corner, strict=True))
        try:
            needed = lookback(values)
        except Exception as error:
            raise ConfigError(
                f"{function}: the lookback {expression!r} is not understood ({error}): give an expression "
                "of its genes, such as 'slow + 1'"
            ) from error
        if needed < 0:
            raise ConfigError(f"{function}: the lookback {expression!r} is {needed} candles for {values}")
