"""The candles of a run in a data set that may hold newer ones by now."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # numpy takes a sixth of a second to import, and who lists runs computes nothing.
    from genepool.market.candles import Candles


@dataclass(frozen=True, slots=True)
class Extent:
    """Which candles of a data set a run was given.

    Parameters
    ----------
    symbol, timeframe
        What the run called them.
    digest
        ``Candles.digest`` of them.
    candles
        How many they are.
    first
        Stamp of the first, UTC nanoseconds; None where it was not noted.
    """

    symbol: str
    timeframe: str
    digest: str
    candles: int
    first: int | None = None


def found_again(whole: "Candles", extent: Extent) -> "Candles | None":
    """Return a run's candles under the run's name for them; None where a data set does not hold them.

    They are looked for at its end, and where the first of them stands: from there on a history that was
    continued holds them still.

    Parameters
    ----------
    whole
        The data set as it is now, under any name.
    extent
        What is known of them.
    """
    count = extent.candles
    places = [len(whole) - count, 0 if extent.first is None else int(whole.stamps.searchsorted(extent.first))]
    for start in places:
        if count > 0 and 0 <= start <= len(whole) - count:
            chosen = replace(
                whole.slice(start, start + count), symbol=extent.symbol, timeframe=extent.timeframe
            )
            if chosen.digest == extent.digest:
                return chosen
    return None
