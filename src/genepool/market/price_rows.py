"""Rows without prices, and closes that rounding put outside of high and low: mended on request only."""

from dataclasses import replace

import numpy as np

from genepool.market.candle_rules import CandleRules, Repairs
from genepool.market.candles import PRICE_COLUMNS, FloatArray
from genepool.market.raw_columns import BoolArray, RawColumns, refuse
from genepool.remedies import by_flag, by_hand

_MOST_DECIMALS = 8
# Prices of more digits than these went through single precision somewhere, as Yahoo's do.
_DIGITS = 9
_ROUNDING = 1e-6


def with_prices(
    raw: RawColumns, repairs: Repairs, rules: CandleRules, source: str
) -> tuple[RawColumns, Repairs]:
    """Return the rows that have all four prices.

    Raises
    ------
    InvalidCandles
        When one lacks a price and repairs are not allowed.
    """
    lacking = np.zeros(len(raw), dtype=np.bool_)
    for name in PRICE_COLUMNS:
        empty = np.isnan(getattr(raw, name))
        if not rules.repair:
            leave_out = by_flag("leave out rows without prices with", "--repair")
            refuse(raw, empty, source, f"{name} is missing", leave_out)
        lacking |= empty
    if not lacking.any():
        return raw, repairs
    return raw.take(~lacking), replace(repairs, rows_without_prices=int(np.count_nonzero(lacking)))


def widened(raw: RawColumns, repairs: Repairs, rules: CandleRules, source: str) -> tuple[RawColumns, Repairs]:
    """Return rows whose high and low hold open and close, moved by at most one tick.

    Raises
    ------
    InvalidCandles
        When more than a tick is needed, or repairs are not allowed.
    """
    high = np.maximum(np.maximum(raw.high, raw.open), raw.close)
    low = np.minimum(np.minimum(raw.low, raw.open), raw.close)
    wrong = (high > raw.high) | (low < raw.low)
    if not wrong.any():
        return raw, repairs
    limit = tick(raw)
    # Half of a tick is room for the last bit of the difference.
    slight = wrong & (high - raw.high <= 1.5 * limit) & (raw.low - low <= 1.5 * limit)
    if not rules.repair or not slight[wrong].all():
        _refuse(raw, slight, limit, source)
    repairs = replace(repairs, candles_widened=int(np.count_nonzero(slight)), widened_by=limit)
    return replace(raw, high=high, low=low), repairs


def tick(raw: RawColumns) -> float:
    """Return the smallest step that the prices are written in.

    It is 0.01 where all have at most two decimals; where they have more digits than a quote has, the
    step of single precision at the highest of them.
    """
    prices = np.concatenate([getattr(raw, name) for name in PRICE_COLUMNS])
    highest = float(prices.max())
    for decimals in range(_MOST_DECIMALS + 1):
        if highest * 10.0**decimals >= 10.0**_DIGITS:
            break
        scaled = prices * 10.0**decimals
        if (np.abs(scaled - np.rint(scaled)) <= _ROUNDING).all():
            return float(10.0**-decimals)
    return float(np.spacing(np.float32(highest)))


def _refuse(raw: RawColumns, slight: BoolArray, limit: float, source: str) -> None:
    for name in ("open", "close"):
        price: FloatArray = getattr(raw, name)
        outside = (price > raw.high) | (price < raw.low)
        what = f"{name} {{{name}}} lies outside low {{low}} to high {{high}}"
        refuse(raw, outside & ~slight, source, what, by_hand("correct or delete the row"))
        widen = by_flag(f"widen high and low by at most one tick, {limit:.3g}, with", "--repair")
        refuse(raw, outside, source, what, widen, by_hand("correct the row"))
