"""Live against expected: a bot's trades beside the replay of its genome on the same candles."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np

from genepool.backtest.comparison import returns_of
from genepool.backtest.detailed import Backtest, backtest
from genepool.backtest.live_gap import GapPair, gap_of, paired
from genepool.backtest.live_trades import LiveTrade
from genepool.backtest.round_trips import RoundTrip, round_trips
from genepool.backtest.stretches import IN_SAMPLE
from genepool.errors import ConfigError, DataError
from genepool.genome import Genome
from genepool.history import RunSpec
from genepool.market.candles import Candles, FloatArray
from genepool.market.moments import timestamp
from genepool.market.timeframes import timeframe_nanoseconds
from genepool.pool.run_stamps import run_stamps
from genepool.ports.live_trades import LiveTrades
from genepool.robustness.live_band import LiveBand, live_band
from genepool.usecases.backtest_positions import chosen_span
from genepool.usecases.chosen_live_trades import ChosenTrades, chosen_trades, trades_named
from genepool.usecases.count_backtest import CountingHistory, count_backtest
from genepool.usecases.follow_document import FollowedRun, band_document, trade_document, verdict_sentence
from genepool.usecases.follow_job import FollowJob
from genepool.usecases.past_run import PastRun


@dataclass(frozen=True, slots=True)
class _Followed:
    """A genome replayed over candles, beside what the bot traded there."""

    asked: FollowJob
    genome: Genome
    candles: Candles
    replay: Backtest
    chosen: ChosenTrades
    remarks: tuple[str, ...]

    @property
    def tolerance(self) -> int:
        return self.asked.tolerance * timeframe_nanoseconds(self.candles.timeframe)


def follow_run(
    past: PastRun, asked: FollowJob, records: LiveTrades, counting: CountingHistory
) -> FollowedRun:
    """Compare a live record with the replay of a run's genome.

    The replay begins flat at the first candle, knows all candles before as the past, and pays the run's
    costs. It counts as a backtest by hand does, before its result is shown.

    Parameters
    ----------
    past
        The run.
    asked
        What is asked for.
    records
        Reads the record.
    counting
        Where the look counts.

    Raises
    ------
    ConfigError
        When what is asked for contradicts itself, or another market's candles were given.
    DataError
        When the record cannot be read, the run's candles are gone, or its returns do not suffice for a band.
    """
    spec, file = past.summary.spec, asked.trades
    record, candles = records.read(Path(file)), _candles(past, asked)
    genome = past.at(asked.rank).genome
    returns = out_of_sample_returns(past, genome)
    named = trades_named(record, file, asked.pair, asked.strategy)
    first, stop, remarks = _span(asked, named, candles, spec)
    strategies = past.plan().problem.strategies
    try:
        replay = backtest(candles, genome, spec.costs, first, stop, strategies)
    except ArithmeticError as error:
        raise DataError(f"{candles.symbol} cannot be traded: {error}") from error
    chosen = chosen_trades(named, file, candles, first, stop)
    band = live_band(returns, stop - first, spec.seed, asked.level)
    # Last: what is refused was not looked at.
    traded = int(candles.stamps[first]), int(candles.stamps[stop - 1])
    look = _as_said(count_backtest(genome.fingerprint, candles, traded, counting))
    found = _Followed(asked, genome, candles, replay, chosen, (*remarks, *filter(None, [look])))
    return _document(found, spec, band, len(returns))


def _candles(past: PastRun, asked: FollowJob) -> Candles:
    spec = past.summary.spec
    words = asked.reading or spec.reading
    market = past.source.read(asked.data or spec.data, words, symbol=spec.symbol, timeframe=spec.timeframe)
    return market.candles


def out_of_sample_returns(past: PastRun, genome: Genome) -> FloatArray:
    """Return what a genome earned candle by candle in the walk-forward folds of its run, joined in order.

    Raises
    ------
    DataError
        When the run's candles are not there, or are not what it began with.
    """
    phases = past.traded(genome)
    return np.concatenate([returns_of(result.equity) for phase, result in phases if phase != IN_SAMPLE])


def _span(
    asked: FollowJob, named: Sequence[LiveTrade], candles: Candles, spec: RunSpec
) -> tuple[int, int, list[str]]:
    """Return the candles that are compared, and what is to be said of them."""
    if timeframe_nanoseconds(candles.timeframe) != timeframe_nanoseconds(spec.timeframe):
        raise ConfigError(
            f"run {spec.run} trades candles of {spec.timeframe}, and {asked.data or spec.data} has those of "
            f"{candles.timeframe}: give candles of its timeframe with --data"
        )
    if not asked.since and not named:
        raise ConfigError(f"{asked.trades} holds no trade: say with --since when the bot began")
    since = asked.since or timestamp(_opened(candles, named[0].entry))
    try:
        (first, stop), remarks = chosen_span(candles, since, asked.until)
    except ConfigError as error:
        raise ConfigError(f"{_as_said(str(error))}; --data gives newer candles") from error
    told = [_as_said(remark) for remark in remarks]
    known = run_stamps(spec, candles)
    if known.visible_overlap(int(candles.stamps[first]), int(candles.stamps[stop - 1])):
        told.append(
            f"the run was bred or chosen on candles up to {timestamp(known.last_visible)}: there the "
            "replay is better than can be expected, and the band belongs to later candles"
        )
    return first, stop, told


def _as_said(sentence: str) -> str:
    """Return a sentence about a backtest with the flags as they are called here."""
    return sentence.replace("--start", "--since").replace("--stop", "--until")


def _opened(candles: Candles, moment: int) -> int:
    """Return when the candle opens that holds a moment; the moment itself where there is none."""
    place = int(candles.stamps.searchsorted(moment, side="right")) - 1
    ended = moment >= int(candles.stamps[-1]) + timeframe_nanoseconds(candles.timeframe)
    return moment if place < 0 or ended else int(candles.stamps[place])


def _capital(pairs: Sequence[GapPair], live: Sequence[RoundTrip]) -> tuple[float, str]:
    """Return what the sizes of a record say of the bot's capital, and how."""
    ratios = [pair.live.units / pair.expected.units for pair in pairs if pair.live and pair.expected]
    if ratios:
        return median(ratios), "the capital is read from the sizes of the matched trades; --capital says it"
    if live:
        return (
            median(trip.notional for trip in live),
            "no trade matches the replay: the capital is taken to be a usual trade; --capital says it",
        )
    return 1.0, ""


def _document(found: _Followed, spec: RunSpec, band: LiveBand, returns: int) -> FollowedRun:
    asked, candles, replay, chosen = found.asked, found.candles, found.replay, found.chosen
    bare = paired(round_trips(replay.trades), chosen.trips, found.tolerance)
    capital, how = (asked.capital, "") if asked.capital else _capital(bare, chosen.trips)
    pairs = [pair.scaled(1.0, 1.0 / capital) for pair in bare]
    parts = gap_of(pairs, found.tolerance)
    live = sum(pair.live.result for pair in pairs if pair.live)
    expected = sum(pair.expected.result for pair in pairs if pair.expected)
    return FollowedRun(
        run=spec.run,
        rank=asked.rank,
        fingerprint=found.genome.fingerprint,
        genome_strategy=found.genome.strategy,
        symbol=candles.symbol,
        timeframe=candles.timeframe,
        data_digest=candles.digest,
        record=asked.trades,
        pair=chosen.pair,
        since=timestamp(int(replay.stamps[0])),
        until=timestamp(int(replay.stamps[-1])),
        candles=len(replay.stamps),
        capital=capital,
        capital_said=asked.capital is not None,
        live_return=live,
        expected_return=expected,
        gap=live - expected,
        parts=asdict(parts),
        luck=expected - band.median,
        band=band_document(band, returns),
        quantile=band.quantile(live),
        expected_quantile=band.quantile(expected),
        place=band.place(live).value,
        matched=sum(bool(pair.live and pair.expected) for pair in pairs),
        missed=sum(pair.live is None for pair in pairs),
        extra=sum(pair.expected is None for pair in pairs),
        valued=sum(bool(pair.live and pair.live.valued) for pair in pairs),
        sentence=verdict_sentence(live, expected, band, parts),
        trades=[trade_document(pair, found.tolerance) for pair in pairs],
        remarks=[*found.remarks, *chosen.remarks, *filter(None, [how])],
    )
