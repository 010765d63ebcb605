"""The trades of one backtest, read off its fills."""

from dataclasses import dataclass

import numpy as np

from genepool.backtest.account import (
    AT,
    CASH_AFTER,
    CHANGE,
    FEE,
    FUNDING_ROW,
    PRICE,
    REASON,
    REASONS,
    SPAN_ENDED,
    UNITS_AFTER,
)
from genepool.backtest.venue import Recording
from genepool.market.candles import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Trades:
    """One trade per place, in order; all arrays have shape (trades,).

    A trade begins when a position is opened and ends when it is closed or turned round; changes of
    size in between belong to it. Money is in units of the opening equity.

    Parameters
    ----------
    entry_stamps, exit_stamps
        Stamps of the candles that hold the fills, UTC nanoseconds.
    sides
        1 for long, -1 for short.
    units
        Size after the first fill, not signed.
    entry_prices, exit_prices
        Of the first and the last fill.
    results
        Change of equity over the trade, after fees and funding.
    fees
        Of all its fills.
    funding
        Funding paid; negative when received.
    reasons
        Why it ended: signal, stop, target, liquidation, or end when the span ended first.
    fills
        Fills of the trade; the valuation at a span's end is not one.
    """

    entry_stamps: IntArray
    exit_stamps: IntArray
    sides: IntArray
    units: FloatArray
    entry_prices: FloatArray
    exit_prices: FloatArray
    results: FloatArray
    fees: FloatArray
    funding: FloatArray
    reasons: tuple[str, ...]
    fills: IntArray

    def __len__(self) -> int:
        return len(self.sides)


def trades_of(recording: Recording, stamps: IntArray) -> Trades:
    """Read the trades off a recording made over candles with these stamps."""
    tape = recording.tape
    held_before = np.concatenate([[0.0], tape[:-1, UNITS_AFTER]]) if len(tape) else np.empty(0)
    first = np.flatnonzero(held_before == 0.0)
    last = np.append(first[1:], len(tape))[: len(first)] - 1
    entered, left = tape[first, AT].astype(np.int64), tape[last, AT].astype(np.int64)
    # Flat cash before the first trade is the opening equity, 1.
    flat_cash = np.concatenate([[1.0], tape[last, CASH_AFTER]])
    funding_so_far = np.cumsum(recording.curve[FUNDING_ROW])
    ended = tape[last, REASON].astype(np.int64)
    return Trades(
        stamps[entered],
        stamps[left],
        np.sign(tape[first, UNITS_AFTER]).astype(np.int64),
        np.abs(tape[first, CHANGE]),
        tape[first, PRICE],
        tape[last, PRICE],
        np.diff(flat_cash),
        np.add.reduceat(tape[:, FEE], first) if len(first) else np.empty(0),
        funding_so_far[left] - funding_so_far[entered],
        tuple(REASONS[reason] for reason in ended),
        last - first + np.where(ended == SPAN_ENDED, 0, 1),
    )
