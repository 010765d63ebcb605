"""Describe a market: what was read, what it holds, and what is unusual in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from genepool.market.candles import PRICE_COLUMNS
from genepool.market.provenance import DataSet, FundingNote
from genepool.market.survey import Survey, survey
from genepool.market.timeframes import utc
from genepool.usecases.document import AMONG, Document
from genepool.usecases.market_costs import market_of

COLUMN_ORDER = (*PRICE_COLUMNS, "volume", "funding")


@dataclass(frozen=True, slots=True)
class DescribedMarket(Document):
    """Everything that is known of a data set; the members of its survey stand among its own.

    Parameters
    ----------
    market
        Kind of the market; None when unknown.
    columns, read_from, unused
        What it has, under which headers it stood, and which headers were not read.
    first, last
        When its first and its last candle open.
    """

    name: str
    usable: bool
    symbol: str
    timeframe: str
    market: str | None
    candles: int
    first: str
    last: str
    digest: str
    columns: Sequence[str]
    read_from: Mapping[str, str]
    unused: Sequence[str]
    layout: str
    calendar: str
    synthetic: bool
    source: str
    licence: str
    repairs: Sequence[str]
    funding: FundingNote | None
    seen: Survey = field(metadata=AMONG)


def describe_market(name: str, data: DataSet) -> DescribedMarket:
    """Return everything that is known of a data set.

    Parameters
    ----------
    name
        What the user calls it.
    data
        What a ``CandleSource`` found by that name.
    """
    candles, origin = data.candles, data.provenance
    return DescribedMarket(
        name=name,
        usable=True,
        symbol=candles.symbol,
        timeframe=candles.timeframe,
        market=market_of(data) or None,
        candles=len(candles),
        first=utc(candles.stamps[0]),
        last=utc(candles.stamps[-1]),
        digest=candles.digest,
        columns=[column for column in COLUMN_ORDER if column in candles.columns],
        read_from=dict(origin.columns),
        unused=origin.unused,
        layout=origin.layout,
        calendar=origin.calendar,
        synthetic=candles.synthetic,
        source=origin.source,
        licence=origin.licence,
        repairs=origin.repairs,
        funding=origin.funding,
        seen=survey(candles),
    )
