"""What is worth a second look in candles, before anything trades on them."""

from genepool.market.closed_days import closed_days
from genepool.market.closed_hours import closed_candles
from genepool.market.provenance import DataSet, Provenance
from genepool.market.splits import split_jumps
from genepool.market.timeframes import timeframe_nanoseconds

_MOST_TOLD = 3


def doubts_of(held: DataSet, read_now: bool) -> tuple[str, ...]:
    """Return what was done to a file that was just read, and what looks wrong in any, in sentences.

    Parameters
    ----------
    held
        The candles.
    read_now
        Whether they come from a file that no import has described before.
    """
    candles = held.candles
    said = _remarks(held.provenance) if read_now else []
    jumps = split_jumps(candles)
    unused = held.provenance.unused if read_now else ()
    column = next((header for header in unused if "split" in header.lower()), "")
    said += [jump.sentence(candles.symbol, column) for jump in jumps[:_MOST_TOLD]]
    if len(jumps) > _MOST_TOLD:
        said.append(f"{len(jumps) - _MOST_TOLD:,} more such jumps")
    rested = closed_days(candles)
    if rested.doubtful:
        said.append(f"{candles.symbol} was {rested.sentence()}: see whether the file lost them")
    flat = int(closed_candles(candles, timeframe_nanoseconds(candles.timeframe)).sum())
    if flat:
        remedy = "leave them out with --drop-flat" if read_now else "import them again with --drop-flat"
        said.append(
            f"{flat:,} candles are flat and without volume in hours when {candles.symbol} is closed every "
            f"week, and are traded on: {remedy}"
        )
    return tuple(said)


def _remarks(origin: Provenance) -> list[str]:
    """Return what was decided, changed or left out in reading a file."""
    unused = [f"columns that were not used: {', '.join(origin.unused)}"] if origin.unused else []
    return [*origin.repairs, *unused]
