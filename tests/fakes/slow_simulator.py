"""The execution rules once more, as a plain object with plain floats: slow, and easy to read.

It shares nothing with the simulator but the rules. The optimistic twin is a second run in the other
order, and the measures are computed from lists when all is over.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from genepool.market.candles import Candles, FloatArray
from genepool.market.costs import CostModel


@dataclass
class Position:
    side: int
    units: float
    opened_with: float
    stop: float | None
    target: float | None


@dataclass
class SlowSimulator:
    """One account that trades a wanted exposure."""

    candles: Candles
    wanted: FloatArray
    atr: FloatArray
    costs: CostModel
    atr_stop: float = 0.0
    atr_target: float = 0.0
    optimistic: bool = False

    cash: float = 1.0
    position: Position | None = None
    acted_upon: float = 0.0
    refused: int = 0
    wins: int = 0
    returns: list[float] = field(default_factory=list)
    equity: list[float] = field(default_factory=list)
    holding: list[bool] = field(default_factory=list)
    fold_ends: list[int] = field(default_factory=list)
    results: list[float] = field(default_factory=list)
    turnover: list[float] = field(default_factory=list)
    fees: list[float] = field(default_factory=list)
    funding: list[float] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def run(self, spans: Sequence[tuple[int, int]]) -> "SlowSimulator":
        for start, stop in spans:
            self.acted_upon, self.refused = 0.0, 0
            for t in range(start, stop):
                self._candle(t)
            if self.position is not None:
                self._end_trade(float(self.candles.close[stop - 1]), 0.0, 0.0, "end")
            self.fold_ends.append(len(self.equity))
        return self

    def _worth(self, price: float) -> float:
        return self.cash + (self.position.units * price if self.position else 0.0)

    def _candle(self, t: int) -> None:
        columns = self.candles.open, self.candles.high, self.candles.low, self.candles.close
        opened, high, low, close = (float(column[t]) for column in columns)
        if self.position is not None and self.candles.funding is not None:
            flow = self.position.units * opened * float(self.candles.funding[t])
            if flow != 0.0 and self._worth(opened) > 0.0:
                self.funding.append(flow / self._worth(opened))
            self.cash -= flow
        self._resting(t, opened, opened, opened)
        if t > 0 and float(self.wanted[t - 1]) != self.acted_upon and (self.position or self.cash > 0.0):
            self._decision(t, opened)
        self._resting(t, opened, high, low)
        before = self.equity[-1] if self.equity else 1.0
        now = self._worth(close)
        self.equity.append(now)
        self.returns.append(now / before - 1.0 if before > 0.0 else 0.0)
        self.holding.append(self.position is not None)

    def _market(self, t: int, price: float, direction: int) -> float:
        share = self.costs.slippage + self.costs.spread / 2
        worse = price * share + self.costs.slippage_atr_share * float(self.atr[t - 1])
        return max(price + direction * worse, price / 100)

    def _decision(self, t: int, opened: float) -> None:
        exposure = self.acted_upon = float(self.wanted[t - 1])
        if self.refused and np.sign(exposure) == self.refused:
            return
        self.refused = 0
        worth, held = self._worth(opened), self.position.units if self.position else 0.0
        direction = 1 if exposure * worth > held * opened else -1
        price = self._market(t, opened, direction)
        units = exposure * worth / price
        if (units - held) * direction <= 0.0:
            return
        if self.position is not None and np.sign(units) == self.position.side:
            self._pay(abs(units - held) * price, self.costs.taker_fee, worth)
            self.cash -= (units - held) * price
            self.position.units = units
            return
        if self.position is not None:
            self._end_trade(price, self.costs.taker_fee, worth, "signal")
        if units != 0.0 and self.cash > 0.0:
            self._begin_trade(t, units, price, worth)

    def _begin_trade(self, t: int, units: float, price: float, worth: float) -> None:
        side = int(np.sign(units))
        stop, target = self.atr_stop * float(self.atr[t - 1]), self.atr_target * float(self.atr[t - 1])
        self.position = Position(
            side,
            units,
            self.cash,
            price - side * stop if stop > 0 else None,
            price + side * target if target > 0 else None,
        )
        self._pay(abs(units) * price, self.costs.taker_fee, worth)
        self.cash -= units * price

    def _pay(self, notional: float, fee: float, worth: float) -> None:
        self.cash -= fee * notional
        if worth > 0.0:
            self.turnover.append(notional / worth)
            self.fees.append(fee * notional / worth)

    def _end_trade(self, price: float, fee: float, worth: float, reason: str) -> None:
        assert self.position is not None
        self._pay(abs(self.position.units) * price, fee, worth)
        self.cash = max(self.cash + self.position.units * price, 0.0)
        result = self.cash - self.position.opened_with
        self.results.append(result)
        self.wins += result > 1e-12 * self.position.opened_with
        self.reasons.append(reason)
        self.position = None

    def _liquidation_price(self, position: Position) -> float:
        share = self.costs.maintenance_margin
        if position.side > 0:
            return -self.cash / (position.units * (1 - share))
        return self.cash / (-position.units * (1 + share))

    def _resting(self, t: int, first: float, high: float, low: float) -> None:
        position = self.position
        if position is None:
            return
        side = position.side
        worst, best = (low, high) if side > 0 else (high, low)
        level, reason = self._liquidation_price(position), "liquidation"
        if position.stop is not None and (position.stop - level) * side > 0:
            level, reason = position.stop, "stop"
        lost = (worst - level) * side <= 0
        won = position.target is not None and (best - position.target) * side >= 0
        if lost and (first - level) * side <= 0:
            self._force(t, first, reason)
        elif won and position.target is not None and (first - position.target) * side >= 0:
            self._take(first)
        elif won and position.target is not None and (self.optimistic or not lost):
            self._take(position.target)
        elif lost:
            self._force(t, level, reason)

    def _force(self, t: int, level: float, reason: str) -> None:
        assert self.position is not None
        side, worth = self.position.side, self._worth(level)
        self._end_trade(self._market(t, level, -side), self.costs.taker_fee, worth, reason)
        self.refused = side

    def _take(self, price: float) -> None:
        assert self.position is not None
        side = self.position.side
        self._end_trade(price, self.costs.maker_fee, self._worth(price), "target")
        self.refused = side

    def drawdown(self) -> tuple[float, int]:
        """Largest fall from a peak and longest time under one."""
        peak, deepest, under, longest = 1.0, 0.0, 0, 0
        for value in self.equity:
            peak = max(peak, value)
            under = under + 1 if value < peak else 0
            deepest, longest = max(deepest, 1 - value / peak), max(longest, under)
        return deepest, longest

    def measures(self, candles_per_year: float) -> dict[str, float]:
        """Every measure but the ambiguity gap, from the lists, in the textbook's order."""
        returns, count = np.array(self.returns), len(self.returns)
        growth, years = self.equity[-1], count / candles_per_year
        annual = min(math.expm1(min(math.log(growth) / years, 700.0)), 1000.0) if growth > 0 else -1.0
        deviation = float(returns.std(ddof=1)) if count > 1 and returns.any() else 0.0
        downside = math.sqrt(float((np.minimum(returns, 0) ** 2).mean()))
        drawdown, longest = self.drawdown()
        won, lost = (sum(r for r in self.results if r * sign > 0) for sign in (1, -1))
        root = math.sqrt(candles_per_year)
        centred = returns - returns.mean()
        spread = float((centred**2).mean())
        return {
            "total_return": growth - 1,
            "annual_return": annual,
            "volatility": deviation * root,
            "sharpe": float(returns.mean()) / deviation * root if deviation else 0.0,
            "sortino": _capped(float(returns.mean()) * root, downside),
            "calmar": _capped(annual, drawdown),
            "max_drawdown": drawdown,
            "max_drawdown_candles": longest,
            "turnover": sum(self.turnover) / years,
            "trades": len(self.results),
            "win_rate": self.wins / len(self.results) if self.results else 0.0,
            "profit_factor": _capped(won, -lost),
            "exposure": sum(self.holding) / count,
            "funding_paid": sum(self.funding),
            "fees_paid": sum(self.fees),
            "skew": float((centred**3).mean()) / spread**1.5 if deviation else 0.0,
            "kurtosis": float((centred**4).mean()) / spread**2 if deviation else 3.0,
            "liquidations": self.reasons.count("liquidation"),
            "candles": count,
        }


def _capped(numerator: float, denominator: float) -> float:
    if denominator > 0:
        return min(max(numerator / denominator, -1000.0), 1000.0)
    return 1000.0 if numerator > 0 else 0.0
