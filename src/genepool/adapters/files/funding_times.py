"""From the stamps of a funding file to UTC, or a refusal where its clock is not certain."""

from dataclasses import dataclass

import numpy as np

from genepool.adapters.files.clock_changes import localised, zone_of_clock_change
from genepool.adapters.files.opening_times import Stamps
from genepool.adapters.files.options import ReadingOptions
from genepool.adapters.files.steadiness import DAY, commonest_step, irregular_steps
from genepool.adapters.files.zones import HOUR
from genepool.errors import InvalidCandles
from genepool.market.arrays import IntArray
from genepool.market.funding import without_jitter
from genepool.remedies import by_flag

_FLAG = "--funding-timezone"
_UTC = "UTC"
_NEARLY_ALL = 0.9


@dataclass(frozen=True, eq=False)
class FundingTimes:
    """When rates are charged in UTC, and what was decided to know it."""

    stamps: IntArray
    notes: tuple[str, ...] = ()


def funding_times(stamps: Stamps, options: ReadingOptions, candles_show_clock: bool) -> FundingTimes:
    """Return when rates are charged.

    A zone that is named for this file goes before the candles' own, which counts where their stamps show a
    wall clock too and nothing in this file speaks against it.

    Parameters
    ----------
    stamps
        As they were read.
    options
        Its ``timezone`` is this file's, its ``timezone_possible`` that of the candles.
    candles_show_clock
        Whether the stamps of the candles name no zone either.

    Raises
    ------
    InvalidCandles
        When the stamps may be in UTC as well as in a zone.
    """
    if stamps.instants:
        said = f"funding: the stamps are in UTC or name their own zone, so {_FLAG} moves none of them"
        return FundingTimes(stamps.read, (said,) if options.timezone else ())
    zone, own = options.timezone_possible, without_jitter(stamps.read)
    if options.timezone:
        return _in_utc(stamps.read, options.timezone)
    if not zone:
        _refuse_clock(stamps, own)
        return FundingTimes(stamps.read)
    if zone != _UTC and (not candles_show_clock or _is_steadier_in_utc(own, localised(own, zone).stamps)):
        raise _asked(f"{stamps.source}: its stamps name no zone, and may be in UTC or in {zone}", zone)
    return _in_utc(stamps.read, zone)


def _in_utc(wall: IntArray, zone: str) -> FundingTimes:
    known = localised(wall, zone)
    told = (f"stamps read as the wall clock of {zone}", *known.sentences(zone))
    return FundingTimes(known.stamps, tuple(f"funding: {said}" for said in told))


def _refuse_clock(stamps: Stamps, own: IntArray) -> None:
    found = zone_of_clock_change(own, commonest_step(own)) if len(own) > 1 else None
    if found is not None:
        zone, i = found
        raise _asked(
            f"{stamps.source}, row {stamps.rows[i]}: before it an hour comes twice or is left out, as when "
            "clocks are set back or forward",
            zone,
        )


def _is_steadier_in_utc(own: IntArray, moved: IntArray) -> bool:
    """Say whether stamps are spaced more evenly, or keep the hours of the period, as they stand."""
    step = commonest_step(own)
    if irregular_steps(moved) > irregular_steps(own):
        return True
    if not HOUR < step <= DAY:
        return False
    kept, lost = (np.mean(stamps % step == 0) for stamps in (own, moved))
    return bool(kept >= _NEARLY_ALL > lost)


def _asked(what: str, zone: str) -> InvalidCandles:
    ways = (by_flag("name the zone of the funding, such as", _FLAG, name) for name in (zone, _UTC))
    return InvalidCandles(what, *ways)
