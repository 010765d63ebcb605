"""Numbers as times: which forms are certain, and which number is no time at all."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from genepool.adapters.files.calendar_numbers import calendar_reader
from genepool.adapters.files.cell_text import text_of
from genepool.adapters.files.steadiness import DAY, LONGEST_QUARTER, SECOND, UNREADABLE, commonest_step
from genepool.market.candles import FloatArray, IntArray
from genepool.market.raw_columns import BoolArray

# The unit of an epoch number is read from its size: each bound is the year 5138 in that unit.
_EPOCH_BOUNDS = np.array([1e11, 1e14, 1e17])
_EPOCH_UNITS = np.array([1_000_000_000, 1_000_000, 1_000, 1])
# In seconds: 1990, before which no number is taken for a time by its size alone, and 2262.
EARLIEST, _LATEST = 631_152_000, 9_214_646_400
_FIRST_NANOSECOND = 662_688_000_000_000_000
_CALENDARS = {
    6: ("%y%m%d", "%Y%m", "%d%m%y", "%m%d%y"),
    8: ("%Y%m%d", "%d%m%Y", "%m%d%Y"),
    10: ("%Y%m%d%H", "%y%m%d%H%M"),
    12: ("%Y%m%d%H%M", "%y%m%d%H%M%S"),
    14: ("%Y%m%d%H%M%S",),
    17: ("%Y%m%d%H%M%S%f",),
}
_SECONDS_OF_1973, _LONGEST_COUNT = 1e8, 1_000
_EXACT = 2.0**53
# 1 January 1970 in days of a spreadsheet; what lies before is also a count of days since 1970.
_DAYS_TO_1970 = 25_569
_FIRST_DAY, _LAST_DAY = 20_000, 60_000
_MINUTE = 60 * SECOND
_UNITS = {"seconds": SECOND, "milliseconds": 1_000_000, "microseconds": 1_000, "nanoseconds": 1}
NAMED = (*_UNITS, "days")


@dataclass(frozen=True)
class NumberForm:
    """One way to read numbers as times.

    Parameters
    ----------
    name
        What ``--time-format`` calls it: a strptime format, or one of ``NAMED``.
    read
        From cells as text and as numbers to nanoseconds, ``UNREADABLE`` where one does not fit.
    instants
        Whether the numbers count from 1970 in UTC, instead of showing a wall clock.
    """

    name: str
    read: Callable[[pd.Series, pd.Series], IntArray]
    instants: bool = False


def epoch_form() -> NumberForm:
    """Return the form of numbers since 1970, each of the unit that its size tells."""
    return NumberForm("epoch", lambda _, numbers: _epoch(numbers), instants=True)


def named_form(name: str) -> NumberForm:
    """Return the form that the user named, of ``NAMED``."""
    if name == "days":
        return NumberForm(name, _days)
    return NumberForm(name, lambda _, numbers: _counted(numbers, _UNITS[name]), instants=True)


def fitting_forms(text: pd.Series, numbers: pd.Series) -> Mapping[NumberForm, IntArray]:
    """Return the forms that fit nearly all of the numbers, with what they read.

    Parameters
    ----------
    text, numbers
        Cells that are numbers, as they are written and as their values.
    """
    values = np.asarray(numbers, dtype=np.float64)
    forms = [epoch_form(), *_calendars(text)]
    if values.min(initial=0) >= 0 and values.max(initial=0) >= _DAYS_TO_1970:
        forms.append(NumberForm("days", _days))
    read = {form: form.read(text, numbers) for form in forms}
    fits = {
        form: int(np.count_nonzero(_plausible(form, stamps)))
        for form, stamps in read.items()
        if commonest_step(stamps[stamps != UNREADABLE]) <= LONGEST_QUARTER
    }
    best = max(fits.values(), default=0)
    if best < len(text) / 2:
        return {}
    return {form: read[form] for form, count in fits.items() if count >= 0.9 * best}


def likely_form(text: pd.Series, numbers: pd.Series) -> str:
    """Say in words what numbers that are no times may be."""
    values = np.asarray(numbers, dtype=np.float64)
    # Beyond these a double holds no single units.
    whole = np.clip(values, -_EXACT, _EXACT).astype(np.int64)
    largest = np.abs(values).max()
    # Nobody counts rows by sixties.
    in_minutes = len(values) > 1 and largest > _LAST_DAY and np.median(np.abs(np.diff(values))) % 60 == 0
    if largest < EARLIEST and (largest > _SECONDS_OF_1973 or in_minutes):
        return "seconds of a time before 1990, which is read only if named"
    if (values != whole).any() or whole.min() < 0:
        return "numbers of another kind"
    if len(whole) > 1 and (np.abs(np.diff(whole)) == 1).all() and whole.min() < _LONGEST_COUNT:
        return "a row counter"
    longest = int(text.str.len().max())
    if are_clocks(text, numbers):
        name = "HHMMSS" if longest > 4 else "HHMM"  # noqa: PLR2004 - digits of HHMM
        return f"times of day without a date ({name})"
    if whole.max() <= _LAST_DAY:
        return "day numbers or a row counter"
    return "numbers of another kind"


def units_of(numbers: FloatArray) -> IntArray:
    """Return the nanoseconds in one unit of each epoch number."""
    sizes = np.abs(numbers)
    # Most files have one unit, which the ends of their numbers show.
    least, most = np.searchsorted(_EPOCH_BOUNDS, (sizes.min(initial=np.inf), sizes.max(initial=0)), "right")
    if least == most:
        return np.full(len(sizes), _EPOCH_UNITS[most])
    return np.asarray(_EPOCH_UNITS[np.searchsorted(_EPOCH_BOUNDS, sizes, side="right")])


def are_clocks(text: pd.Series, numbers: pd.Series) -> bool:
    """Say whether all numbers may be hours and minutes, or hours, minutes and seconds, without signs."""
    values = np.asarray(numbers, dtype=np.float64)
    longest = int(_digits(text).str.len().max())
    if longest > 6 or (values < 0).any() or (values % 1).any():  # noqa: PLR2004 - digits of HHMMSS
        return False
    # HHMM has no seconds.
    padded = values.astype(np.int64) * (1 if longest > 4 else 100)  # noqa: PLR2004
    return bool(
        ((padded // 10_000 < 24) & (padded // 100 % 100 < 60) & (padded % 100 < 60)).all()  # noqa: PLR2004
    )


def _plausible(form: NumberForm, stamps: IntArray) -> BoolArray:
    later = (time.time_ns() + DAY) if form.instants else np.iinfo(np.int64).max
    return np.asarray((stamps != UNREADABLE) & (stamps <= later))


def _epoch(numbers: pd.Series) -> IntArray:
    values = np.asarray(numbers, dtype=np.float64)
    units = units_of(values)
    seconds = values * (units / SECOND)
    # Ticks of 100 ns since the year 1 would be nanoseconds of 1990.
    fits = (seconds >= EARLIEST) & (seconds < _LATEST) & ((units > 1) | (values >= _FIRST_NANOSECOND))
    return _counted(numbers, units, fits)


def _counted(numbers: pd.Series, units: IntArray | int, fits: BoolArray | None = None) -> IntArray:
    values = np.asarray(numbers, dtype=np.float64)
    if fits is None:
        fits = np.abs(values * (np.asarray(units) / SECOND)) < _LATEST
    if pd.api.types.is_integer_dtype(numbers.dtype):
        return np.where(fits, np.where(fits, np.asarray(numbers, dtype=np.int64), 0) * units, UNREADABLE)
    # A double holds seconds to the microsecond, not to the nanosecond.
    microseconds = np.round(np.where(fits, values, 0.0) * (np.asarray(units) / 1_000))
    return np.where(fits, microseconds.astype(np.int64) * 1_000, UNREADABLE)


def _days(text: pd.Series, numbers: pd.Series) -> IntArray:
    """Read days of a spreadsheet, whose 2 is 1 January 1900, to the second or, if cut short, the minute."""
    values = np.asarray(numbers, dtype=np.float64)
    fits = (values >= _FIRST_DAY) & (values <= _LAST_DAY)
    if not fits.any():
        return np.full(len(values), UNREADABLE)
    exact = (
        np.round((np.where(fits, values, _DAYS_TO_1970) - _DAYS_TO_1970) * 86_400).astype(np.int64) * SECOND
    )
    minutes = (exact + _MINUTE // 2) // _MINUTE * _MINUTE
    decimals = text_of(text).str.partition(".")[2].str.len().max()
    slack = max(0.5 * 10.0 ** -int(decimals) * DAY, 0.5 * SECOND) + SECOND / 2
    near = decimals and slack < _MINUTE // 2 and (np.abs(exact - minutes) <= slack).all()
    return np.where(fits, minutes if near else exact, UNREADABLE)


def _calendars(text: pd.Series) -> list[NumberForm]:
    """Return the calendar forms of numbers of this length; a leading zero may have been lost."""
    width = int(_digits(text).str.len().max())
    patterns = _CALENDARS.get(width, ()) or [
        pattern for pattern in _CALENDARS.get(width + 1, ()) if not pattern.startswith("%Y")
    ]
    return [NumberForm(pattern, calendar_reader(pattern)) for pattern in patterns]


def _digits(text: pd.Series) -> pd.Series:
    # What went through a column of floats ends in .0.
    if not text.str.contains(".", regex=False).any():
        return text
    return text.str.replace(r"\.0*$", "", regex=True)
