"""What following a live bot tells, as a document."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from genepool.backtest.live_gap import GAP_CAUSES, GapPair, GapParts
from genepool.backtest.notation import change, probability, share
from genepool.backtest.round_trips import RoundTrip
from genepool.market.moments import timestamp
from genepool.robustness.live_band import BandPlace, LiveBand
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class FollowedBand(Document):
    """The Monte Carlo band; all returns are shares of the capital.

    Parameters
    ----------
    level
        Share of the paths inside.
    low, median, high
        Its ends, and what half of the paths exceed.
    paths, candles
        How many paths, and how long they are.
    block
        Mean length of the blocks, in candles.
    returns
        Out-of-sample returns that they are drawn from.
    """

    level: float
    low: float
    median: float
    high: float
    paths: int
    candles: int
    block: float
    returns: int


@dataclass(frozen=True, slots=True)
class FollowedTrade(Document):
    """A trade of the replay beside the live one; what only one of them has is null. Money is in capitals."""

    side: str
    expected_entry: str | None
    live_entry: str | None
    expected_exit: str | None
    live_exit: str | None
    expected_entry_price: float | None
    live_entry_price: float | None
    expected_exit_price: float | None
    live_exit_price: float | None
    expected_result: float | None
    live_result: float | None
    gap: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class FollowedRun(Document):
    """What a live bot earned beside what its genome's replay earned; returns are shares of the capital.

    Parameters
    ----------
    record, pair
        The live record, and which of its markets.
    since, until
        When the first and the last candle open that are compared.
    capital
        In quote currency, and whether the user said it.
    live_return, expected_return, gap
        Of the bot and of the replay, and the first less the second.
    parts
        The gap by cause; they add up to it.
    luck
        The replay's return less the band's median: what the market gave beyond what was to be expected.
    quantile, expected_quantile
        Share of the paths that earned less than the bot, and than the replay.
    place
        Whether the live return lies inside the band, below or above it.
    matched, missed, extra, valued
        Trades that both made, that only the replay or only the bot made, and that the bot still holds.
    trades
        Side by side.
    """

    run: str
    rank: int
    fingerprint: str
    genome_strategy: str
    symbol: str
    timeframe: str
    data_digest: str
    record: str
    pair: str
    since: str
    until: str
    candles: int
    capital: float
    capital_said: bool
    live_return: float
    expected_return: float
    gap: float
    parts: Mapping[str, float]
    luck: float
    band: FollowedBand
    quantile: float
    expected_quantile: float
    place: str
    matched: int
    missed: int
    extra: int
    valued: int
    sentence: str
    trades: Sequence[FollowedTrade]
    remarks: Sequence[str]


def band_document(band: LiveBand, returns: int) -> FollowedBand:
    """Return a band, and from how many returns it was drawn."""
    paths = len(band.totals)
    return FollowedBand(
        band.level, band.low, band.median, band.high, paths, band.candles, band.block, returns
    )


def trade_document(pair: GapPair, tolerance: int) -> FollowedTrade:
    """Return a trade of each; ``tolerance`` as in ``GapPair.parts``."""
    expected, live, parts = pair.expected, pair.live, pair.parts(tolerance)
    sides = [trip.side for trip in (live, expected) if trip is not None]
    return FollowedTrade(
        side="long" if sides[0] > 0 else "short",
        expected_entry=timestamp(expected.entry) if expected else None,
        live_entry=timestamp(live.entry) if live else None,
        expected_exit=_left(expected),
        live_exit=_left(live),
        expected_entry_price=expected.entry_price if expected else None,
        live_entry_price=live.entry_price if live else None,
        expected_exit_price=expected.exit_price if expected else None,
        live_exit_price=live.exit_price if live else None,
        expected_result=expected.result if expected else None,
        live_result=live.result if live else None,
        gap=parts.whole,
        parts=asdict(parts),
    )


def _left(trip: RoundTrip | None) -> str | None:
    return None if trip is None or trip.valued else timestamp(trip.exit)


def verdict_sentence(live: float, expected: float, band: LiveBand, parts: GapParts) -> str:
    """Return where the live result lies, what separates it from the replay, and which cause is largest."""
    low, high = change(band.low), change(band.high)
    said = (
        f"the live result of {change(live)} lies {band.place(live)} the band of {low} to {high} "
        f"(quantile {probability(band.quantile(live))}), and {_beside(live - expected)}"
    )
    return said + _blame(live, expected, band) + _largest(parts)


def _beside(gap: float) -> str:
    shown = share(abs(gap), 2)
    if shown == share(0.0, 2):
        return "equals the replay's"
    return f"is {shown} {'ahead of' if gap > 0.0 else 'behind'} the replay's"


def _blame(live: float, expected: float, band: LiveBand) -> str:
    """Say who is to blame for a result outside: the replay suffers from the market too."""
    place = band.place(live)
    if place is BandPlace.INSIDE:
        return ""
    if band.place(expected) is place:
        return ", which lies there too: the market does not treat the genome as it did"
    return ", which lies elsewhere: the bot does not trade what the genome trades"


def _largest(parts: GapParts) -> str:
    found = asdict(parts)
    cause = max(GAP_CAUSES, key=lambda name: abs(found[name]))
    if share(abs(found[cause]), 2) == share(0.0, 2):
        return ""
    return f"; most of the difference is {cause}, {change(found[cause], 2)}"
