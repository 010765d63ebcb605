"""Strategies that cheat, each in a way that has fooled someone; the detectors must find them all."""

from collections.abc import Callable

import numpy as np

from genepool.genome import Gene
from genepool.indicators.bank import IndicatorBank
from genepool.indicators.moving_averages import ema, exponential_mean, rolling_mean, sma
from genepool.market.candles import FloatArray
from genepool.strategies import Genes, Strategy

Rule = Callable[[FloatArray, int], FloatArray]


def side_of(values: FloatArray, middle: FloatArray) -> FloatArray:
    """Return 1 above the middle, -1 below."""
    return np.sign(values - middle).astype(np.float64)


def _next_close(close: FloatArray, period: int) -> FloatArray:
    coming = np.append(close[1:], close[-1])
    return side_of(coming, rolling_mean(coming, period))


def _shifted_decision(close: FloatArray, period: int) -> FloatArray:
    side = np.sign(close - rolling_mean(close, period))
    return np.append(side[1:], side[-1])


def _whole_sample_scaling(close: FloatArray, _: int) -> FloatArray:
    score = (close - close.mean()) / close.std()
    return np.where(score > 1.0, -1.0, np.where(score < -1.0, 1.0, 0.0))


def _whole_sample_rank(close: FloatArray, _: int) -> FloatArray:
    return np.where(close < np.quantile(close, 0.3), 1.0, 0.0)


def _centred_window(close: FloatArray, period: int) -> FloatArray:
    half = period // 2
    padded = np.concatenate((np.full(half, close[0]), close, np.full(half, close[-1])))
    centred = np.convolve(padded, np.full(2 * half + 1, 1.0 / (2 * half + 1)), "valid")
    return np.sign(close - centred)


def _two_sided_kernel(close: FloatArray, period: int) -> FloatArray:
    backwards = exponential_mean(np.ascontiguousarray(close[::-1]), period)[::-1]
    return np.sign(close - (exponential_mean(close, period) + backwards) / 2.0)


def _backfilled_warm_up(close: FloatArray, period: int) -> FloatArray:
    average = rolling_mean(close, period)
    average[: period - 1] = average[:period][-1]
    return np.sign(close - average)


def _lagging_span(close: FloatArray, period: int) -> FloatArray:
    lagging = np.append(close[period:], np.full(period, close[-1]))[: len(close)]
    return np.sign(lagging - close)


def _trained_on_the_test(close: FloatArray, period: int) -> FloatArray:
    side = np.sign(close - rolling_mean(close, period))
    paid = np.sum(side[:-1] * np.diff(close))
    return side if paid > 0 else -side


def _cheat(rule: Rule) -> Strategy:
    def exposure(bank: IndicatorBank, genes: Genes) -> FloatArray:
        return rule(bank.candles.close, int(genes["period"]))

    return Strategy(
        name=rule.__name__.strip("_"),
        summary="Cheats.",
        source="Planted",
        genes=(Gene("period", 20, 105, 5, 20, "Candles.", integer=True),),
        exposure=exposure,
        lookback=lambda genes: int(genes["period"]),
    )


PEEKING = {
    cheat.name: cheat
    for cheat in map(
        _cheat,
        (
            _next_close,
            _shifted_decision,
            _whole_sample_scaling,
            _whole_sample_rank,
            _centred_window,
            _two_sided_kernel,
            _backfilled_warm_up,
            _lagging_span,
            _trained_on_the_test,
        ),
    )
}


def _trend(bank: IndicatorBank, genes: Genes) -> FloatArray:
    period = int(genes["period"])
    return np.sign(bank(ema, period) - bank(sma, period))


FORGETFUL = Strategy(
    name="forgetful",
    summary="Says that an exponential average needs one period to forget its start.",
    source="Planted",
    genes=(Gene("period", 20, 105, 5, 50, "Candles.", integer=True),),
    exposure=_trend,
    lookback=lambda genes: int(genes["period"]),
)
