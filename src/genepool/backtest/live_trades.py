"""A trade as a live bot recorded it."""

import math
from dataclasses import dataclass

from genepool.backtest.round_trips import RoundTrip


@dataclass(frozen=True, slots=True)
class LiveTrade:
    """One trade of a live or dry-run record.

    Parameters
    ----------
    entry, exit
        When it was entered and left, UTC nanoseconds; None while it is open.
    side
        1 long, -1 short.
    units
        What was entered, above 0.
    entry_price, exit_price
        In quote currency; None while it is open.
    fees
        Paid so far, in quote currency.
    funding
        Paid so far, in quote currency; negative when received.
    result
        What the record says that it earned, after fees and funding; None where it says nothing.
    pair, strategy
        What the record calls its market and who traded; empty where it says nothing.

    Raises
    ------
    ValueError
        When a value cannot be; the message begins with its name.
    """

    entry: int
    exit: int | None
    side: int
    units: float
    entry_price: float
    exit_price: float | None
    fees: float = 0.0
    funding: float = 0.0
    result: float | None = None
    pair: str = ""
    strategy: str = ""

    def __post_init__(self) -> None:
        for name in ("units", "entry_price", "exit_price"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value > 0.0):
                raise ValueError(f"{name}: {value} is not a number above 0")
        for name in ("fees", "funding", "result"):
            value = getattr(self, name)
            if value is not None and not math.isfinite(value):
                raise ValueError(f"{name}: {value} is not a number")
        if (self.exit is None) != (self.exit_price is None):
            raise ValueError("exit_price: time and price of an exit stand together, or both are left out")
        if self.exit is not None and self.exit < self.entry:
            raise ValueError("exit_time: it lies before the entry")

    def until(self, last: int, price: float) -> RoundTrip:
        """Return it as it stands at some moment.

        Parameters
        ----------
        last
            The moment, UTC nanoseconds; what was left after it is open then.
        price
            By which an open trade is valued.
        """
        if self.exit is not None and self.exit_price is not None and self.exit <= last:
            closed = (self.entry, self.exit, self.side, self.units, self.entry_price, self.exit_price)
            return RoundTrip(*closed, self.fees, self.funding, self._result(self.exit_price, self.fees))
        # Of a trade that was left later, half of the fees are those of the entry.
        fees = self.fees if self.exit is None else self.fees / 2.0
        held = (self.entry, last, self.side, self.units, self.entry_price, price)
        return RoundTrip(*held, fees, self.funding, self._priced(price, fees), valued=True)

    def _result(self, price: float, fees: float) -> float:
        return self._priced(price, fees) if self.result is None else self.result

    def _priced(self, price: float, fees: float) -> float:
        return self.side * (price - self.entry_price) * self.units - fees - self.funding
