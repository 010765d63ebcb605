"""What a list of trades amounts to: expectancy, payoff, streaks, time held, system quality."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genepool.backtest.position import NO_GAIN
from genepool.backtest.trades import Trades
from genepool.market.candles import FloatArray, IntArray

_NANOSECONDS_PER_HOUR = 3_600_000_000_000
_SAME = 1e-12


@dataclass(frozen=True, slots=True)
class TradeStatistics:
    """What trades amount to; a figure that these trades do not have is None.

    A trade's return is its result, after all costs, as a share of the equity before it, so that early
    and late trades weigh the same however the account has grown.

    Parameters
    ----------
    trades, won, lost
        How many there are, and with a result above and below 0; the rest came out even.
    total_return
        What they compound to.
    expectancy
        Mean return of a trade: share won x average win + share lost x average loss.
    average_win, average_loss
        Mean return of those that won and of those that lost; the loss is negative.
    payoff
        Average win over average loss, without its sign.
    best, worst
        Returns.
    longest_winning_streak, longest_losing_streak
        Most wins, and most losses, in a row.
    mean_hours, median_hours, longest_hours
        Time held by the clock, from the entry's candle to the exit's; nights and weekends count.
    system_quality
        System quality number: expectancy over the standard deviation (n - 1) of returns, times the
        square root of the number of trades, which is not capped at 100. Tharp (2008), Definitive Guide
        to Position Sizing.
    """

    trades: int
    won: int
    lost: int
    total_return: float
    expectancy: float | None = None
    average_win: float | None = None
    average_loss: float | None = None
    payoff: float | None = None
    best: float | None = None
    worst: float | None = None
    longest_winning_streak: int = 0
    longest_losing_streak: int = 0
    mean_hours: float | None = None
    median_hours: float | None = None
    longest_hours: float | None = None
    system_quality: float | None = None


@dataclass(frozen=True, eq=False)
class TradeList:
    """What statistics need of trades, those of several spans one after the other.

    Parameters
    ----------
    exits
        Stamps of the candles in which they ended, UTC nanoseconds, shape (trades,).
    sides
        1 for long, -1 for short.
    returns
        Results as shares of the equity before each.
    hours
        Time held.
    """

    exits: IntArray
    sides: IntArray
    returns: FloatArray
    hours: FloatArray

    def __len__(self) -> int:
        return len(self.sides)

    def of_side(self, side: int) -> "TradeList":
        """Return the long ones (1) or the short ones (-1)."""
        chosen = self.sides == side
        return TradeList(self.exits[chosen], self.sides[chosen], self.returns[chosen], self.hours[chosen])


def trade_list(spans: Sequence[Trades]) -> TradeList:
    """Join the trades of spans in order; a trade's return does not depend on what its span opened with."""
    held = [(trades.exit_stamps - trades.entry_stamps) / _NANOSECONDS_PER_HOUR for trades in spans]
    return TradeList(
        np.concatenate([trades.exit_stamps for trades in spans]),
        np.concatenate([trades.sides for trades in spans]),
        np.concatenate([trades.returns for trades in spans]),
        np.concatenate(held),
    )


def trade_statistics(trades: TradeList) -> TradeStatistics:
    """Return what trades amount to."""
    returns, hours = trades.returns, trades.hours
    won, lost = returns > NO_GAIN, returns < -NO_GAIN
    win, loss = _mean(returns[won]), _mean(returns[lost])
    some = len(returns) > 0
    return TradeStatistics(
        trades=len(returns),
        won=int(won.sum()),
        lost=int(lost.sum()),
        total_return=float(np.prod(1.0 + returns) - 1.0),
        expectancy=_mean(returns),
        average_win=win,
        average_loss=loss,
        payoff=-win / loss if win is not None and loss is not None else None,
        best=float(returns.max()) if some else None,
        worst=float(returns.min()) if some else None,
        longest_winning_streak=_longest_run(won.tolist()),
        longest_losing_streak=_longest_run(lost.tolist()),
        mean_hours=_mean(hours),
        median_hours=float(np.median(hours)) if some else None,
        longest_hours=float(hours.max()) if some else None,
        system_quality=_system_quality(returns),
    )


def _mean(values: FloatArray) -> float | None:
    return float(values.mean()) if len(values) else None


def _longest_run(flags: Sequence[bool]) -> int:
    longest = length = 0
    for flag in flags:
        length = length + 1 if flag else 0
        longest = max(longest, length)
    return longest


def _system_quality(returns: FloatArray) -> float | None:
    if len(returns) < 2:  # noqa: PLR2004 - one return has no deviation
        return None
    deviation = float(returns.std(ddof=1))
    if deviation <= _SAME * float(np.abs(returns).max()):
        return None
    return float(returns.mean()) / deviation * math.sqrt(len(returns))
