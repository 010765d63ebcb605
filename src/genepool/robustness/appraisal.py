"""A backtest in the figures that a quant looks for: one definition for screen, JSON and report."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from genepool.backtest import notation
from genepool.backtest.caveats import caveats, too_short
from genepool.backtest.comparison import Comparison, compare
from genepool.backtest.drawdowns import Drawdown, worst_drawdowns
from genepool.backtest.holding import HeldPosition
from genepool.backtest.notation import DASH, between
from genepool.backtest.trade_statistics import TradeStatistics, trade_list, trade_statistics
from genepool.backtest.trades import Trades
from genepool.backtest.years import Year, by_year
from genepool.market.candles import FloatArray, IntArray
from genepool.market.measures import Measures
from genepool.robustness.sharpe_statistics import probabilistic_sharpe, sharpe_interval

BUY_AND_HOLD, SHORT_AND_HOLD = "buy_and_hold", "short_and_hold"
INTERVAL_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class SharpeEvidence:
    """How much a Sharpe ratio proves by itself; it knows of one trial only, whatever was tried before it.

    Parameters
    ----------
    low, high
        Interval that holds the true one with ``INTERVAL_CONFIDENCE``, annualised.
    probability_above_zero
        Probabilistic Sharpe ratio: that the true one is above 0.
    too_short
        Why the interval, which is a year's, is not shown; None where the span is long enough.
    """

    low: float
    high: float
    probability_above_zero: float
    too_short: str | None = None


@dataclass(frozen=True, eq=False)
class Run:
    """What is appraised: one span, or several joined in order.

    Parameters
    ----------
    measures
        Of the spans.
    stamps, equity
        Of their candles, equity in multiples of the opening equity.
    trades
        Of each span.
    """

    measures: Measures
    stamps: IntArray
    equity: FloatArray
    trades: Sequence[Trades]


@dataclass(frozen=True, eq=False)
class Appraisal:
    """The figures beside ``Measures``.

    Parameters
    ----------
    trades, longs, shorts
        What the trades amount to, in all and by side.
    years
        By calendar year.
    drawdowns
        The worst, deepest first.
    against
        Alpha, beta and so on by name of the benchmark.
    sharpe
        How much the Sharpe ratio proves; None where the returns do not vary.
    caveats
        By name of a measure, why it is not to be taken at its word.
    too_short
        Why nothing of a year is shown of this span; None where it is long enough.
    """

    trades: TradeStatistics
    longs: TradeStatistics
    shorts: TradeStatistics
    years: tuple[Year, ...]
    drawdowns: tuple[Drawdown, ...]
    against: dict[str, Comparison]
    sharpe: SharpeEvidence | None
    caveats: dict[str, str]
    too_short: str | None


def appraise(run: Run, benchmarks: dict[str, HeldPosition], candles_per_year: float) -> Appraisal:
    """Appraise a backtest beside what holding brought over the same candles.

    Parameters
    ----------
    run
        What was traded.
    benchmarks
        By name, over the same candles.
    candles_per_year
        Of the market.
    """
    trades = trade_list(run.trades)
    curves = {name: benchmark.equity for name, benchmark in benchmarks.items()}
    return Appraisal(
        trades=trade_statistics(trades),
        longs=trade_statistics(trades.of_side(1)),
        shorts=trade_statistics(trades.of_side(-1)),
        years=by_year(run.stamps, run.equity, curves, trades),
        drawdowns=worst_drawdowns(run.stamps, run.equity),
        against={name: compare(run.equity, curve, candles_per_year) for name, curve in curves.items()},
        sharpe=sharpe_evidence(run.measures, candles_per_year),
        caveats=caveats(run.measures, candles_per_year),
        too_short=too_short(run.measures, candles_per_year),
    )


def sharpe_evidence(measures: Measures, candles_per_year: float) -> SharpeEvidence | None:
    """Return how much the Sharpe ratio of these measures proves; None where their returns do not vary."""
    if measures.volatility == 0.0:
        return None
    root = math.sqrt(candles_per_year)
    moments = measures.candles, measures.skew, measures.kurtosis
    try:
        ends = sharpe_interval(measures.sharpe / root, *moments, INTERVAL_CONFIDENCE)
        above = probabilistic_sharpe(measures.sharpe / root, 0.0, *moments)
    except ValueError:
        # Two returns alone can be so skewed that nothing is left to estimate an error from.
        return None
    if ends is None:
        return None
    short = too_short(measures, candles_per_year)
    return SharpeEvidence(ends[0] * root, ends[1] * root, above, short)


def interval(evidence: SharpeEvidence | None) -> str:
    """Write the interval; a dash where there is none, and on a span too short for what is a year's."""
    if evidence is None or evidence.too_short:
        return DASH
    return between(evidence.low, evidence.high)


def sharpe_probability(evidence: SharpeEvidence | None) -> str:
    """Write the probability that the Sharpe ratio is above 0, which needs no year."""
    return notation.probability(evidence.probability_above_zero if evidence else None)
