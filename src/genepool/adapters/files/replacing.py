"""What an import would take the place of: the same market's older candles, or another market's."""

from pathlib import Path

import numpy as np

from genepool.adapters.files.candle_store import SUFFIX, load, store_name
from genepool.adapters.files.shipped import samples_folder
from genepool.errors import DataError, InvalidCandles
from genepool.market.candles import Candles
from genepool.market.provenance import DataSet
from genepool.market.timeframes import utc

# Sources mend a candle now and then; two venues agree on hardly any.
_SAME_MARKET = 0.9


def replaced_by(data: DataSet, folder: Path, *, allowed: bool) -> str:
    """Return one sentence on the candles that go by the name of an import already; empty when none do.

    Parameters
    ----------
    data
        What is about to be kept.
    folder
        Where.
    allowed
        Whether another market's candles may go.

    Raises
    ------
    InvalidCandles
        When they are another market's, and that is not allowed.
    """
    found = _held(store_name(data.candles.symbol, data.candles.timeframe), folder)
    if found is None or found[1].candles.digest == data.candles.digest:
        return ""
    name, held = found
    told = f"{len(held.candles):,} candles from {_span(held.candles)}, of {held.provenance.source}"
    if allowed or _is_same_market(held, data):
        return f"They take the place of {told}."
    raise InvalidCandles(
        f"{name} holds {told}, which these of "
        f"{data.provenance.source} from {_span(data.candles)} do not continue: keep "
        "both with another --symbol, or put these in their place with --replace"
    )


def _held(name: str, folder: Path) -> tuple[str, DataSet] | None:
    """Return what a name stands for now, and how it is spelled; a damaged file has nothing to lose."""
    spelled = [folder / f"{name}{SUFFIX}", samples_folder() / f"{name}{SUFFIX}"]
    alike = (path for path in sorted(folder.glob(f"*{SUFFIX}")) if path.stem.casefold() == name.casefold())
    for path in (*spelled, *alike):
        if path.is_file():
            try:
                return path.stem, load(path)
            except DataError:
                return None
    return None


def _is_same_market(held: DataSet, fresh: DataSet) -> bool:
    """Say whether both have candles of the same hours and nearly all of these are equal."""
    if held.provenance.layout == fresh.provenance.layout == "ccxt":
        return held.provenance.source == fresh.provenance.source
    _, old, new = np.intersect1d(held.candles.stamps, fresh.candles.stamps, return_indices=True)
    equal = held.candles.close[old] == fresh.candles.close[new]
    return bool(len(equal) and equal.mean() >= _SAME_MARKET)


def _span(candles: Candles) -> str:
    return f"{utc(candles.stamps[0])} to {utc(candles.stamps[-1])}"
