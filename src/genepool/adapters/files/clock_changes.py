"""Wall clocks that are set forward and back: to UTC, and how they are told in stamps without a zone."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from genepool.adapters.files.steadiness import DAY
from genepool.adapters.files.zones import HOUR, ZONES, wall_clock
from genepool.market.candles import IntArray
from genepool.market.raw_columns import BoolArray


@dataclass(frozen=True, eq=False)
class Localised:
    """Wall-clock stamps in UTC, and how many fell into hours that a clock shows twice or leaves out."""

    stamps: IntArray
    twice: int
    once: int
    missing: int

    def sentences(self, zone: str) -> list[str]:
        """Return one plain sentence for each kind of hour that needed a decision."""
        told = (
            (self.twice, f"stamps in hours that the clock of {zone} shows twice, told apart by their order"),
            (self.once, f"stamps in such hours that stand there only once, taken as the first: {zone}"),
            (self.missing, f"stamps in hours that the clock of {zone} leaves out, read an hour later"),
        )
        return [f"{what}: {count:,}" for count, what in told if count]


def localised(wall: IntArray, zone: str) -> Localised:
    """Return wall-clock stamps, in the file's order, as instants in UTC.

    Of an hour that comes twice, what stands before the clock falls back is the first, the rest the second.
    """
    newest_first = np.count_nonzero(np.diff(wall) < 0) > np.count_nonzero(np.diff(wall) > 0)
    rising = wall[::-1] if newest_first else wall
    first, second = _instants(rising, zone, daylight=True), _instants(rising, zone, daylight=False)
    twice = first != second
    later = _after_fall(rising, twice)
    stamps = np.where(later, second, first)
    alone = twice & ~_in_groups_that_fall(twice, later)
    missing = int(np.count_nonzero(wall_clock(stamps, zone) != rising))
    return Localised(
        stamps[::-1] if newest_first else stamps,
        int(np.count_nonzero(twice & ~alone)),
        int(np.count_nonzero(alone)),
        missing,
    )


def zone_of_clock_change(wall: IntArray, step: int) -> tuple[str, int] | None:
    """Return a zone whose clock changes explain every hour that a file repeats or leaves out at them.

    Parameters
    ----------
    wall
        Stamps without a zone, nanoseconds, in the file's order.
    step
        The commonest spacing.

    Returns
    -------
    The zone and the index of a stamp that shows it, or None where the stamps are steady or no zone fits.
    """
    if not 0 < step <= DAY:
        return None
    newest_first = np.count_nonzero(np.diff(wall) < 0) > np.count_nonzero(np.diff(wall) > 0)
    rising = wall[::-1] if newest_first else wall
    moved = np.flatnonzero(np.isin(np.diff(rising), (step - HOUR, step + HOUR)))
    if not len(moved):
        return None
    for zone in ZONES:
        shown = [int(i) for i in moved if _explains(rising[i], rising[i + 1], step, zone)]
        if shown and len(shown) == _changes(rising, zone):
            index = shown[0] + 1
            return zone, len(wall) - 1 - index if newest_first else index
    return None


def _explains(before: np.int64, after: np.int64, step: int, zone: str) -> bool:
    """Say whether two clock times that the zone shows may lie one step apart."""
    pair = np.array([before, after])
    both = [_instants(pair, zone, daylight=daylight) for daylight in (True, False)]
    exist = (wall_clock(both[0], zone) == pair).all()
    return bool(exist and any(later[1] - earlier[0] == step for later in both for earlier in both))


def _changes(wall: IntArray, zone: str) -> int:
    """Count the changes of the zone's clock within the span."""
    days = np.arange(wall.min(), wall.max() + 1, DAY)
    ends = np.append(days, wall.max())
    return int(np.count_nonzero(np.diff(wall_clock(ends, zone) - ends)))


def _instants(wall: IntArray, zone: str, daylight: bool) -> IntArray:
    index = pd.DatetimeIndex(wall.astype("datetime64[ns]"))
    # An hour that is left out is read as the offset before it says.
    known = index.tz_localize(zone, ambiguous=np.full(len(wall), daylight), nonexistent=pd.Timedelta(hours=1))
    return np.asarray(known.tz_convert("UTC").as_unit("ns").asi8, dtype=np.int64)


def _groups(twice: BoolArray) -> IntArray:
    """Return a number for each run of stamps in hours that come twice, and for those between."""
    return np.cumsum(np.append(True, np.diff(twice.astype(np.int8)) != 0))


def _after_fall(wall: IntArray, twice: BoolArray) -> BoolArray:
    falls = np.append(False, np.diff(wall) <= 0) & twice & np.append(False, twice[:-1])
    total = np.cumsum(falls)
    if not falls.any():
        return np.zeros(len(wall), dtype=bool)
    starts = np.flatnonzero(np.append(True, np.diff(twice.astype(np.int8)) != 0))
    before = total[starts] - falls[starts]
    return np.asarray(twice & (total - before[_groups(twice) - 1] > 0))


def _in_groups_that_fall(twice: BoolArray, later: BoolArray) -> BoolArray:
    groups = _groups(twice)
    return np.isin(groups, np.unique(groups[later]))
