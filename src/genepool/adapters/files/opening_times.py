"""From a file's stamps to the times at which its candles open, or a refusal where those are not certain."""

from dataclasses import dataclass, replace

import numpy as np

from genepool.adapters.files.clock_changes import localised, zone_of_clock_change
from genepool.adapters.files.headers import folded, words
from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.steadiness import DAY, SECOND, commonest_step
from genepool.adapters.files.zones import HOUR, wall_clock, zone_of_steady_clock
from genepool.errors import InvalidCandles
from genepool.market.candles import IntArray
from genepool.market.timeframes import timeframe_name, utc
from genepool.remedies import by_flag

_MINUTE, _QUARTER = 60 * SECOND, HOUR // 4
# How far before a boundary a closing time may lie, and what it is a boundary of at least.
_TICKS = {
    "one nanosecond": (1, SECOND),
    "one microsecond": (1_000, SECOND),
    "one millisecond": (1_000_000, SECOND),
    "one second": (SECOND, _MINUTE),
    "one minute": (_MINUTE, 5 * _MINUTE),
}
_ENDS = frozenset({"close", "closes", "closed", "closing", "end", "ends", "ending"})
_NEARLY_ALL = 0.9
_SHORTEST_MONTH = 28 * DAY
_ZONE_OF = "name the zone of the stamps, such as"


@dataclass(frozen=True, eq=False)
class Stamps:
    """A file's stamps.

    Parameters
    ----------
    source
        Name of the file, for messages.
    read
        Nanoseconds, shape (n,), in the file's order.
    rows
        Where each stands in the file.
    instants
        Whether they are in UTC, instead of what a wall clock showed.
    zone
        Of the market, where the file tells it.
    notes
        What was decided to read them.
    """

    source: str
    read: IntArray
    rows: IntArray
    instants: bool
    zone: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class OpeningTimes:
    """When candles open in UTC, the market's zone ('' where unknown), and what was odd or decided."""

    stamps: IntArray
    zone: str
    notes: tuple[str, ...]


def check_opening(source: str, header: str, kind: str) -> None:
    """Refuse a column of times whose header says that candles end there, unless the user says what they are.

    Raises
    ------
    InvalidCandles
        With the flag that says it.
    """
    ends = _ENDS & set(words(header)) or folded(header) in {"closetime", "endtime", "enddate", "closedate"}
    if ends and not kind:
        raise InvalidCandles(
            f"{source}: the header {header!r} says that candles end at its times",
            by_flag("say what they are with", "--stamps", "close"),
            by_flag("say what they are with", "--stamps", "open"),
        )


def opening_times(stamps: Stamps, options: ReadingOptions) -> OpeningTimes:
    """Return when the candles open.

    Raises
    ------
    InvalidCandles
        When the stamps look like closing times, or like a wall clock that is set forward and back, and the
        user did not say what they are.
    """
    if len(stamps.read) < 2:  # noqa: PLR2004 - two stamps make a spacing
        return OpeningTimes(stamps.read, stamps.zone, ())
    if not stamps.instants and stamps.zone and not options.timezone:
        # Each stamp names it.
        options = replace(options, timezone=stamps.zone)
    step = commonest_step(stamps.read)
    zone = options.timezone or stamps.zone
    if not stamps.instants and not options.timezone:
        _check_clock(stamps, step)
    moved, notes = _opened(stamps, step, options.stamps, zone if stamps.instants else "")
    if options.timezone:
        moved, told = _in_utc(moved, stamps.instants, options.timezone)
        notes += told
    zone = "" if zone == "UTC" else zone or zone_of_steady_clock(moved, step)
    return OpeningTimes(moved, zone, tuple(notes + _off_the_grid(stamps, moved, step)))


def _in_utc(stamps: IntArray, instants: bool, zone: str) -> tuple[IntArray, list[str]]:
    if instants:
        return stamps, [f"the stamps are in UTC or name their own zone: --timezone {zone} moves none of them"]
    known = localised(stamps, zone)
    return known.stamps, [f"stamps read as the wall clock of {zone}", *known.sentences(zone)]


def _opened(stamps: Stamps, step: int, kind: str, zone: str) -> tuple[IntArray, list[str]]:
    """Return the opening times in the clock of the stamps; see ``--stamps``."""
    if kind == "open":
        return stamps.read, []
    tick = _closing_tick(stamps.read, step)
    if kind == "close":
        closed = stamps.read if tick is None else _up_to_boundary(stamps.read, step, _TICKS[tick][0])
        return _one_step_earlier(closed, step, zone), ["stamps read as closing times"]
    if tick is not None:
        raise InvalidCandles(
            f"{stamps.source}, row {stamps.rows[0]}: the stamp {utc(stamps.read[0])} lies {tick} before a "
            "boundary, as closing times do",
            *(by_flag("say what the stamps are with", "--stamps", kind) for kind in ("close", "open")),
        )
    return stamps.read, []


def _closing_tick(stamps: IntArray, step: int) -> str | None:
    """Return how far before a boundary nearly all stamps lie, if they do."""
    for name, (tick, least) in _TICKS.items():
        boundary = _boundary(step, least)
        if tick < boundary <= step and _nearly_all_before(stamps, tick, boundary):
            return name
    return None


def _nearly_all_before(stamps: IntArray, tick: int, boundary: int) -> bool:
    """Say whether nearly all stamps lie a tick before a boundary; an eighth of them may show that not."""
    others = np.count_nonzero((stamps[: len(stamps) // 8] + tick) % boundary)
    if others > (1 - _NEARLY_ALL) * len(stamps) + 1:
        return False
    return bool(np.mean((stamps + tick) % boundary == 0) >= _NEARLY_ALL)


def _boundary(step: int, least: int) -> int:
    """Return what a candle's end is a multiple of in any zone: days begin at full quarters of an hour."""
    if least == 5 * _MINUTE:
        return min(step, HOUR // 4) if step % _MINUTE == 0 else 0
    return min(step, least) if least == _MINUTE else least


def _up_to_boundary(stamps: IntArray, step: int, tick: int) -> IntArray:
    unit = min(step, _MINUTE if tick < _MINUTE else 5 * _MINUTE)
    return np.where((stamps + tick) % unit == 0, stamps + tick, stamps)


def _one_step_earlier(closed: IntArray, step: int, zone: str) -> IntArray:
    wall = wall_clock(closed, zone) if zone else closed
    if step >= _SHORTEST_MONTH:
        months = wall.astype("datetime64[ns]").astype("datetime64[M]")
        rest = wall - months.astype("datetime64[ns]").astype(np.int64)
        opened = (months - round(step / (30.4 * DAY))).astype("datetime64[ns]").astype(np.int64) + rest
    else:
        opened = wall - step
    return localised(opened, zone).stamps if zone else np.asarray(opened)


def _check_clock(stamps: Stamps, step: int) -> None:
    found = zone_of_clock_change(stamps.read, step)
    if found is not None:
        zone, i = found
        shown = utc(stamps.read[i]).removesuffix(" UTC")
        raise InvalidCandles(
            f"{stamps.source}, row {stamps.rows[i]}: around {shown} an hour comes twice or is left out, as "
            "when clocks are set back or forward",
            by_flag(_ZONE_OF, "--timezone", zone),
            by_flag(_ZONE_OF, "--timezone", "UTC", "if they are in UTC"),
        )


def _off_the_grid(stamps: Stamps, opened: IntArray, step: int) -> list[str]:
    # Sessions open on the quarter of an hour.
    grid = min(step, _QUARTER)
    if grid <= 0 or step % SECOND:
        return []
    off = opened % grid
    wrong = np.flatnonzero(off)
    if not len(wrong):
        return []
    seconds = off[wrong[0]] / SECOND
    where = f"the first {seconds:,.9g} seconds after it, in row {stamps.rows[wrong[0]]}"
    return [f"candles that open off the grid of {timeframe_name(grid)}: {len(wrong):,}, {where}"]
