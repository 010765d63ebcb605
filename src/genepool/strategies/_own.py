"""A user's own strategy: its source text is what travels, what is named, and what runs, everywhere the same.

Workers get it with their problem, as text and numbers, and compile it there. Its digest is part of its
name, and so of every genome, cache entry and record of a run: a function that was changed is another
strategy.
"""

import hashlib
import linecache
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

import numpy as np

from genepool.genome import OWN_MARK, Gene
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import FloatArray
from genepool.strategies._base import Genes, Strategy
from genepool.strategies._own_checks import check_genes, check_lookback, check_order
from genepool.strategies._repair import rising

_DIGITS = 12
_KNOWN_IN_AN_EXPRESSION = {"__builtins__": {}, "max": max, "min": min}


@dataclass(frozen=True, slots=True)
class OwnStrategy:
    """What a user says of a strategy.

    Parameters
    ----------
    function
        Name of its function, a plain word.
    text
        Python source that defines the function and all that it uses. It is called with the bank, and with
        each gene by its name.
    genes
        Its genes.
    lookback
        Candles needed before the first decision, an expression of its genes; empty for the sum of
        those that are whole numbers.
    order
        Genes whose values must rise, in this order.
    requires
        Columns beside prices that it cannot do without.
    summary
        What it bets on, in one sentence.
    """

    function: str
    text: str
    genes: tuple[Gene, ...]
    lookback: str = ""
    order: tuple[str, ...] = ()
    requires: frozenset[str] = field(default_factory=frozenset)
    summary: str = ""

    @property
    def name(self) -> str:
        """The function's name with twelve hexadecimal digits over everything that a result depends on."""
        said = f"{self.genes}|{self.lookback}|{self.order}|{sorted(self.requires)}"
        text = f"own/1|{self.function}|{self.text}|{said}"
        return f"{self.function}{OWN_MARK}{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"

    def strategy(self) -> Strategy:
        """Return it as a strategy beside the seeds; it can be pickled.

        Raises
        ------
        ConfigError
            When what the user said of it contradicts itself.
        """
        check_genes(self.function, self.genes)
        check_order(self.function, self.genes, self.order)
        lookback = OwnLookback(self.lookback or _sum_of_periods(self.genes))
        check_lookback(self.function, self.genes, lookback.expression, lookback)
        return Strategy(
            name=self.name,
            summary=self.summary or f"A strategy of your own, {self.function}.",
            source="your own",
            genes=self.genes,
            exposure=OwnRule(
                self.function, self.text, tuple((gene.name, gene.integer) for gene in self.genes)
            ),
            lookback=lookback,
            repair=OwnOrder(self.order, self.genes),
            requires=self.requires,
        )


@dataclass(frozen=True, slots=True)
class OwnRule:
    """The exposure that an own strategy wants; compiled in the process that asks first."""

    function: str
    text: str
    genes: tuple[tuple[str, bool], ...]

    def __call__(self, bank: IndicatorBank, genes: Genes) -> FloatArray:
        """Return the exposure wanted at each close, a new float64 array of shape (n,).

        Raises
        ------
        ArithmeticError
            When the function returns something else, or wants more than all of the equity.
        """
        given = {name: int(genes[name]) if whole else genes[name] for name, whole in self.genes}
        returned = compiled(self.function, self.text)(bank, **given)
        try:
            wanted = np.array(returned, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise ArithmeticError(
                f"{self.function} returns a {type(returned).__name__}, no column"
            ) from error
        if wanted.shape != (len(bank.candles),):
            raise ArithmeticError(
                f"{self.function} returns shape {wanted.shape}: give one number for each of the "
                f"{len(bank.candles)} candles"
            )
        # What is not a number compares as neither; before the lookback it is free to be none.
        beyond = np.abs(wanted) > 1.0
        if beyond.any():
            raise ArithmeticError(
                f"{self.function} wants an exposure of {wanted[int(np.argmax(beyond))]:g}: give -1 to 1"
            )
        return wanted


@dataclass(frozen=True, slots=True)
class OwnLookback:
    """Candles that an own strategy needs before its first decision."""

    expression: str

    def __call__(self, genes: Genes) -> int:
        """Return the expression's value for these genes, rounded up."""
        # What a user's own strategy says of itself, in the processes that run its function.
        value: float = eval(_expression(self.expression), _KNOWN_IN_AN_EXPRESSION, dict(genes))  # noqa: S307
        return math.ceil(value)


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """Sorts the genes of an own strategy that must rise."""

    names: tuple[str, ...]
    genes: tuple[Gene, ...]

    def __call__(self, genes: Genes) -> Genes:
        """Return the genes with those values in order, a step apart."""
        if not self.names:
            return genes
        step = max(gene.step for gene in self.genes if gene.name in self.names)
        return rising(*self.names, gap=step)(genes)


@cache
def compiled(function: str, text: str) -> Callable[..., object]:
    """Return the function that a text defines; the same text is compiled once in a process."""
    file = f"<strategy {function} {hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}>"
    # For the lines of a traceback.
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace: dict[str, Any] = {"__name__": f"genepool own strategy {function}"}
    # The user's own function, which runs nowhere but in processes that the user's own program started.
    exec(compile(text, file, "exec"), namespace)  # noqa: S102
    return cast("Callable[..., object]", namespace[function])


@cache
def _expression(text: str) -> Any:  # noqa: ANN401 - a code object
    return compile(text, "<lookback>", "eval")


def _sum_of_periods(genes: tuple[Gene, ...]) -> str:
    """Return what suffices for indicators upon indicators; too long a lookback costs a few candles only."""
    return " + ".join([gene.name for gene in genes if gene.integer and gene.low > 0] or ["1"])
