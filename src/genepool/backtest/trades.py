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
        Bought in all by a long, sold in all by a short: what was entered, and left again, not signed.
    entry_prices, exit_prices
        Averages over the fills that enter and over those that leave, weighted by their units; where the
        span ended first, its last close is among the latter.
    results
        Change of equity over the trade, after fees and funding:
        sides x (exit_prices - entry_prices) x units - fees - funding + borne.
    fees
        Of all its fills.
    funding
        Funding paid; negative when received.
    reasons
        Why it ended: signal, stop, target, liquidation, or end when the span ended first.
    fills
        Fills of the trade; the valuation at a span's end is not one.
    largest_units
        Largest position held, not signed; less than ``units`` where a trade shrank and grew again.
    opening_equities
        Equity before the trade, from which its return is counted.
    borne
        What a gap took beyond the account and the venue bore; 0 for all but such trades.
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
    largest_units: FloatArray
    opening_equities: FloatArray
    borne: FloatArray

    def __len__(self) -> int:
        return len(self.sides)

    @property
    def returns(self) -> FloatArray:
        """Result of each trade as a share of the equity before it."""
        return self.results / self.opening_equities


def trades_of(recording: Recording, stamps: IntArray) -> Trades:
    """Read the trades off a recording made over candles with these stamps."""
    tape = recording.tape
    first, last = trade_bounds(tape)
    entered, left = tape[first, AT].astype(np.int64), tape[last, AT].astype(np.int64)
    sides = np.sign(tape[first, UNITS_AFTER])
    signed = np.repeat(sides, last - first + 1) * tape[:, CHANGE]
    units, entry_prices = _entered(signed, tape[:, PRICE], first)
    _, exit_prices = _entered(-signed, tape[:, PRICE], first)
    # Flat cash before the first trade is the opening equity, 1.
    flat_cash = np.concatenate([[1.0], tape[last, CASH_AFTER]])
    results, fees = np.diff(flat_cash), _by_trade(np.add, tape[:, FEE], first)
    funding_so_far = np.cumsum(recording.curve[FUNDING_ROW])
    funding = funding_so_far[left] - funding_so_far[entered]
    missing = results - (sides * (exit_prices - entry_prices) * units - fees - funding)
    ended = tape[last, REASON].astype(np.int64)
    return Trades(
        stamps[entered],
        stamps[left],
        sides.astype(np.int64),
        units,
        entry_prices,
        exit_prices,
        results,
        fees,
        funding,
        tuple(REASONS[reason] for reason in ended),
        last - first + np.where(ended == SPAN_ENDED, 0, 1),
        _by_trade(np.maximum, np.abs(tape[:, UNITS_AFTER]), first),
        flat_cash[:-1],
        # The venue bears something only where it leaves the account empty.
        np.where(tape[last, CASH_AFTER] == 0.0, np.maximum(missing, 0.0), 0.0),
    )


def trade_bounds(tape: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the first and the last row of the tape that belong to each trade."""
    held_before = np.concatenate([[0.0], tape[:-1, UNITS_AFTER]]) if len(tape) else np.empty(0)
    first = np.flatnonzero(held_before == 0.0)
    return first, np.append(first[1:], len(tape))[: len(first)] - 1


def _entered(signed: FloatArray, prices: FloatArray, first: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return units and average price of the fills whose signed change is positive, trade by trade."""
    chosen = signed > 0.0
    units = np.where(chosen, signed, 0.0)
    in_all = _by_trade(np.add, units, first)
    average = _by_trade(np.add, units * prices, first) / in_all
    # An average lies within its prices: that of one fill is its price to the last bit.
    lowest = _by_trade(np.minimum, np.where(chosen, prices, np.inf), first)
    highest = _by_trade(np.maximum, np.where(chosen, prices, -np.inf), first)
    return in_all, np.clip(average, lowest, highest)


def _by_trade(operation: np.ufunc, values: FloatArray, first: IntArray) -> FloatArray:
    return np.asarray(operation.reduceat(values, first)) if len(first) else np.empty(0)
