"""A strategy of your own: a decorated function whose parameters are its genes."""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints, overload

from genepool.errors import ConfigError
from genepool.genome import Gene
from genepool.notebook._source import source_of
from genepool.strategies import OwnStrategy, Strategy

# Where a gene that is no whole number says no step, it has so many.
_STEPS = 100


@dataclass(frozen=True, slots=True)
class Range:
    """The values that a gene may take, said in the annotation of a parameter.

    ``fast: Annotated[int, gp.Range(2, 60)] = 12`` is a whole number from 2 to 60; its default is 12.

    Parameters
    ----------
    low, high
        Inclusive bounds.
    step
        Distance between neighbouring values; 1 for whole numbers, else a hundredth of the range.
    meaning
        One sentence with the unit, for tables and reports.
    """

    low: float
    high: float
    step: float | None = None
    meaning: str = ""


@overload
def strategy(function: Callable[..., object], /) -> Strategy: ...
@overload
def strategy(
    *, lookback: str = "", order: Sequence[str] = (), requires: Sequence[str] = ()
) -> Callable[[Callable[..., object]], Strategy]: ...
def strategy(
    function: Callable[..., object] | None = None,
    /,
    *,
    lookback: str = "",
    order: Sequence[str] = (),
    requires: Sequence[str] = (),
) -> Strategy | Callable[[Callable[..., object]], Strategy]:
    """Make a strategy of a function, in a file or in a cell of a notebook.

    The function is called with the market and with its genes by name, and returns the exposure that it wants
    at each close: one number from -1 to 1 a candle, known at that candle. ``market.candles`` has the columns
    as arrays, and ``market(ema, 12)`` is an indicator's row, which all genomes share.

    Its source text travels to worker processes and to a cluster's workers, with all functions and constants
    that it uses; libraries that it imports have to be there too.

    Parameters
    ----------
    function
        The function.
    lookback
        Candles needed before the first decision, an expression of the genes such as ``"4 * slow"``; the sum
        of the genes that are whole numbers where it is not given.
    order
        Genes that must rise, such as ``("fast", "slow")``.
    requires
        Columns that it cannot do without: ``"volume"``, ``"funding"``.

    Returns
    -------
    Strategy
        It stands wherever the name of a seed does. Its name ends in a digest of its source.

    Raises
    ------
    ConfigError
        When a gene has no range or default, or the source of something that it uses cannot be had.

    Examples
    --------
    >>> from typing import Annotated
    >>> import numpy as np
    >>> import genepool as gp
    >>> @gp.strategy(lookback="period")
    ... def momentum(market, period: Annotated[int, gp.Range(2, 200)] = 50):
    ...     "Follows the change of the close over a period."
    ...     close = market.candles.close
    ...     before = np.concatenate([np.full(period, np.nan), close[:-period]])[: len(close)]
    ...     return np.sign(close - before)
    >>> momentum.genes[0].high
    200.0
    """

    def made(of: Callable[..., object]) -> Strategy:
        documented = inspect.getdoc(of) or ""
        return OwnStrategy(
            function=of.__name__,
            text=source_of(of, strategy),
            genes=_genes(of),
            lookback=lookback,
            order=tuple(order),
            requires=frozenset(requires),
            summary=re.sub(r"\s+", " ", documented.split("\n\n")[0]),
        ).strategy()

    return made if function is None else made(function)


def _genes(function: Callable[..., object]) -> tuple[Gene, ...]:
    name = function.__name__
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or parameters[0].default is not inspect.Parameter.empty:
        raise ConfigError(f"{name} takes no market: give it a first parameter without a default")
    hints = get_type_hints(function, include_extras=True)
    return tuple(_gene(name, parameter, hints.get(parameter.name)) for parameter in parameters[1:])


def _gene(function: str, parameter: inspect.Parameter, hint: Any) -> Gene:  # noqa: ANN401 - an annotation
    name, default = parameter.name, parameter.default
    said = (
        next((one for one in get_args(hint)[1:] if isinstance(one, Range)), None)
        if get_origin(hint)
        else None
    )
    kind = get_args(hint)[0] if said else None
    if said is None or kind not in (int, float) or default is inspect.Parameter.empty:
        raise ConfigError(
            f"{function}: gene {name} needs a range and a default: write it as "
            f"{name}: Annotated[int, gp.Range(2, 60)] = 12, or with float"
        )
    whole = kind is int
    step = said.step if said.step is not None else 1.0 if whole else (said.high - said.low) / _STEPS
    if whole and not all(float(value).is_integer() for value in (said.low, said.high, step, default)):
        raise ConfigError(
            f"{function}: gene {name} is a whole number: give it such bounds, or annotate a float"
        )
    meaning = said.meaning or f"The parameter {name}."
    return Gene(name, float(said.low), float(said.high), float(step), float(default), meaning, integer=whole)
