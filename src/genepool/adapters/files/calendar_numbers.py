"""Numbers whose digits are those of a calendar, such as 201707061230, by arithmetic."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from genepool.adapters.files.steadiness import SECOND, UNREADABLE
from genepool.market.candles import IntArray
from genepool.market.raw_columns import BoolArray

_DIGITS = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "f": 3}
_MOST = {"m": 12, "d": 31, "H": 23, "M": 59, "S": 59, "f": 999, "y": 99, "Y": 2100}
_LEAST = {"m": 1, "d": 1, "Y": 1900}
# In nanoseconds.
_LENGTHS = {"d": 86_400 * SECOND, "H": 3_600 * SECOND, "M": 60 * SECOND, "S": SECOND, "f": SECOND // 1_000}
# As strptime has it: 69 is 1969, 68 is 2068.
_PIVOT = 69


def calendar_reader(pattern: str) -> Callable[[pd.Series, pd.Series], IntArray]:
    """Return what reads numbers of a strptime format without signs between its parts.

    What it returns takes cells and their values, and gives nanoseconds, ``UNREADABLE`` where no calendar
    holds such a day or time; ``%f`` is three digits.
    """
    codes = re.findall("%(.)", pattern)

    def read(_: pd.Series, numbers: pd.Series) -> IntArray:
        values = numbers.to_numpy()
        fits = (values >= 0) & (values < 10 ** sum(_DIGITS[code] for code in codes)) & (values % 1 == 0)
        rest = np.where(fits, values, 0).astype(np.int64)
        parts: dict[str, IntArray] = {}
        for code in reversed(codes):
            rest, parts[code] = np.divmod(rest, 10 ** _DIGITS[code])
            fits &= (parts[code] >= _LEAST.get(code, 0)) & (parts[code] <= _MOST[code])
        return _composed(parts, fits)

    return read


def _composed(parts: dict[str, IntArray], fits: BoolArray) -> IntArray:
    year = parts["Y"] if "Y" in parts else parts["y"] + np.where(parts["y"] < _PIVOT, 2000, 1900)
    months = (year - 1970) * 12 + parts["m"] - 1
    day = parts.get("d", np.ones_like(months)) - 1
    start = months.astype("datetime64[M]").astype("datetime64[D]")
    next_start = (months + 1).astype("datetime64[M]").astype("datetime64[D]")
    # The 31st of a month of 30 days is none.
    fits = fits & (day < (next_start - start).astype(np.int64))
    stamps = (start.astype(np.int64) + day) * _LENGTHS["d"]
    for code in "HMSf":
        if code in parts:
            stamps = stamps + parts[code] * _LENGTHS[code]
    return np.where(fits, stamps, UNREADABLE)
