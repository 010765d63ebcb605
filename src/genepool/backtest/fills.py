"""The fills of one backtest, one by one: what its trades are made of."""

from dataclasses import dataclass

import numpy as np

from genepool.backtest.account import AT, CASH_AFTER, CHANGE, FEE, PRICE, REASON, REASONS, UNITS_AFTER
from genepool.backtest.trades import trade_bounds
from genepool.backtest.venue import Recording
from genepool.market.candles import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Fills:
    """One fill per place, in order; all arrays have shape (fills,).

    Money is in units of the opening equity. Where a span ends with a position, its valuation at the
    last close stands here too, without a fee and with the reason ``end``, so that cash adds up.

    Parameters
    ----------
    stamps
        Stamps of the candles that hold the fills, UTC nanoseconds.
    trades
        Number of the trade that a fill belongs to, from 1.
    actions
        What it did to the position: open, increase, reduce or close.
    changes
        Units bought, negative when sold.
    prices, fees
        What was paid.
    reasons
        Why: signal, stop, target, liquidation or end.
    units, cash
        After the fill; units are signed.
    """

    stamps: IntArray
    trades: IntArray
    actions: tuple[str, ...]
    changes: FloatArray
    prices: FloatArray
    fees: FloatArray
    reasons: tuple[str, ...]
    units: FloatArray
    cash: FloatArray

    def __len__(self) -> int:
        return len(self.trades)


def fills_of(recording: Recording, stamps: IntArray) -> Fills:
    """Read the fills off a recording made over candles with these stamps."""
    tape = recording.tape
    first, last = trade_bounds(tape)
    opens = np.zeros(len(tape), dtype=np.bool_)
    opens[first] = True
    return Fills(
        stamps[tape[:, AT].astype(np.int64)],
        np.repeat(np.arange(1, len(first) + 1), last - first + 1),
        tuple(map(_action, opens.tolist(), tape[:, CHANGE].tolist(), tape[:, UNITS_AFTER].tolist())),
        tape[:, CHANGE],
        tape[:, PRICE],
        tape[:, FEE],
        tuple(REASONS[int(reason)] for reason in tape[:, REASON]),
        tape[:, UNITS_AFTER],
        tape[:, CASH_AFTER],
    )


def _action(opens: bool, change: float, units: float) -> str:
    if opens:
        return "open"
    if units == 0.0:
        return "close"
    return "increase" if change * units > 0.0 else "reduce"
