"""Funding rates that stand in the candles' own rows: what they must be to be paid as they stand."""

from dataclasses import replace

import numpy as np

from genepool.errors import InvalidCandles
from genepool.market.candle_rules import CandleRules
from genepool.market.candles import FloatArray, IntArray
from genepool.market.funding import funding_period, plausible_rates
from genepool.market.raw_columns import RawColumns
from genepool.remedies import by_flag, to_fill_in

# The least chance at which rates that change only every few candles may be called accidental.
_BY_CHANCE = 1e-4
_LEAVE_OUT = by_flag("leave the column out with", "--column", "funding=none")
_SCALE = "--funding-scale"
_MANY, _LONGEST_PERIOD = 24, 8 * 3_600 * 1_000_000_000


def with_rates(raw: RawColumns, rules: CandleRules, source: str) -> RawColumns:
    """Return rows whose funding can be paid as it stands: fractions, each once, 0 where none is due.

    Raises
    ------
    InvalidCandles
        When the rates are implausible, some are missing, or each stands in several rows.
    """
    if raw.funding is None:
        return raw
    rates = plausible_rates(raw.stamps, raw.funding, rules.funding_scale, source)
    if rules.funding_scale is None:
        _refuse_carried(raw.stamps, rates, source)
    empty = np.isnan(rates)
    if empty.any():
        _refuse_missing(raw, raw.stamps[~empty], source)
        rates = np.where(empty, 0.0, rates)
    _refuse_large(raw, rates, source)
    return raw if rates is raw.funding else replace(raw, funding=rates)


def _refuse_carried(stamps: IntArray, rates: FloatArray, source: str) -> None:
    """Refuse rates that change only every few candles: each would be paid in all of them."""
    order = np.argsort(stamps, kind="stable")
    stamps, rates = stamps[order], rates[order]
    changes = stamps[1:][(rates[1:] != rates[:-1]) & ~np.isnan(rates[1:] + rates[:-1])]
    _refuse_unchanging(stamps, rates, len(changes), source)
    if len(changes) < 2 or len(np.unique(stamps)) < 2:  # noqa: PLR2004 - two stamps make a spacing
        return
    rows = int(np.gcd.reduce(np.diff(changes))) // funding_period(np.unique(stamps))
    if rows > 1 and float(rows) ** (1 - len(changes)) < _BY_CHANCE:
        raise InvalidCandles(
            f"{source}: its funding changes only every {rows} candles, so each rate would be paid {rows} "
            "times",
            by_flag("give", _SCALE, rows, "to pay each once"),
            by_flag("give", _SCALE, 1, "to pay as it stands"),
            _LEAVE_OUT,
        )


def _refuse_unchanging(stamps: IntArray, rates: FloatArray, changes: int, source: str) -> None:
    """Refuse a rate that stands in many candles: nothing tells whether it repeats the last payment."""
    short = len(rates) >= _MANY and (stamps[-1] - stamps[0]) < (len(rates) - 1) * _LONGEST_PERIOD
    if changes == 0 and short and rates.all() and not np.isnan(rates).any():
        raise InvalidCandles(
            f"{source}: its funding is {rates[0]:g} in every candle, which may be one rate carried along",
            by_flag("give", _SCALE, 1, "to pay it in each"),
            by_flag("give", _SCALE, 8, "where it is due every 8 candles"),
            _LEAVE_OUT,
        )


def _refuse_missing(raw: RawColumns, charged: IntArray, source: str) -> None:
    """Let rows between the times of payment be empty, and refuse a payment that is missing."""
    charged = np.unique(charged)
    if len(charged) < 2:  # noqa: PLR2004 - two stamps make a period
        raise InvalidCandles(
            f"{source} has {len(charged)} funding rates",
            to_fill_in("give more with", "--funding", "FILE"),
            _LEAVE_OUT,
        )
    period = funding_period(charged)
    ends = np.concatenate([[raw.stamps.min() - 1], charged, [raw.stamps.max() + 1]])
    missing = int(np.maximum((np.diff(ends) - 1) // period, 0).sum())
    if missing:
        raise InvalidCandles(
            f"{source}: its funding lacks {missing:,} rates between its times of payment",
            to_fill_in("give all with", "--funding", "FILE"),
            _LEAVE_OUT,
        )


def _refuse_large(raw: RawColumns, rates: FloatArray, source: str) -> None:
    wrong = np.flatnonzero(~(np.abs(rates) < 1))
    if len(wrong):
        raise InvalidCandles(
            f"{source}, row {raw.rows[wrong[0]]}: funding is {rates[wrong[0]]}, no fraction between -1 and 1",
            to_fill_in("say what to divide it by with", _SCALE, "N"),
            _LEAVE_OUT,
        )
