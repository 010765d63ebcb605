"""A market and its costs as the simulator reads them, prepared once for many genomes."""

from dataclasses import dataclass

import numpy as np

from genepool.backtest.account import FILLS, SIZE, TAPE_WIDTH
from genepool.backtest.simulate import simulate
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.volatility import atr
from genepool.market.candles import FloatArray, IntArray
from genepool.market.costs import CostModel
from genepool.risk_genes import ATR_PERIOD

_NO_CURVE = np.empty((4, 0))
_NO_TAPE = np.empty((0, TAPE_WIDTH))
# Fills that one candle can see: out at the open, in at the open, out again inside; and the span's end.
_FILLS_PER_CANDLE = 4


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything that a simulation did.

    Parameters
    ----------
    outcomes
        The account after each span, of shape (k, SIZE).
    curve
        Equity, units and cash at each close and funding paid at each open, of shape (4, n).
    tape
        One row per fill, columns AT to UNITS_AFTER of ``backtest.account``.
    """

    outcomes: FloatArray
    curve: FloatArray
    tape: FloatArray


class Venue:
    """Where wanted exposures become fills: one market, its costs and its average true range.

    Parameters
    ----------
    bank
        The market's candles and indicator rows.
    costs
        What trading costs.
    """

    def __init__(self, bank: IndicatorBank, costs: CostModel) -> None:
        candles = bank.candles
        rate = np.zeros(len(candles)) if candles.funding is None else candles.funding
        self._market = np.vstack([candles.open, candles.high, candles.low, candles.close, rate])
        self._atr = bank(atr, ATR_PERIOD)
        half_spread = costs.spread / 2
        self._costs = (
            costs.taker_fee,
            costs.maker_fee,
            costs.slippage + half_spread,
            costs.slippage_atr_share,
            costs.maintenance_margin,
        )

    def trade(self, wanted: FloatArray, spans: IntArray, atr_stop: float, atr_target: float) -> FloatArray:
        """Trade a wanted exposure over spans in order.

        Parameters
        ----------
        wanted
            Exposure wanted at each close, of shape (n,).
        spans
            Half-open candle ranges of shape (k, 2), rising; each starts flat, with the equity before it.
        atr_stop, atr_target
            Distances of stop and profit target in average true ranges; 0 for none.

        Returns
        -------
        FloatArray
            The account after each span, of shape (k, SIZE).
        """
        return self._run(wanted, spans, (atr_stop, atr_target), _NO_CURVE, _NO_TAPE)

    def record(self, wanted: FloatArray, spans: IntArray, atr_stop: float, atr_target: float) -> Recording:
        """Trade as ``trade`` does, by the same code, and keep curve and fills."""
        curve = np.zeros((4, len(wanted)))
        tape = np.empty((_FILLS_PER_CANDLE * len(wanted), TAPE_WIDTH))
        outcomes = self._run(wanted, spans, (atr_stop, atr_target), curve, tape)
        return Recording(outcomes, curve, tape[: int(outcomes[-1, FILLS])].copy())

    def _run(
        self,
        wanted: FloatArray,
        spans: IntArray,
        distances: tuple[float, float],
        curve: FloatArray,
        tape: FloatArray,
    ) -> FloatArray:
        outcomes = np.empty((len(spans), SIZE))
        rules = np.array((*self._costs, *distances))
        simulate(self._market, wanted, self._atr, rules, spans, outcomes, curve, tape)
        return outcomes
