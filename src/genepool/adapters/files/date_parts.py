"""Times in columns of their own for year, month and day, or a whole date, and hour, minute and second."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from genepool.adapters.files.cell_text import text_of
from genepool.adapters.files.headers import plain_header

_NAMES = {
    "year": ("year", "yyyy", "yy", "yr", "jahr", "annee", "ano", "anno", "год", "年"),
    "month": ("month", "mm", "mon", "mo", "mth", "monat", "mois", "mes", "mese", "месяц", "月"),
    "day": ("day", "dd", "dy", "dom", "tag", "jour", "dia", "giorno", "день", "日", "day_of_month"),
    "hour": ("hour", "hours", "hh", "hr", "stunde", "heure", "hora", "ora", "час", "时", "時"),
    "minute": ("minute", "minutes", "min", "mi", "minuto", "минута", "分"),
    "second": ("second", "seconds", "sec", "ss", "sekunde", "seconde", "segundo", "秒"),
}
_CLOCKS = (
    "time",
    "clock",
    "hhmm",
    "hhmmss",
    "zeit",
    "uhrzeit",
    "heure",
    "hora",
    "ora",
    "время",
    "时间",
    "時間",
)
_DATE = ("year", "month", "day")
_OF_DAY = ("hour", "minute", "second")
_MIDNIGHT = r"[ T]0?0:00(?::00(?:\.0+)?)?$"
_CENTURY = 2


@dataclass(frozen=True)
class DateParts:
    """Positions of year, month and day, and of what there is of hour, minute and second, in this order.

    Parameters
    ----------
    positions
        Of the columns.
    whole
        Whether the first is a whole date, and hour and minute follow.
    """

    positions: tuple[int, ...]
    whole: bool = False

    def joined(self, chunk: pd.DataFrame) -> pd.Series:
        """Return the cells as dates, ISO where they are in parts, with the time of day where there is one."""
        cells = [text_of(chunk[i]).str.replace(r"\.0+$", "", regex=True) for i in self.positions]
        dates, clock = _dates(cells, self.whole)
        text = dates
        for mark, cell in zip((" ", ":", ":"), clock, strict=False):
            text = text + mark + cell.str.zfill(2)
        text = text + ":00" if len(clock) == 1 else text
        return text.where(dates != "", "")


def date_parts(headers: Sequence[str], times: Sequence[int]) -> DateParts | None:
    """Return where the parts stand; None where some lack, come twice, or a whole date stands beside them.

    Parameters
    ----------
    headers
        All of the file's.
    times
        Positions of the columns that may hold times.
    """
    names = [plain_header(header) for header in headers]
    found: list[int] = []
    for part, spelled in _NAMES.items():
        places = [i for i, name in enumerate(names) if name in spelled]
        if len(places) > 1 or (part in _DATE and not places):
            return None
        if not places:
            break
        found += places
    return DateParts(tuple(found)) if set(times) <= {*found, *_clocks(names, found)} else None


def clock_parts(headers: Sequence[str], times: Sequence[int]) -> DateParts | None:
    """Return where a date, its hour and its minute stand; None where there is no single date beside them.

    Parameters
    ----------
    headers, times
        As ``date_parts``.
    """
    names = [plain_header(header) for header in headers]
    places = [[i for i, name in enumerate(names) if name in _NAMES[part]] for part in _OF_DAY]
    clock = [position for found in places for position in found]
    dates = [i for i in times if i not in clock]
    single = len(places[0]) == len(places[1]) == len(dates) == 1 and len(places[2]) <= 1
    return DateParts((*dates, *clock), whole=True) if single else None


def clock_beside(headers: Sequence[str], parts: DateParts) -> int | None:
    """Return the position of the time of day beside a date in parts without an hour."""
    return next(iter(_clocks([plain_header(header) for header in headers], parts.positions)), None)


def _clocks(names: Sequence[str], found: Sequence[int]) -> list[int]:
    return [i for i, name in enumerate(names) if name in _CLOCKS] if len(found) == len(_DATE) else []


def _dates(cells: Sequence[pd.Series], whole: bool) -> tuple[pd.Series, Sequence[pd.Series]]:
    """Return the dates of some cells, and the cells of the time of day."""
    if whole:
        return cells[0].str.replace(_MIDNIGHT, "", regex=True), cells[1:]
    year, month, day, *clock = cells
    this = year.str.match("[0-6]")
    full = year.where(year.str.len() != _CENTURY, ("20" + year).where(this, "19" + year))
    text = full + "-" + _in_figures(month).str.zfill(2) + "-" + day.str.zfill(2)
    return text.where(year + month + day != "", ""), clock


def _in_figures(months: pd.Series) -> pd.Series:
    """Return months in figures: ``Jan`` is 1."""
    if not months.str.contains(r"[^\W\d_]", regex=True).any():
        return months
    known = pd.to_datetime(months.str.slice(0, 3), format="%b", errors="coerce").dt.month
    return months.where(known.isna(), known.astype("Int64").astype(str))
