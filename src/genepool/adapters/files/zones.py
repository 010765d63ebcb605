"""Which zone a file's offsets, or the time of day of its candles, belong to."""

from datetime import timedelta, tzinfo
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from genepool.adapters.files.cell_bytes import byte_grid, distinct_cells, texts_of
from genepool.market.candles import IntArray

HOUR = 3_600 * 1_000_000_000
# One for each rule of setting clocks that markets live by, the commonest first.
ZONES = (
    "America/New_York",
    "Europe/London",
    "Europe/Berlin",
    "America/Chicago",
    "Europe/Athens",
    "Australia/Sydney",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Pacific/Auckland",
    "Asia/Tokyo",
    "Asia/Hong_Kong",
    "Asia/Kolkata",
)
_LONGEST_OFFSET = len("+02:00")
_OFFSET = r"([+-])(\d{2}):?(\d{2})?$"


def wall_clock(stamps: IntArray, zone: str) -> IntArray:
    """Return what a clock of the zone showed, in nanoseconds as if that were UTC."""
    index = pd.DatetimeIndex(stamps.astype("datetime64[ns]")).tz_localize("UTC").tz_convert(zone)
    return np.asarray(index.tz_localize(None).as_unit("ns").asi8, dtype=np.int64)


def zone_of_steady_clock(stamps: IntArray, step: int) -> str:
    """Return the zone in which candles open at one time of day while in UTC they move by an hour, or ''.

    Parameters
    ----------
    stamps
        Instants in UTC, nanoseconds.
    step
        The commonest spacing; shorter ones than two hours show no clock.
    """
    unit = min(step, 24 * HOUR)
    if step < 2 * HOUR or not (np.diff(stamps) % unit).any():
        return ""
    for zone in ZONES:
        if not (np.diff(wall_clock(stamps, zone)) % unit).any():
            return zone
    return ""


class Offsets:
    """The offsets from UTC of a file's stamps, at the ends of each run of equal ones."""

    def __init__(self) -> None:
        self.name = ""
        self._stamps: list[IntArray] = []
        self._offsets: list[IntArray] = []

    def note_zone(self, zone: tzinfo) -> None:
        """Take the zone that a column of typed times has, or the one offset of all of them."""
        try:
            self.name = ZoneInfo(str(zone)).key
        except (ValueError, OSError, KeyError):
            offset = zone.utcoffset(None) or timedelta(0)
            self._stamps.append(np.zeros(1, dtype=np.int64))
            self._offsets.append(np.array([round(offset / timedelta(hours=1) * HOUR)]))

    def note(self, text: pd.Series, stamps: IntArray) -> None:
        """Keep the offsets that a chunk of stamps is written with, if any."""
        offsets = _offsets(text)
        turns = np.flatnonzero(np.diff(offsets))
        ends = np.unique(np.concatenate(([0], turns, turns + 1, [len(offsets) - 1])))
        self._stamps.append(stamps[ends])
        self._offsets.append(offsets[ends])

    def zone(self) -> str:
        """Return a zone whose clock shows all of these offsets, or '' for UTC and where none is known."""
        if self.name:
            return "" if self.name == "UTC" else self.name
        if not self._stamps:
            return ""
        stamps, offsets = np.concatenate(self._stamps), np.concatenate(self._offsets)
        if not offsets.any():
            return ""
        for zone in ZONES:
            if (wall_clock(stamps, zone) - stamps == offsets).all():
                return zone
        hours = int(offsets[0]) // HOUR
        fixed = (offsets == offsets[0]).all() and offsets[0] % HOUR == 0
        return f"Etc/GMT{-hours:+d}" if fixed else ""


def _offsets(text: pd.Series) -> IntArray:
    grid = byte_grid(texts_of(text))
    if grid is None:
        codes, endings = pd.factorize(text.str[-_LONGEST_OFFSET:])
    else:
        codes, endings = distinct_cells(grid[:, -_LONGEST_OFFSET:])
    return np.asarray(np.array([_offset(ending) for ending in endings], dtype=np.int64)[codes])


def _offset(ending: str) -> int:
    found = pd.Series([ending]).str.extract(_OFFSET).iloc[0]
    if pd.isna(found[0]):
        return 0
    minutes = int(found[1]) * 60 + int(found[2] if pd.notna(found[2]) else 0)
    return (-1 if found[0] == "-" else 1) * minutes * HOUR // 60
