"""Dates and times of day that stand in two columns, as one text."""

from collections.abc import Callable

import pandas as pd

from genepool.adapters.files.cell_text import text_of
from genepool.adapters.files.headers import plain_header
from genepool.adapters.files.tables import shown
from genepool.errors import InvalidCandles

_MIDNIGHT = r"[ T]0?0:00(?::00(?:\.0+)?)?$"
_ENDS_IN_POINT_ZERO = r"\.0+$"


class JoinedTimes:
    """Joins the two columns of one file; how the times of day are written is seen on the first chunk.

    Parameters
    ----------
    source
        Name of the file, for messages.
    header
        Of the times of day: one that names hours holds whole hours.
    """

    def __init__(self, source: str, header: str) -> None:
        self.source = source
        self.hours = plain_header(header) in {"hour", "hours", "hh", "hora", "stunde"}
        self.digits: int | None = None

    def joined(self, dates: pd.Series, clocks: pd.Series) -> pd.Series:
        """Return dates and times of day with a space between; an empty one leaves its row empty."""
        days, hours = _once_each(dates, self._dates), _once_each(clocks, self._clocks)
        text = days + " " + hours
        return text.where((days != "") & (hours != ""), "")

    def _dates(self, dates: pd.Series) -> pd.Series:
        if pd.api.types.is_datetime64_any_dtype(dates.dtype):
            return dates.dt.strftime("%Y-%m-%d").fillna("")
        return _text(dates).str.replace(_MIDNIGHT, "", regex=True)

    def _clocks(self, clocks: pd.Series) -> pd.Series:
        text = _text(clocks)
        whole = text.str.fullmatch(r"\d{1,6}")
        if not whole.any():
            return text
        if self.digits is None:
            self.digits = self._width(text[whole])
        return text.where(~whole, text.str.zfill(self.digits))

    def _width(self, text: pd.Series) -> int:
        """Return the digits of HH, HHMM or HHMMSS, of which a spreadsheet leaves out the leading zeros."""
        longest, largest = int(text.str.len().max()), int(text.astype(int).max())
        if self.hours and largest < 24:  # noqa: PLR2004 - hours of a day
            return 2
        if longest > 4 or (longest == 4 and largest < 2_400):  # noqa: PLR2004 - HHMMSS and HHMM
            return 6 if longest > 4 else 4  # noqa: PLR2004
        if largest == 0:
            return 4
        raise InvalidCandles(
            f"{self.source}, row {text.index[0]}: the time of day {shown(text.iloc[0])} may be hours, HHMM "
            "or HHMMSS: write it with a colon, as 09:00"
        )


def holds_clock(dates: pd.Series) -> bool:
    """Say whether what should be dates holds the time of day already, and needs no second column."""
    if pd.api.types.is_datetime64_any_dtype(dates.dtype):
        return bool((dates.dropna() != dates.dropna().dt.normalize()).any())
    days = _text(dates.drop_duplicates()).str.replace(_MIDNIGHT, "", regex=True)
    return bool(days.str.contains(":").any())


def _once_each(cells: pd.Series, work: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Return what some work makes of cells, each distinct text worked on once."""
    if not isinstance(cells.dtype, pd.StringDtype):
        return work(cells)
    first = ~cells.duplicated()
    codes = pd.factorize(cells, use_na_sentinel=False)[0]
    # The codes count the distinct cells in the order in which they come.
    return pd.Series(work(cells[first]).array.take(codes), index=cells.index)


def _text(cells: pd.Series) -> pd.Series:
    return text_of(cells).str.replace(_ENDS_IN_POINT_ZERO, "", regex=True)
