"""What an account remembers while it is simulated, as places in one row of numbers.

A kernel wants plain arrays; these names say what stands where. A span's outcome is such a row,
copied when the span ends, so that a fold's own result is a difference of two rows.
"""

# What is held, and the levels that end it.
CASH = 0
UNITS = 1  # signed
WANTED = 2  # the wanted exposure that was last acted upon
REFUSED = 3  # sign of the side that a forced exit left, refused until the wanted side changes
STOP = 4
TARGET = 5
LIQUIDATION = 6
BASIS = 7  # equity before the open trade began

# The equity curve at closes.
EQUITY = 8
PEAK = 9
UNDER = 10  # candles under the peak so far
LONGEST = 11
DRAWDOWN = 12

# Sums over returns.
CANDLES = 13
SUM1 = 14
SUM2 = 15
SUM3 = 16
SUM4 = 17
NEGATIVE = 18  # of squares of negative returns

# Sums over fills and trades.
HELD = 19  # candles with a position at the close
TRADED = 20  # notional / equity at the trade
FEES = 21  # as a share of equity at the trade
FUNDING = 22  # as a share of equity at its stamp
TRADES = 23
WINS = 24
PROFIT = 25
LOSS = 26
LIQUIDATIONS = 27
TWIN = 28  # equity of the optimistic twin / equity
FILLS = 29

SIZE = 30

# Rows of the market matrix.
OPEN, HIGH, LOW, CLOSE, RATE = range(5)

# Places in the row of rules.
TAKER, MAKER, SLIPPAGE, ATR_SLIPPAGE, MARGIN, ATR_STOP, ATR_TARGET = range(7)

# Why a fill happened.
SIGNAL, STOPPED, TOOK_PROFIT, LIQUIDATED, SPAN_ENDED = range(5)
REASONS = ("signal", "stop", "target", "liquidation", "end")

# Columns of the tape of fills, and rows of the recorded curve.
AT, CHANGE, PRICE, FEE, REASON, CASH_AFTER, UNITS_AFTER = range(7)
TAPE_WIDTH = 7
EQUITY_ROW, UNITS_ROW, CASH_ROW, FUNDING_ROW = range(4)
