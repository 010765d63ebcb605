"""From a user's file to candles that can be traded on."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from genepool.adapters.files.options import ReadingOptions, Understood
from genepool.errors import InvalidCandles
from genepool.market.candle_rules import CandleRules
from genepool.market.candles import Candles
from genepool.market.funding import (
    FundingCoverage,
    FundingRates,
    funding_coverage,
    join_funding,
    ordered_rates,
    plausible_rates,
)
from genepool.market.provenance import DataSet, FundingNote, Provenance
from genepool.market.timeframes import timeframe_name, timeframe_nanoseconds, utc
from genepool.market.validation import checked
from genepool.remedies import by_flag

# freqtrade writes PAIR-1h-futures.feather.
_FREQTRADE = re.compile(r"^(?P<pair>[A-Za-z0-9_.]+)-\d+(?:[smhdwM]|Mo)(-[a-z_]+)?$")


@dataclass(frozen=True)
class FundingOptions:
    """Which funding rates to join, and how strictly.

    Parameters
    ----------
    path
        File of the rates.
    reading
        What the user says about that file.
    max_gap
        Periods in a row that may lack a rate; each counts as 0 and is reported.
    trim
        Whether to keep only the candles between the first and the last rate.
    scale
        What the rates are divided by; None to take plausible fractions as they are.
    """

    path: Path
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    max_gap: int = 0
    trim: bool = False
    scale: float | None = None


@dataclass(frozen=True)
class ImportOptions:
    """Everything that the user may say about an import; all of it may be left out.

    Parameters
    ----------
    symbol
        Name of the market; empty to take it from the rows or the file's name.
    reading, rules, funding
        How to read, what to ask of the candles, which funding to join.
    source, licence
        Where the data come from; the file's name when empty.
    market
        Kind of the market, one of ``MarketKind``; empty to read it from the candles.
    """

    symbol: str = ""
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    rules: CandleRules = field(default_factory=CandleRules)
    funding: FundingOptions | None = None
    source: str = ""
    licence: str = ""
    market: str = ""


def import_file(path: Path, options: ImportOptions) -> DataSet:
    """Read, check and where allowed repair a file of candles, and join its funding.

    Raises
    ------
    InvalidCandles, HistoryTooShort
        In one sentence with file, row and remedy.
    """
    # Its pandas takes half a second to load, and what is shipped or imported is read without it.
    from genepool.adapters.files.reading import read_candles  # noqa: PLC0415

    raw, understood = read_candles(path, _reading(options))
    if options.rules.funding_scale is not None and options.funding is None and raw.funding is None:
        raise InvalidCandles(f"{path.name} has no funding rates for --funding-scale: leave the flag out")
    rules = replace(options.rules, now=options.rules.now or time.time_ns())
    sound = checked(raw, rules, path.name)
    candles = sound.candles(options.symbol or _symbol(path, understood, options.reading.where))
    repairs, note = [*understood.notes, *sound.repairs.sentences()], None
    if options.funding is not None:
        before = len(candles)
        candles, note, told = with_funding(candles, options.funding, understood.shows_clock)
        repairs += told
        trimmed = before - len(candles)
        repairs += [f"candles without funding rates that were left out: {trimmed:,}"] if trimmed else []
    provenance = Provenance(
        source=options.source or path.name,
        licence=options.licence,
        layout=understood.layout,
        columns=tuple(understood.columns.items()),
        calendar=sound.calendar,
        repairs=tuple(repairs),
        funding=note,
        unused=understood.unused,
        market=options.market,
    )
    return DataSet(candles, provenance)


def _reading(options: ImportOptions) -> ReadingOptions:
    """Return how to read the candles: rates in their own rows are not looked at beside a file of rates."""
    if options.funding is None:
        return options.reading
    return replace(options.reading, columns={"funding": "none", **options.reading.columns})


def with_funding(
    candles: Candles, options: FundingOptions, candles_show_clock: bool
) -> tuple[Candles, FundingNote, tuple[str, ...]]:
    """Return candles with the funding of a file joined as of its stamps, and what was decided of those.

    Parameters
    ----------
    candles
        In UTC.
    options
        Which funding to join.
    candles_show_clock
        Whether the stamps of the candles' file name no zone.

    Raises
    ------
    InvalidCandles
        When the rates do not cover the candles as well as the options ask.
    """
    from genepool.adapters.files.reading import read_funding  # noqa: PLC0415 - as above

    stamps, rates, understood = read_funding(options.path, options.reading, candles_show_clock)
    rates = plausible_rates(stamps, rates, options.scale, options.path.name)
    funding = ordered_rates(stamps, rates, options.path.name)
    if options.trim:
        candles = _trimmed(candles, funding, options)
    coverage = funding_coverage(candles.stamps, candles.timeframe, funding)
    _check_coverage(coverage, options)
    column = join_funding(candles.stamps, candles.timeframe, funding)
    note = FundingNote(
        source=options.path.name,
        period=timeframe_name(coverage.period),
        rates=coverage.used,
        missing=coverage.missing,
        longest_gap=coverage.longest_gap,
    )
    return replace(candles, funding=column), note, understood.notes


def _trimmed(candles: Candles, funding: FundingRates, options: FundingOptions) -> Candles:
    period = funding_coverage(candles.stamps, candles.timeframe, funding).period
    before = candles.stamps - timeframe_nanoseconds(candles.timeframe)
    covered = (before >= funding.stamps[0] - period) & (candles.stamps < funding.stamps[-1] + period)
    if covered.sum() < 2:  # noqa: PLR2004 - two candles make a spacing
        raise _no_overlap(options, int(funding.stamps[0]), int(funding.stamps[-1]))
    start = int(covered.argmax())
    return candles.slice(start, start + int(covered.sum()))


def _check_coverage(coverage: FundingCoverage, options: FundingOptions) -> None:
    if coverage.used == 0:
        raise _no_overlap(options, coverage.first, coverage.last)
    if coverage.longest_gap > options.max_gap:
        raise InvalidCandles(
            f"{options.path.name} lacks {coverage.missing:,} funding rates of a "
            f"{timeframe_name(coverage.period)} period, {coverage.longest_gap:,} in a row after "
            f"{utc(coverage.gap_after)} (it runs from {utc(coverage.first)} to {utc(coverage.last)})",
            by_flag("leave out candles before and after it with", "--trim-to-funding"),
            by_flag("count missing rates as 0 with", "--max-funding-gap", coverage.longest_gap),
        )


def _no_overlap(options: FundingOptions, first: int, last: int) -> InvalidCandles:
    return InvalidCandles(
        f"{options.path.name} has funding rates from {utc(first)} to {utc(last)}, none of them during the "
        "candles: give the rates of the same span"
    )


def _symbol(path: Path, understood: Understood, where: Mapping[str, str]) -> str:
    for names in (understood.market, where):
        for wanted in ("symbol", "coin", "ticker", "pair", "instrument", "market"):
            for header, value in names.items():
                if header.lower() == wanted:
                    return value
    match = _FREQTRADE.match(path.stem)
    return match["pair"] if match else path.name.split(".")[0]
