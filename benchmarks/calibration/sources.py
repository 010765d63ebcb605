"""Real candles of the calibration: shipped samples, imports, and what the user names."""

from collections.abc import Mapping, Sequence

from benchmarks.calibration.markets import kinds_of_market
from benchmarks.calibration.measuring import Source
from genepool.adapters.files.catalogue import find_data, list_data
from genepool.market.default_costs import CRYPTO, DEFAULT_COSTS
from genepool.settings import Settings
from genepool.usecases.market_costs import market_of

# The kind of noise that is made of what the user names.
SHARE = "shuffled_share"


def default_real() -> list[str]:
    """Return the shipped samples: the exam looks at sealed candles, and imports keep theirs."""
    return [entry.name for entry in list_data(Settings().home) if entry.kind == "sample"]


def named_sources(share: str | None) -> tuple[tuple[str, str], ...]:
    """Return by kind of market which data set the user named."""
    return ((SHARE, share),) if share else ()


def sources_of(named: Sequence[tuple[str, str]], real: Sequence[str]) -> dict[str, Source]:
    """Read what cells are made of, by kind of market or name of the data set.

    Raises
    ------
    DataError
        When there is nothing of a name.
    """
    kinds = {name: kind.source for name, kind in kinds_of_market().items() if kind.source}
    return {name: _source(data) for name, data in (kinds | dict(named) | {one: one for one in real}).items()}


def left_out(sources: Mapping[str, Source]) -> list[str]:
    """Return the kinds of market whose candles are not there."""
    return [name for name, kind in kinds_of_market().items() if kind.source is None and name not in sources]


def digests(sources: Mapping[str, Source]) -> dict[str, str]:
    """Return what lines remember real candles by."""
    return {name: source.digest for name, source in sources.items()}


def _source(data: str) -> Source:
    found = find_data(data, Settings().home)
    market = market_of(found)
    return Source(found.candles, DEFAULT_COSTS[market].costs if market else CRYPTO.costs)
