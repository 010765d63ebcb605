"""The indicator bank: every distinct (indicator, parameters) row is computed once a batch."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import numpy.typing as npt

from genepool.market.candles import Candles

Parameter: TypeAlias = float | int | str
# An indicator takes the bank (for its candles, and for the rows it builds upon) and its parameters. Most rows
# are float64; what learning seeds share is kept in other types too: bins in single bytes, say.
Row = TypeVar("Row", bound=npt.NDArray[Any])

DEFAULT_BUDGET = 256 * 2**20


class IndicatorBank:
    """Indicator rows of one market, computed on demand and kept while they fit.

    Parameters
    ----------
    candles
        The market.
    budget
        Bytes of rows to keep; the rows unused for longest go first.
    """

    def __init__(self, candles: Candles, budget: int = DEFAULT_BUDGET) -> None:
        self.candles = candles
        self._budget = budget
        self._held = 0
        self._rows: OrderedDict[tuple[str, str, tuple[Parameter, ...]], npt.NDArray[Any]] = OrderedDict()

    @property
    def held_bytes(self) -> int:
        """Bytes of the rows that it keeps."""
        return self._held

    def __call__(self, indicator: Callable[..., Row], *parameters: Parameter) -> Row:
        """Return the indicator's row for these parameters, read-only; most are float64 of shape (n,)."""
        key = (indicator.__module__, indicator.__qualname__, parameters)
        kept = self._rows.get(key)
        if kept is not None:
            self._rows.move_to_end(key)
            return cast("Row", kept)
        row = indicator(self, *parameters)
        row.flags.writeable = False
        self._keep(key, row)
        return row

    def _keep(self, key: tuple[str, str, tuple[Parameter, ...]], row: npt.NDArray[Any]) -> None:
        self._rows[key] = row
        self._held += row.nbytes
        while self._held > self._budget and len(self._rows) > 1:
            _, dropped = self._rows.popitem(last=False)
            self._held -= dropped.nbytes
