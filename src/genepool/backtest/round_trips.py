"""Trades as records, of a replay or of a live bot, so that the two can be laid beside each other."""

from dataclasses import dataclass, replace

from genepool.backtest.account import REASONS, SPAN_ENDED
from genepool.backtest.trades import Trades

SPAN_END = REASONS[SPAN_ENDED]


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """One trade, from flat to flat.

    Parameters
    ----------
    entry, exit
        When it was entered and left, UTC nanoseconds.
    side
        1 long, -1 short.
    units
        Entered in all and left again, not signed, above 0.
    entry_price, exit_price
        Averages over its fills, in quote currency.
    fees
        Of all its fills; negative when the venue paid.
    funding
        Funding paid; negative when received.
    result
        What it earned after fees and funding, as its record says.
    valued
        Whether it is still open, and its exit only a valuation.
    """

    entry: int
    exit: int
    side: int
    units: float
    entry_price: float
    exit_price: float
    fees: float
    funding: float
    result: float
    valued: bool = False

    @property
    def notional(self) -> float:
        """Units at the price of the entry."""
        return self.units * self.entry_price

    @property
    def priced(self) -> float:
        """What its prices, fees and funding amount to."""
        gross = self.side * (self.exit_price - self.entry_price) * self.units
        return gross - self.fees - self.funding

    @property
    def beyond(self) -> float:
        """What its result holds beyond its prices, fees and funding."""
        return self.result - self.priced

    def scaled(self, factor: float) -> "RoundTrip":
        """Return it for another capital: its prices stay, and its units and all money are multiplied."""
        return replace(
            self,
            units=self.units * factor,
            fees=self.fees * factor,
            funding=self.funding * factor,
            result=self.result * factor,
        )


def round_trips(trades: Trades) -> tuple[RoundTrip, ...]:
    """Return the trades of a backtest as records; money is in units of its opening equity."""
    columns = (
        trades.entry_stamps,
        trades.exit_stamps,
        trades.sides,
        trades.units,
        trades.entry_prices,
        trades.exit_prices,
        trades.fees,
        trades.funding,
        trades.results,
    )
    valued = [reason == SPAN_END for reason in trades.reasons]
    rows = zip(*(column.tolist() for column in columns), valued, strict=True)
    return tuple(RoundTrip(*row) for row in rows)
