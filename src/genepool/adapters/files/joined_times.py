"""Dates and times of day that stand in two columns, as one text."""

import re

import pandas as pd

from genepool.adapters.files.time_columns import DAY_IN_HHMM, HHMM, HHMMSS

_MIDNIGHT = re.compile(r"[T ]+0?0:00(:00)?(\.0+)?$")
_WHOLE = re.compile(r"(?<=\d)\.0+$")
# As strptime does with two digits.
_LAST_OF_THE_TWENTIES = 68


class TimeJoiner:
    """Joins two columns of one file; how many digits a time of day has is decided once."""

    def __init__(self) -> None:
        self._digits = 0

    def joined(self, dates: pd.Series, clocks: pd.Series) -> pd.Series:
        """Return date and time of day with a space between them."""
        if pd.api.types.is_datetime64_any_dtype(dates.dtype):
            days = dates.dt.strftime("%Y-%m-%d")
        else:
            days = dates.astype(str).str.strip().str.replace(_MIDNIGHT, "", regex=True).map(_full_year)
        return days + " " + self._clocks(clocks)

    def _clocks(self, clocks: pd.Series) -> pd.Series:
        text = clocks.astype(str).str.strip()
        bare = text.str.replace(_WHOLE, "", regex=True)
        digits = bare.str.fullmatch(r"\d{1,6}")
        if not digits.any():
            return text
        # 900 and 90000 are times whose zero in front was lost to a spreadsheet or a column of numbers.
        self._digits = self._digits or _digits_of(bare[digits])
        return text.where(~digits, bare.str.zfill(self._digits))


def _digits_of(texts: pd.Series) -> int:
    longest = int(texts.str.len().max())
    return HHMM if longest <= HHMM and int(texts.astype(int).max()) < DAY_IN_HHMM else HHMMSS


def _full_year(text: str) -> str:
    """Return 170419 as 20170419, and 20170419.0, which a column of numbers makes of it, as 20170419."""
    bare = _WHOLE.sub("", text) if text.replace(".", "").isdigit() else text
    if not re.fullmatch(r"\d{6}", bare):
        return bare
    return f"{'20' if int(bare[:2]) <= _LAST_OF_THE_TWENTIES else '19'}{bare}"
