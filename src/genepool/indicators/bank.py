"""The indicator bank: every distinct (indicator, parameters) row is computed once a batch."""

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeAlias

from genepool.market.candles import Candles, FloatArray

Parameter: TypeAlias = float | int | str
# An indicator takes the bank (for its candles, and for the rows it builds upon) and its parameters.
Indicator: TypeAlias = Callable[..., FloatArray]

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
        self._rows: OrderedDict[tuple[str, str, tuple[Parameter, ...]], FloatArray] = OrderedDict()

    @property
    def held_bytes(self) -> int:
        """Bytes of the rows that it keeps."""
        return self._held

    def __call__(self, indicator: Indicator, *parameters: Parameter) -> FloatArray:
        """Return the indicator's row for these parameters, read-only, float64 of shape (n,) or (n, k)."""
        key = (indicator.__module__, indicator.__qualname__, parameters)
        row = self._rows.get(key)
        if row is not None:
            self._rows.move_to_end(key)
            return row
        row = indicator(self, *parameters)
        row.flags.writeable = False
        self._keep(key, row)
        return row

    def _keep(self, key: tuple[str, str, tuple[Parameter, ...]], row: FloatArray) -> None:
        self._rows[key] = row
        self._held += row.nbytes
        while self._held > self._budget and len(self._rows) > 1:
            _, dropped = self._rows.popitem(last=False)
            self._held -= dropped.nbytes
