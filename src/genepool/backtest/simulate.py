"""The one simulator: wanted exposure in, fills, costs and sums out, in one pass over the candles.

This is the only place where a decision meets a later candle. ``docs/execution.md`` states the rules
that the code follows. Everything is a sequential loop of + - * / on float64, so that a result is
equal bit for bit on every machine. What a fill does to the account stands in ``position.py``.
"""

from genepool.backtest.account import (
    CANDLES,
    CASH,
    CASH_ROW,
    CLOSE,
    DRAWDOWN,
    EQUITY,
    EQUITY_ROW,
    FUNDING,
    FUNDING_ROW,
    HELD,
    HIGH,
    LIQUIDATED,
    LIQUIDATION,
    LIQUIDATIONS,
    LONGEST,
    LOW,
    MAKER,
    MARGIN,
    NEGATIVE,
    OPEN,
    PEAK,
    RATE,
    REFUSED,
    SIZE,
    SPAN_ENDED,
    STOP,
    STOPPED,
    SUM1,
    SUM2,
    SUM3,
    SUM4,
    TAKER,
    TARGET,
    TOOK_PROFIT,
    TWIN,
    UNDER,
    UNITS,
    UNITS_ROW,
    WANTED,
)  # fmt: skip
from genepool.backtest.position import close_position, market_price, move_to, set_liquidation
from genepool.kernels import allocation_free
from genepool.market.candles import FloatArray, IntArray


@allocation_free
def _decide(
    account: FloatArray, tape: FloatArray, t: int, wanted: float, price: float, atr: float, rules: FloatArray
) -> None:
    """Trade at the open what was decided at the close before."""
    account[WANTED] = wanted
    if wanted * account[REFUSED] > 0.0:
        return
    account[REFUSED] = 0.0
    worth = account[CASH] + account[UNITS] * price
    direction = 1.0 if wanted * worth > account[UNITS] * price else -1.0
    filled = market_price(price, direction, atr, rules)
    units = wanted * worth / filled
    # A change so small that its own slippage turns it round is not traded.
    if (units - account[UNITS]) * direction > 0.0:
        move_to(account, tape, t, units, filled, atr, rules, worth)


@allocation_free
def _exit_adverse(
    account: FloatArray, tape: FloatArray, t: int, level: float, atr: float, rules: FloatArray, reason: int
) -> None:
    side = 1.0 if account[UNITS] > 0.0 else -1.0
    worth = account[CASH] + account[UNITS] * level
    close_position(account, tape, t, market_price(level, -side, atr, rules), rules[TAKER], worth, reason)
    account[REFUSED] = side
    if reason == LIQUIDATED:
        account[LIQUIDATIONS] += 1.0


@allocation_free
def _exit_at_target(account: FloatArray, tape: FloatArray, t: int, price: float, rules: FloatArray) -> None:
    side = 1.0 if account[UNITS] > 0.0 else -1.0
    worth = account[CASH] + account[UNITS] * price
    close_position(account, tape, t, price, rules[MAKER], worth, TOOK_PROFIT)
    account[REFUSED] = side


@allocation_free
def _resting_orders(
    account: FloatArray,
    tape: FloatArray,
    t: int,
    first: float,
    low: float,
    high: float,
    atr: float,
    rules: FloatArray,
) -> None:
    """Fill stop, liquidation or target inside a range of prices that begins at ``first``."""
    units = account[UNITS]
    side = 1.0 if units > 0.0 else -1.0
    worst, best = (low, high) if side > 0.0 else (high, low)
    stop, liquidation, target = account[STOP], account[LIQUIDATION], account[TARGET]
    # Whichever of the two is nearer is met first.
    reason = LIQUIDATED if (liquidation - stop) * side >= 0.0 else STOPPED
    adverse = liquidation if reason == LIQUIDATED else stop
    hit, gapped = (worst - adverse) * side <= 0.0, (first - adverse) * side <= 0.0
    reached, beyond = (best - target) * side >= 0.0, (first - target) * side >= 0.0
    if (beyond and not gapped) or (reached and not hit):
        _exit_at_target(account, tape, t, first if beyond else target, rules)
    elif hit:
        optimistic = account[CASH] + units * target - rules[MAKER] * abs(units) * target
        _exit_adverse(account, tape, t, first if gapped else adverse, atr, rules, reason)
        if reached and not gapped and account[CASH] > 0.0:
            account[TWIN] *= optimistic / account[CASH]


@allocation_free
def _act(
    market: FloatArray,
    wanted: FloatArray,
    atr: FloatArray,
    rules: FloatArray,
    account: FloatArray,
    tape: FloatArray,
    t: int,
) -> None:
    """Do all that candle t asks for: resting orders at its open, the decision, resting orders inside."""
    first, decision = market[OPEN, t], t - 1
    if account[UNITS] != 0.0:
        set_liquidation(account, rules)
        _resting_orders(account, tape, t, first, first, first, atr[decision], rules)
    if wanted[decision] != account[WANTED]:
        _decide(account, tape, t, wanted[decision], first, atr[decision], rules)
    if account[UNITS] != 0.0:
        _resting_orders(account, tape, t, first, market[LOW, t], market[HIGH, t], atr[decision], rules)


@allocation_free
def _mark(account: FloatArray, close: float) -> None:
    """Value the account at a close, and add the candle's return to the sums."""
    equity = account[CASH] + account[UNITS] * close
    change = equity / account[EQUITY] - 1.0
    square = change * change
    account[SUM1] += change
    account[SUM2] += square
    account[SUM3] += square * change
    account[SUM4] += square * square
    if change < 0.0:
        account[NEGATIVE] += square
    account[CANDLES] += 1.0
    account[HELD] += 1.0 if account[UNITS] != 0.0 else 0.0
    account[EQUITY] = equity
    if equity >= account[PEAK]:
        account[PEAK] = equity
        account[UNDER] = 0.0
    else:
        account[UNDER] += 1.0
        account[LONGEST] = max(account[LONGEST], account[UNDER])
        account[DRAWDOWN] = max(account[DRAWDOWN], (account[PEAK] - equity) / account[PEAK])


@allocation_free
def _idle(wanted: FloatArray, account: FloatArray, t: int, stop: int) -> int:
    """Pass over the candles on which a flat account stays flat; return the first other one."""
    begin, refused, in_force = t, account[REFUSED], account[WANTED]
    if account[CASH] <= 0.0:
        t = stop
    elif refused != 0.0:
        while t < stop and wanted[t - 1] * refused > 0.0:
            t += 1
    else:
        while t < stop and wanted[t - 1] == in_force:
            t += 1
    account[CANDLES] += t - begin
    if account[EQUITY] < account[PEAK]:
        account[UNDER] += t - begin
        account[LONGEST] = max(account[LONGEST], account[UNDER])
    return t


@allocation_free
def _record(curve: FloatArray, start: int, stop: int, equity: float, units: float, cash: float) -> None:
    if curve.shape[1] > 0:
        curve[EQUITY_ROW, start:stop] = equity
        curve[UNITS_ROW, start:stop] = units
        curve[CASH_ROW, start:stop] = cash


@allocation_free
def _hold(
    market: FloatArray,
    wanted: FloatArray,
    rules: FloatArray,
    account: FloatArray,
    curve: FloatArray,
    t: int,
    stop: int,
) -> int:
    """Value a position candle after candle until something may happen; return that candle, funding paid.

    The same sums as in ``_mark``, kept in local variables: this loop is where the time goes.
    """
    units, cash, in_force = account[UNITS], account[CASH], account[WANTED]
    equity, peak, under = account[EQUITY], account[PEAK], account[UNDER]
    longest, drawdown, funding = account[LONGEST], account[DRAWDOWN], account[FUNDING]
    sum1, sum2, sum3, sum4 = account[SUM1], account[SUM2], account[SUM3], account[SUM4]
    negative, long, begin = account[NEGATIVE], units > 0.0, t
    lower = account[STOP] if long else account[TARGET]
    upper = account[TARGET] if long else account[STOP]
    # Equity less the margin required, per unit of price.
    margined = units - rules[MARGIN] * abs(units)
    deepest = peak * (1.0 - drawdown)
    while t < stop:
        rate = market[RATE, t]
        if rate != 0.0:
            worth, flow = cash + units * market[OPEN, t], units * market[OPEN, t] * rate
            cash -= flow
            funding += flow / worth if worth > 0.0 else 0.0
            if curve.shape[1] > 0:
                curve[FUNDING_ROW, t] = flow
        low, high = market[LOW, t], market[HIGH, t]
        margin = cash + margined * (low if long else high)
        if wanted[t - 1] != in_force or low <= lower or high >= upper or margin <= 0.0:
            break
        before, equity = equity, cash + units * market[CLOSE, t]
        change = equity / before - 1.0
        square = change * change
        sum1 += change
        sum2 += square
        sum3 += square * change
        sum4 += square * square
        negative += square if change < 0.0 else 0.0
        if equity >= peak:
            peak, under, deepest = equity, 0.0, equity * (1.0 - drawdown)
        else:
            under += 1.0
            longest = max(longest, under)
            if equity < deepest:
                drawdown, deepest = (peak - equity) / peak, equity
        if curve.shape[1] > 0:
            _record(curve, t, t + 1, equity, units, cash)
        t += 1
    account[CASH], account[EQUITY], account[PEAK], account[UNDER] = cash, equity, peak, under
    account[LONGEST], account[DRAWDOWN], account[FUNDING] = longest, drawdown, funding
    account[SUM1], account[SUM2], account[SUM3], account[SUM4] = sum1, sum2, sum3, sum4
    account[NEGATIVE] = negative
    account[CANDLES] += t - begin
    account[HELD] += t - begin
    return t


@allocation_free
def _span(
    market: FloatArray,
    wanted: FloatArray,
    atr: FloatArray,
    rules: FloatArray,
    account: FloatArray,
    curve: FloatArray,
    tape: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Trade one span, flat before and after it; what is open at its end is valued at the last close."""
    account[WANTED], account[REFUSED], t = 0.0, 0.0, start
    if t == 0:
        # No candle before the first one, hence no decision to act upon.
        account[CANDLES] += 1.0
        _record(curve, 0, 1, account[EQUITY], 0.0, account[CASH])
        t = 1
    while t < stop:
        if account[UNITS] == 0.0:
            begin, t = t, _idle(wanted, account, t, stop)
            _record(curve, begin, t, account[EQUITY], 0.0, account[CASH])
        else:
            t = _hold(market, wanted, rules, account, curve, t, stop)
        if t < stop:
            _act(market, wanted, atr, rules, account, tape, t)
            _mark(account, market[CLOSE, t])
            _record(curve, t, t + 1, account[EQUITY], account[UNITS], account[CASH])
            t += 1
    if account[UNITS] != 0.0:
        close_position(account, tape, stop - 1, market[CLOSE, stop - 1], 0.0, 0.0, SPAN_ENDED)


@allocation_free
def simulate(
    market: FloatArray,
    wanted: FloatArray,
    atr: FloatArray,
    rules: FloatArray,
    spans: IntArray,
    outcomes: FloatArray,
    curve: FloatArray,
    tape: FloatArray,
) -> None:
    """Trade a wanted exposure over spans in order, equity and peak carried from one to the next.

    Parameters
    ----------
    market
        Rows OPEN, HIGH, LOW, CLOSE, RATE of shape (5, n); the rate is 0 where no funding is due.
    wanted
        Exposure wanted at each close, as a signed fraction of equity, of shape (n,).
    atr
        Average true range at each close in quote currency, of shape (n,).
    rules
        Costs and risk distances, places TAKER to ATR_TARGET.
    spans
        Half-open candle ranges of shape (k, 2), rising.
    outcomes
        Filled: the account after each span, of shape (k, SIZE).
    curve
        Filled at the candles of the spans: equity, units and cash at the close, funding paid at the
        open, of shape (4, n); of shape (4, 0) to record nothing.
    tape
        Filled: one row per fill, columns AT to UNITS_AFTER, of shape (m, 7); m = 0 to record nothing.
    """
    for k in range(spans.shape[0]):
        account = outcomes[k]
        for place in range(SIZE):
            account[place] = outcomes[k - 1, place] if k > 0 else 0.0
        if k == 0:
            account[CASH] = account[EQUITY] = account[PEAK] = account[TWIN] = 1.0
        _span(market, wanted, atr, rules, account, curve, tape, spans[k, 0], spans[k, 1])
