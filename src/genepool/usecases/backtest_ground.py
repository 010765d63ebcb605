"""Which candles a backtest trades, span by span, and what its measures are annualised by."""

from dataclasses import dataclass, replace
from enum import StrEnum

from genepool.backtest.detailed import Spans
from genepool.errors import ConfigError, HistoryTooShort
from genepool.market.annual import counted_candles_a_year
from genepool.market.candles import Candles
from genepool.market.grown import found_again
from genepool.market.moments import timestamp
from genepool.market.split import PRESETS, Split, SplitRule, newest_candles
from genepool.usecases.backtest_positions import chosen_span
from genepool.usecases.genome_file import GenomeFile


class SpanName(StrEnum):
    """A span of the run that a genome comes from."""

    IN_SAMPLE = "in-sample"
    WALK_FORWARD = "walk-forward"
    VISIBLE = "visible"


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a genome trades.

    Parameters
    ----------
    market
        All candles that were chosen.
    candles
        Those that the trader may know: up to the visible ones' end where a span of the run is traded.
    spans
        Half-open ranges that are traded, joined in order.
    name
        The span's name, or ``"chosen"``.
    known
        Whether these are the candles that the genome file names.
    candles_per_year
        What measures are annualised by; None for what the candles say.
    remarks
        What is to be said of it, in sentences.
    """

    market: Candles
    candles: Candles
    spans: Spans
    name: str
    known: bool
    candles_per_year: float | None
    remarks: tuple[str, ...]


def chosen_ground(
    whole: Candles, file: GenomeFile | None, count: str | None, span: str | None, start: str, stop: str
) -> Ground:
    """Return what the flags ask for; where they say nothing, what the genome file says.

    Parameters
    ----------
    whole
        The data set.
    file
        The genome's file.
    count
        Newest candles to use; None for the run's, or all.
    span
        Name of a span of the run.
    start, stop
        Number or date, or empty.

    Raises
    ------
    ConfigError
        When flags contradict each other or are not understood.
    HistoryTooShort
        When there are fewer candles than asked for.
    """
    if span is not None and (start or stop):
        flag = "--start" if start else "--stop"
        raise ConfigError(f"--spans {span} and {flag} both say which candles are traded: leave one out")
    market, known = _chosen_market(whole, file, count)
    rule, newer = file.split if file else None, _newer(whole, market, known=known)
    if span is not None and rule is None:
        raise ConfigError(f"--spans {span} needs --genome with a file that says how its run was split")
    own = not (start or stop)
    if rule is not None and own and (known or span is not None):
        ground = _spans_of_the_run(market, rule, SpanName(span or SpanName.VISIBLE), known, file)
        return replace(ground, remarks=(*ground.remarks, *newer))
    traded, remarks = chosen_span(market, start, stop)
    per_year = _per_year(market, known, file)
    return Ground(market, market, (traded,), "chosen", known, per_year, (*remarks, *newer))


def _chosen_market(whole: Candles, file: GenomeFile | None, count: str | None) -> tuple[Candles, bool]:
    """Return the candles, and whether they are those of the genome's run: then under its name for them."""
    data = file.data if file else None
    chosen = _newest(whole, count) if count is not None else whole
    if data is None or (count is not None and len(chosen) != data.candles):
        return chosen, False
    run = found_again(chosen, data.extent)
    return (chosen, False) if run is None else (run, True)


def _newer(whole: Candles, market: Candles, *, known: bool) -> list[str]:
    """Say how many candles a run's data set was continued by, and how they are traded."""
    after = whole.stamps[whole.stamps > market.stamps[-1]]
    if not known or not len(after):
        return []
    trades = f"--candles all --start {timestamp(int(after[0]))}"
    return [f"the data set has {len(after):,} more candles after the run's: {trades} trades them"]


def _newest(candles: Candles, count: str) -> Candles:
    if count in PRESETS:
        return newest_candles(candles, count)
    if not count.isdecimal() or int(count) < 2:  # noqa: PLR2004 - a market needs a spacing
        raise ConfigError(
            f"--candles {count} is not understood: give a number above 1, or {', '.join(PRESETS)}"
        )
    if int(count) > len(candles):
        raise HistoryTooShort(
            f"{candles.symbol} has {len(candles)} candles, not {count}: give a smaller --candles"
        )
    return candles.slice(len(candles) - int(count), len(candles))


def _spans_of_the_run(
    market: Candles, rule: SplitRule, name: SpanName, known: bool, file: GenomeFile | None
) -> Ground:
    split = rule.apply(len(market))
    remarks = [] if known else ["spans: the file's split, counted over these candles and not over its own"]
    if split.visible < len(market):
        remarks.append(
            f"the newest {len(market) - split.visible:,} candles are the sealed ones, which are left out: "
            f"--start {split.visible} trades them, which is an attempt at their exam"
        )
    per_year = _per_year(market, known, file)
    visible = market.slice(0, split.visible)
    return Ground(market, visible, _ranges(split, name), name.value, known, per_year, tuple(remarks))


def _ranges(split: Split, name: SpanName) -> Spans:
    ranges: dict[SpanName, Spans] = {
        SpanName.IN_SAMPLE: (split.in_sample,),
        SpanName.WALK_FORWARD: split.folds,
        SpanName.VISIBLE: ((0, split.visible),),
    }
    return ranges[name]


def _per_year(market: Candles, known: bool, file: GenomeFile | None) -> float | None:
    """Return what the run's measures are annualised by; of other candles, nothing is known by its file."""
    if not known or file is None or file.split is None:
        return None
    if file.candles_per_year is not None:
        return file.candles_per_year
    # Files of before it was noted: by the mean spacing, as genepool counted then.
    return counted_candles_a_year(market.stamps[: file.split.apply(len(market)).visible])
