"""Put columns in order, drop twins, fill gaps; each only on request."""

from dataclasses import replace
from typing import Any, cast

import numpy as np

from genepool.errors import InvalidCandles
from genepool.market.candle_rules import CandleRules, Repairs
from genepool.market.candles import PRICE_COLUMNS
from genepool.market.gaps import Calendar, filling
from genepool.market.raw_columns import RawColumns
from genepool.market.timeframes import utc
from genepool.market.twins import one_market, one_of_twins, refuse_different_twins
from genepool.remedies import by_flag


def ordered(raw: RawColumns, repairs: Repairs, rules: CandleRules, source: str) -> tuple[RawColumns, Repairs]:
    """Return the columns in rising order.

    Newest first throughout is a layout and is read backwards; any other disorder and every duplicate
    is refused unless the rules allow a repair, or say which of two rows with one stamp is kept.

    Raises
    ------
    InvalidCandles
        When order or duplicates need a repair that is not allowed, or when duplicates differ.
    """
    raw, twins = one_of_twins(raw, rules.twins)
    raw, repairs = _in_order(raw, repairs, rules, source)
    return raw, replace(repairs, twins_dropped=twins)


def _in_order(
    raw: RawColumns, repairs: Repairs, rules: CandleRules, source: str
) -> tuple[RawColumns, Repairs]:
    steps = np.diff(raw.stamps)
    if (steps > 0).all():
        return raw, repairs
    newest_first = bool(np.count_nonzero(steps < 0) > np.count_nonzero(steps > 0))
    if newest_first:
        raw, steps = raw.take(slice(None, None, -1)), -steps[::-1]
    if (steps > 0).all():
        return raw, replace(repairs, newest_first=True)
    order = np.argsort(raw.stamps, kind="stable")
    if not rules.repair:
        _refuse_duplicates(raw.take(order), source)
        _refuse_disorder(raw, source)
    moved = int(np.count_nonzero(order != np.arange(len(order))))
    raw, dropped = _without_duplicates(raw.take(order), source)
    return raw, replace(repairs, newest_first=newest_first, rows_sorted=moved, duplicates_dropped=dropped)


def _refuse_duplicates(ordered_raw: RawColumns, source: str) -> None:
    twin = np.flatnonzero(np.diff(ordered_raw.stamps) == 0)
    if not len(twin):
        return
    refuse_different_twins(ordered_raw, source)
    first, second = sorted(ordered_raw.rows[[twin[0], twin[0] + 1]].tolist())
    more = f" ({len(twin):,} such rows in all)" if len(twin) > 1 else ""
    raise InvalidCandles(
        f"{source}, row {second}: its stamp {utc(ordered_raw.stamps[twin[0]])} is that of row {first} "
        f"too{more}",
        by_flag("drop identical duplicates with", "--repair"),
        one_market(),
    )


def _refuse_disorder(raw: RawColumns, source: str) -> None:
    falls = np.flatnonzero(np.diff(raw.stamps) < 0)
    before, after = int(falls[0]), int(falls[0]) + 1
    raise InvalidCandles(
        f"{source}, row {raw.rows[after]}: its stamp {utc(raw.stamps[after])} is out of order beside "
        f"{utc(raw.stamps[before])} in row {raw.rows[before]} ({len(falls):,} such places)",
        by_flag("sort the rows with", "--repair"),
    )


def _without_duplicates(raw: RawColumns, source: str) -> tuple[RawColumns, int]:
    """Drop the second of two equal rows of sorted columns; refuse rows that share only the stamp."""
    refuse_different_twins(raw, source)
    twin = np.diff(raw.stamps) == 0
    return raw.take(np.append(True, ~twin)), int(np.count_nonzero(twin))


def with_gaps_filled(raw: RawColumns, step: int, calendar: Calendar, most: int) -> RawColumns:
    """Return ordered columns whose short gaps are filled, flat at the last close and with volume 0.

    Parameters
    ----------
    raw
        Columns in rising order, spaced by multiples of the step.
    step
        The timeframe in nanoseconds.
    calendar
        Gaps that it explains stay.
    most
        Candles in a row that are filled at most; longer gaps stay.
    """
    origin, fresh = filling(raw.stamps, step, calendar, most)
    if not fresh.any():
        return raw
    held, since = raw.take(origin), np.arange(len(origin)) - np.searchsorted(origin, origin, side="left")
    quiet = {name: 0.0 for name in ("volume", "funding") if getattr(held, name) is not None}
    filled = {name: np.where(fresh, held.close, getattr(held, name)) for name in PRICE_COLUMNS}
    filled |= {name: np.where(fresh, value, getattr(held, name)) for name, value in quiet.items()}
    return replace(held, stamps=held.stamps + since * step, **cast("dict[str, Any]", filled))
