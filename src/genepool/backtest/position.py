"""What a fill does to an account: cash, units, fees, stops and results. Kernels of the simulator.

``docs/execution.md`` states the rules that the code follows.
"""

import numpy as np  # noqa: I001 - the names, one a line, would bury the code

from genepool.backtest.account import (
    AT, ATR_SLIPPAGE, ATR_STOP, ATR_TARGET, BASIS, CASH, CASH_AFTER, CHANGE, FEE, FEES, FILLS,
    LIQUIDATION, LOSS, MARGIN, PRICE, PROFIT, REASON, SIGNAL, SLIPPAGE, STOP, TAKER, TARGET,
    TRADED, TRADES, UNITS, UNITS_AFTER, WINS,
)  # fmt: skip
from genepool.kernels import allocation_free
from genepool.market.candles import FloatArray

# However large the slippage, a sale fetches at least this share of the price.
LEAST_SALE = 0.01
# A result of this share of the equity is rounding, not a win.
NO_GAIN = 1e-12


@allocation_free
def note_fill(
    tape: FloatArray, account: FloatArray, t: int, change: float, price: float, fee: float, reason: int
) -> None:
    """Write a row of the tape, while there is room, and count the fill."""
    row = int(account[FILLS])
    if row < tape.shape[0]:
        tape[row, AT] = t
        tape[row, CHANGE] = change
        tape[row, PRICE] = price
        tape[row, FEE] = fee
        tape[row, REASON] = reason
        tape[row, CASH_AFTER] = account[CASH]
        tape[row, UNITS_AFTER] = account[UNITS]
    account[FILLS] += 1.0


@allocation_free
def apply_fill(account: FloatArray, change: float, price: float, fee: float, worth: float) -> None:
    """Move cash and units, and book what was traded and paid."""
    account[CASH] -= change * price + fee
    account[UNITS] += change
    if worth > 0.0:
        account[TRADED] += abs(change) * price / worth
        account[FEES] += fee / worth


@allocation_free
def set_liquidation(account: FloatArray, rules: FloatArray) -> None:
    """Note the price at which the margin is used up."""
    units = account[UNITS]
    # Where cash + units x price equals margin x |units| x price.
    account[LIQUIDATION] = -account[CASH] / (units - rules[MARGIN] * abs(units))


@allocation_free
def book_result(account: FloatArray, result: float) -> None:
    """Book what a position made."""
    account[PROFIT] += max(result, 0.0)
    account[LOSS] += max(-result, 0.0)
    if result > NO_GAIN * account[BASIS]:
        account[WINS] += 1.0


@allocation_free
def close_position(
    account: FloatArray, tape: FloatArray, t: int, price: float, fee_share: float, worth: float, reason: int
) -> None:
    """Sell or buy back all units at this price."""
    change = -account[UNITS]
    fee = fee_share * abs(change) * price
    apply_fill(account, change, price, fee, worth)
    # The venue bears what a gap takes beyond the account.
    account[CASH] = max(account[CASH], 0.0)
    account[UNITS] = 0.0
    book_result(account, account[CASH] - account[BASIS])
    note_fill(tape, account, t, change, price, fee, reason)


@allocation_free
def market_price(reference: float, direction: float, atr: float, rules: FloatArray) -> float:
    """Return what a market order gets: the price, worse by the slippage."""
    worse: float = reference * rules[SLIPPAGE] + rules[ATR_SLIPPAGE] * atr
    return max(reference + direction * worse, reference * LEAST_SALE)


@allocation_free
def set_levels(account: FloatArray, side: float, price: float, atr: float, rules: FloatArray) -> None:
    """Note the prices at which stop and target are reached."""
    stop = rules[ATR_STOP] * atr
    target = rules[ATR_TARGET] * atr
    account[STOP] = price - side * stop if stop > 0.0 else -side * np.inf
    account[TARGET] = price + side * target if target > 0.0 else side * np.inf


@allocation_free
def move_to(
    account: FloatArray,
    tape: FloatArray,
    t: int,
    units: float,
    price: float,
    atr: float,
    rules: FloatArray,
    worth: float,
) -> None:
    """Open, resize, reverse or close at this price."""
    if account[UNITS] * units <= 0.0 and account[UNITS] != 0.0:
        close_position(account, tape, t, price, rules[TAKER], worth, SIGNAL)
    if units == 0.0 or (account[UNITS] == 0.0 and account[CASH] <= 0.0):
        return
    if account[UNITS] == 0.0:
        account[BASIS] = account[CASH]
        account[TRADES] += 1.0
        set_levels(account, 1.0 if units > 0.0 else -1.0, price, atr, rules)
    change = units - account[UNITS]
    fee = rules[TAKER] * abs(change) * price
    apply_fill(account, change, price, fee, worth)
    account[UNITS] = units
    set_liquidation(account, rules)
    note_fill(tape, account, t, change, price, fee, SIGNAL)
