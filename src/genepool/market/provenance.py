"""Where stored candles came from and what was done to them."""

import json
from dataclasses import asdict, dataclass

from genepool.market.candles import Candles


@dataclass(frozen=True, slots=True)
class FundingNote:
    """Which funding rates were joined.

    ``period`` is their commonest spacing, ``rates`` how many fall into the candles' span, ``missing``
    how many periods of it have none and count as 0, ``longest_gap`` the most of those in a row.
    """

    source: str
    period: str
    rates: int
    missing: int
    longest_gap: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is told about a data set beside its candles.

    Parameters
    ----------
    source
        File name or venue.
    licence
        Under which the source gives its data; empty when it was not said.
    layout
        How the source was laid out.
    columns
        Pairs of column and the header it was read from.
    calendar
        Of the market: continuous or weekdays.
    repairs
        One sentence for each thing that was changed.
    funding
        What was joined, if anything.
    unused
        Headers that were not read and look like volume, funding or splits.
    market
        Kind of the market, one of ``MarketKind``, where it was said; empty to read it from the candles.
    """

    source: str
    licence: str = ""
    layout: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    calendar: str = "continuous"
    repairs: tuple[str, ...] = ()
    funding: FundingNote | None = None
    unused: tuple[str, ...] = ()
    market: str = ""

    def to_json(self) -> str:
        """Return the provenance as one JSON document."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Provenance":
        """Return the provenance that a JSON document holds."""
        held = json.loads(text)
        held["columns"] = tuple((role, header) for role, header in held["columns"])
        held["repairs"] = tuple(held["repairs"])
        held["unused"] = tuple(held.get("unused", ()))
        held["funding"] = held["funding"] and FundingNote(**held["funding"])
        return cls(**held)


@dataclass(frozen=True, eq=False)
class DataSet:
    """Candles and where they came from."""

    candles: Candles
    provenance: Provenance
