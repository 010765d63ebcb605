"""One genome, or buy and hold, traded with everything kept: for reports, exports and audits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from genepool.backtest.account import CASH_ROW, EQUITY_ROW, FUNDING_ROW, UNITS_ROW
from genepool.backtest.fills import Fills, fills_of
from genepool.backtest.measuring import measures_of
from genepool.backtest.overlay import traded_exposure
from genepool.backtest.trades import Trades, trades_of
from genepool.backtest.venue import Recording, Venue
from genepool.errors import ConfigError, HistoryTooShort
from genepool.genome import Genome
from genepool.indicators.bank import IndicatorBank
from genepool.market.candles import Candles, FloatArray, IntArray
from genepool.market.costs import CostModel
from genepool.market.measures import Measures
from genepool.strategies import Strategy, seed_strategies

Spans: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Backtest:
    """What happened on one span of candles; opening equity is 1 and arrays have shape (candles,).

    Parameters
    ----------
    measures
        The span's measures.
    stamps
        Opening times of its candles, UTC nanoseconds.
    equity, cash
        At each close, in units of the opening equity.
    units
        Signed position at each close.
    exposure
        Position over equity at each close; 0 once equity is 0.
    funding
        Paid at each open, in units of the opening equity; negative when received.
    trades
        In order; the last may be open at the end, valued at the last close.
    fills
        What the trades are made of, in order.
    candles_per_year
        What the measures are annualised by.
    """

    measures: Measures
    stamps: IntArray
    equity: FloatArray
    cash: FloatArray
    units: FloatArray
    exposure: FloatArray
    funding: FloatArray
    trades: Trades
    fills: Fills
    candles_per_year: float


def backtest(
    candles: Candles,
    genome: Genome,
    costs: CostModel,
    start: int = 0,
    stop: int | None = None,
    strategies: Mapping[str, Strategy] | None = None,
) -> Backtest:
    """Trade one genome over a span of candles and keep everything.

    The candles before the span are the past that its first decisions may know.

    Parameters
    ----------
    candles
        The market.
    genome
        Who trades.
    costs
        What trading costs.
    start, stop
        Half-open candle range; None for the end.
    strategies
        Those that there are, by name; None for the seeds.

    Raises
    ------
    ConfigError
        When there is no such strategy, or the span is empty or outside the candles.
    HistoryTooShort
        When there are fewer candles before ``stop`` than the genome's lookback needs.
    ArithmeticError
        When the strategy or the result is not a finite number.
    """
    _known(genome, strategies)
    return backtest_over(candles, genome, costs, (_span(candles, start, stop),), strategies=strategies)


def backtest_over(
    candles: Candles,
    genome: Genome,
    costs: CostModel,
    spans: Spans,
    candles_per_year: float | None = None,
    strategies: Mapping[str, Strategy] | None = None,
) -> Backtest:
    """Trade one genome over spans in order, as folds are: each starts flat, with the equity before it.

    Parameters
    ----------
    candles, genome, costs, strategies
        As in ``backtest``.
    spans
        Half-open candle ranges, rising.
    candles_per_year
        What the measures are annualised by; None for what the candles say.

    Raises
    ------
    ConfigError, HistoryTooShort, ArithmeticError
        As ``backtest``.
    """
    strategy, genes = _known(genome, strategies), genome.values
    if (needed := strategy.total_lookback(genes)) >= spans[-1][1]:
        raise HistoryTooShort(
            f"insufficient data: {genome.strategy} needs more than {needed} candles with these genes "
            f"and there are {spans[-1][1]}: give more candles or shorter periods"
        )
    bank = IndicatorBank(candles)
    wanted = traded_exposure(strategy, bank, genes, costs.max_leverage)
    recording = Venue(bank, costs).record(wanted, np.array(spans), genes["atr_stop"], genes["atr_target"])
    return _backtest(recording, candles, spans, candles_per_year)


def buy_and_hold(candles: Candles, costs: CostModel, start: int = 0, stop: int | None = None) -> Backtest:
    """Buy for the whole equity at the span's first open and hold; what every result is compared with.

    A span that starts at candle 0 buys one candle later: no decision comes before the first candle.

    Raises
    ------
    ConfigError
        When the span is empty or outside the candles.
    """
    return holding_over(candles, costs, (_span(candles, start, stop),))


def holding_over(
    candles: Candles, costs: CostModel, spans: Spans, candles_per_year: float | None = None
) -> Backtest:
    """Buy at each span's first open and hold to its end, joined as ``backtest_over`` joins."""
    recording = Venue(IndicatorBank(candles), costs).record(np.ones(len(candles)), np.array(spans), 0.0, 0.0)
    return _backtest(recording, candles, spans, candles_per_year)


def _known(genome: Genome, strategies: Mapping[str, Strategy] | None) -> Strategy:
    known = seed_strategies() if strategies is None else strategies
    if genome.strategy not in known:
        raise ConfigError(f"there is no strategy {genome.strategy!r}: choose from {', '.join(known)}")
    return known[genome.strategy]


def _span(candles: Candles, start: int, stop: int | None) -> tuple[int, int]:
    end = len(candles) if stop is None else stop
    if not 0 <= start < end <= len(candles):
        raise ConfigError(
            f"candles {start} to {end} are not a span of the {len(candles)} candles there are: "
            "give 0 <= start < stop <= candles"
        )
    return start, end


def _backtest(
    recording: Recording, candles: Candles, spans: Spans, candles_per_year: float | None
) -> Backtest:
    inside = np.concatenate([np.arange(*span) for span in spans])
    curve = recording.curve[:, inside]
    equity, units = curve[EQUITY_ROW], curve[UNITS_ROW]
    value = units * candles.close[inside]
    within = spans[0][0], spans[-1][1]
    per_year = candles.candles_per_year_over(*within) if candles_per_year is None else candles_per_year
    return Backtest(
        measures=measures_of(recording.outcomes[-1], per_year),
        stamps=candles.stamps[inside],
        equity=equity,
        cash=curve[CASH_ROW],
        units=units,
        exposure=np.divide(value, equity, out=np.zeros_like(value), where=equity > 0),
        funding=curve[FUNDING_ROW],
        trades=trades_of(recording, candles.stamps),
        fills=fills_of(recording, candles.stamps),
        candles_per_year=per_year,
    )
