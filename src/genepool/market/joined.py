"""Older candles of a market before newer ones of the same source."""

from dataclasses import replace
from typing import Any

import numpy as np

from genepool.errors import InvalidCandles
from genepool.market.candles import Candles
from genepool.market.timeframes import longest_step, timeframe_nanoseconds, utc


def joined(older: Candles, newer: Candles) -> Candles:
    """Return both as one market.

    Parameters
    ----------
    older
        Its candles before the first of the newer ones are kept.
    newer
        They go before the older ones where both have a candle.

    Raises
    ------
    InvalidCandles
        When a hole or a column parts them.
    """
    reach = int(older.stamps[-1]) + longest_step(timeframe_nanoseconds(older.timeframe))
    if int(newer.stamps[0]) > reach:
        raise InvalidCandles(
            f"{newer.symbol} has candles until {utc(older.stamps[-1])}, and those that came begin at "
            f"{utc(newer.stamps[0])}: download the whole history again, or import what lies between"
        )
    if older.columns != newer.columns:
        apart = ", ".join(sorted(older.columns ^ newer.columns))
        raise InvalidCandles(
            f"{newer.symbol} cannot be continued, because {apart} is only in its older or its newer candles: "
            "download the whole history again"
        )
    kept = int(older.stamps.searchsorted(newer.stamps[0]))
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(older, name)[:kept], getattr(newer, name)])
        for name in ("stamps", *newer.columns)
    }
    return replace(newer, **columns)
