"""The candles of one market, as a notebook holds them."""

from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from genepool.market.candles import Candles
from genepool.market.moments import timestamp
from genepool.market.provenance import DataSet


@dataclass(frozen=True, eq=False)
class MarketCandles:
    """The candles of one market, checked, and how they are found again.

    Made by ``gp.read`` and ``gp.candles``.

    Parameters
    ----------
    held
        Candles and where they came from.
    name
        How the history of runs notes them: sample, import, synthetic market, path, or ``dataframe``.
    reading
        Words of a command line that say how the file was read.
    doubts
        What is worth a second look in them, in sentences.
    """

    held: DataSet
    name: str
    reading: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def candles(self) -> Candles:
        """The candles, as strategies and indicators see them."""
        return self.held.candles

    @property
    def symbol(self) -> str:
        """Name of the market."""
        return self.candles.symbol

    @property
    def timeframe(self) -> str:
        """How long a candle lasts, such as ``1h``."""
        return self.candles.timeframe

    def __len__(self) -> int:
        return len(self.candles)

    @cached_property
    def frame(self) -> Any:  # noqa: ANN401 - pandas has no types of its own
        """The candles as a ``pandas.DataFrame`` with one row for each, indexed by their opens in UTC."""
        # Half a second to load, and candles are read and traded without it.
        import pandas as pd  # noqa: PLC0415

        held = self.candles
        order = [
            name for name in ("open", "high", "low", "close", "volume", "funding") if name in held.columns
        ]
        index = pd.DatetimeIndex(pd.to_datetime(held.stamps, unit="ns", utc=True), name="time")
        return pd.DataFrame({name: getattr(held, name) for name in order}, index=index)

    def __repr__(self) -> str:  # type: ignore[explicit-override] # Python 3.11 has no @override
        return "\n".join([self._summary, *(f"doubt: {doubt}" for doubt in self.doubts)])

    def _repr_html_(self) -> str:
        doubts = "".join(f"<li>{escape(doubt)}</li>" for doubt in self.doubts)
        return f"<p>{escape(self._summary)}</p>" + (f"<ul>{doubts}</ul>" if doubts else "")

    @property
    def _summary(self) -> str:
        held, made_up = self.candles, " (synthetic)" if self.candles.synthetic else ""
        first, last = (timestamp(int(held.stamps[place]))[:10] for place in (0, -1))
        return f"{held.symbol} {held.timeframe}{made_up}, {len(held):,} candles, {first} to {last}"
