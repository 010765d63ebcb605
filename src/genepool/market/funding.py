"""Funding rates joined to candles as of their stamps, with nothing missing unseen."""

from dataclasses import dataclass

import numpy as np

from genepool.errors import InvalidCandles
from genepool.market.candles import FloatArray, IntArray
from genepool.market.timeframes import SECOND, timeframe_nanoseconds, utc
from genepool.remedies import by_flag, by_hand, to_fill_in

# Venues stamp a payment up to about a second late; one within this of a whole minute belongs to it.
JITTER = 5 * SECOND
_MINUTE, _HOUR = 60 * SECOND, 3_600 * SECOND
# Beyond this a period of eight hours, and its share in a shorter one, rates are rather percent or prices.
_PLAUSIBLE, _USUAL_PERIOD = 0.003, 8 * _HOUR
_UNITS = ((100, "percent"), (10_000, "basis points"), (1, "fractions"))


@dataclass(frozen=True, eq=False)
class FundingRates:
    """Funding rates of one market.

    Parameters
    ----------
    stamps
        When each rate is charged, strictly rising, nanoseconds since 1970 in UTC, shape (n,).
    rates
        Fractions of notional that longs pay, shape (n,).
    """

    stamps: IntArray
    rates: FloatArray


@dataclass(frozen=True, slots=True)
class FundingCoverage:
    """How well funding rates cover a span of candles.

    ``period`` is the commonest spacing in nanoseconds. ``missing`` counts the periods in the span
    without a rate, ``longest_gap`` the most of them in a row, ``gap_after`` the stamp before that
    longest gap. ``first`` and ``last`` are the first and last rates' stamps.
    """

    period: int
    used: int
    missing: int
    longest_gap: int
    gap_after: int
    first: int
    last: int


def without_jitter(stamps: IntArray) -> IntArray:
    """Return the stamps, those within ``JITTER`` of a whole minute moved onto it."""
    nearest = (stamps + _MINUTE // 2) // _MINUTE * _MINUTE
    return np.where(np.abs(stamps - nearest) <= JITTER, nearest, stamps)


def plausible_rates(stamps: IntArray, rates: FloatArray, scale: float | None, source: str) -> FloatArray:
    """Return rates as fractions of notional.

    Parameters
    ----------
    stamps, rates
        Of any order, shape (n,); rates of 0 are taken for periods without one.
    scale
        What the rates are divided by, as the user says it; None to take them as they are.
    source
        Name of the file, for messages.

    Raises
    ------
    InvalidCandles
        When the user gave no scale and half of the rates are above 0.3 % of notional for eight hours.
    """
    paid = (rates != 0) & np.isfinite(rates)
    if scale is not None:
        return rates / scale
    charged = np.unique(without_jitter(stamps[paid]))
    if len(charged) < 2:  # noqa: PLR2004 - two stamps make a period
        return rates
    median, period = float(np.median(np.abs(rates[paid]))), funding_period(charged)
    bound = _PLAUSIBLE * min(1.0, period / _USUAL_PERIOD)
    if median > bound:
        raise InvalidCandles(
            f"{source} has funding rates of {median:.4g} in the median, as a part of notional every "
            f"{period / _HOUR:g} hours",
            *(
                by_flag("say what to divide them by with", "--funding-scale", unit, f"where they are {name}")
                for unit, name in _UNITS
            ),
        )
    return rates


def ordered_rates(stamps: IntArray, rates: FloatArray, source: str) -> FundingRates:
    """Return funding rates in rising order, free of jitter.

    Raises
    ------
    InvalidCandles
        When there are fewer than two, when one is not finite or not a fraction, or when two rates
        carry the same stamp and differ.
    """
    if len(stamps) < 2:  # noqa: PLR2004 - two stamps make a period
        raise InvalidCandles(
            f"{source} has {len(stamps)} funding rates: at least 2 are needed to read the period"
        )
    wrong = np.flatnonzero(~(np.abs(rates) < 1))
    if len(wrong):
        raise InvalidCandles(
            f"{source} has the funding rate {rates[wrong[0]]} at {utc(stamps[wrong[0]])}: "
            "give fractions of notional between -1 and 1"
        )
    order = np.argsort(stamps, kind="stable")
    snapped, sorted_rates = without_jitter(stamps[order]), rates[order]
    return _without_twins(snapped, sorted_rates, source)


def _without_twins(stamps: IntArray, rates: FloatArray, source: str) -> FundingRates:
    twin = np.flatnonzero(np.diff(stamps) == 0)
    clash = twin[rates[twin] != rates[twin + 1]]
    if len(clash):
        raise InvalidCandles(
            f"{source} has two different funding rates at {utc(stamps[clash[0]])}",
            to_fill_in("keep one market with", "--funding-where", "COLUMN=VALUE"),
            by_hand("delete the wrong one"),
        )
    keep = np.ones(len(stamps), dtype=bool)
    keep[twin + 1] = False
    return FundingRates(stamps[keep], rates[keep])


def funding_period(stamps: IntArray) -> int:
    """Return the commonest spacing, in nanoseconds; the shorter one on a tie."""
    spacings, counts = np.unique(np.diff(stamps), return_counts=True)
    return int(spacings[np.argmax(counts)])


def join_funding(stamps: IntArray, timeframe: str, funding: FundingRates) -> FloatArray:
    """Return each candle's funding: the sum of rates stamped in (open of the candle before, its own open].

    Parameters
    ----------
    stamps
        The candles' opens, shape (n,). The one before the first is taken to open one timeframe earlier.
    timeframe
        Such as ``"1h"``.
    funding
        The rates, of any period: several fall into a daily candle, few hourly candles get an 8-hour one.

    Returns
    -------
    Shape (n,), 0 where no rate falls. Rates are added in time order, so the bits never differ.
    """
    start = int(stamps[0]) - timeframe_nanoseconds(timeframe)
    inside = (funding.stamps > start) & (funding.stamps <= stamps[-1])
    candle = np.searchsorted(stamps, funding.stamps[inside], side="left")
    return np.bincount(candle, weights=funding.rates[inside], minlength=len(stamps)).astype(np.float64)


def funding_coverage(stamps: IntArray, timeframe: str, funding: FundingRates) -> FundingCoverage:
    """Count the funding periods that the candles' span holds and the rates lack.

    The span is (first open - one timeframe, last open]. A period is missing when the stamp before,
    moved on by whole periods, meets no stamp; before the first rate it is counted backwards.
    """
    start, end = int(stamps[0]) - timeframe_nanoseconds(timeframe), int(stamps[-1])
    period, known = funding_period(funding.stamps), funding.stamps
    last_inside = np.minimum(np.append(known[1:] - 1, end), end)
    missing = (last_inside - known) // period - (np.maximum(known, start) - known) // period
    missing = np.where((known <= end) & (last_inside >= start), np.maximum(missing, 0), 0)
    lead = max((min(int(known[0]) - 1, end) - start) // period, 0)
    worst = int(np.argmax(missing))
    longest = max(int(missing[worst]), lead)
    return FundingCoverage(
        period=period,
        used=int(np.count_nonzero((known > start) & (known <= end))),
        missing=int(missing.sum()) + lead,
        longest_gap=longest,
        gap_after=start if longest == lead else int(known[worst]),
        first=int(known[0]),
        last=int(known[-1]),
    )
