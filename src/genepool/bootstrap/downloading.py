"""Fetches candles from an exchange and keeps them, for the command and for jobs."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from typing_extensions import override

from genepool.adapters.exchange.ccxt_client import Connection
from genepool.adapters.exchange.download import Downloaded, DownloadRequest, Progress, download
from genepool.adapters.exchange.downloaded_pages import DownloadedPages
from genepool.adapters.files.candle_store import SUFFIX, load, save, store_folder, store_name
from genepool.adapters.files.replacing import replaced_by
from genepool.errors import DataError
from genepool.market.candle_rules import CandleRules
from genepool.market.candles import FloatArray
from genepool.market.joined import joined
from genepool.market.kinds import MarketKind, kind_of_symbol
from genepool.market.provenance import DataSet, FundingNote, Provenance
from genepool.market.timeframes import file_timeframe, plain_timeframe, timeframe_name
from genepool.usecases.download_job import DownloadJob


class CountedPages(DownloadedPages):
    """Pages of a download that tell how many candles came so far."""

    candles = 0

    @override
    def get(
        self, name: str, fields: Sequence[str], keep: bool, fetch: Callable[[], FloatArray]
    ) -> FloatArray:
        page = super().get(name, fields, keep, fetch)
        self.candles += len(page) if name.startswith("candles") else 0
        return page


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Candles that were downloaded and are kept.

    Parameters
    ----------
    name
        What they are kept under.
    data, came
        What is kept, and what the exchange gave.
    replaced
        What they took the place of, in one sentence; empty for nothing.
    """

    name: str
    data: DataSet
    came: Downloaded
    replaced: str


def pages_of(home: Path, asked: DownloadJob) -> CountedPages:
    """Return what earlier attempts at a download have got."""
    timeframe = file_timeframe(plain_timeframe(asked.timeframe))
    return CountedPages.of(home, asked.exchange, asked.symbol, timeframe, asked.base_url)


def fetched(
    home: Path, asked: DownloadJob, rules: CandleRules, pages: DownloadedPages, progress: Progress
) -> Kept:
    """Fetch candles and keep them; an attempt that was cut off is continued.

    Parameters
    ----------
    home
        Folder of the imports.
    asked
        What is wanted.
    rules
        What is asked of the candles.
    pages
        What earlier attempts have got.
    progress
        Told of each page; what it raises ends the attempt.

    Raises
    ------
    ConfigError, ServiceUnavailable, DataError
        As ``download``.
    """
    span = asked.span(time.time_ns())
    request = DownloadRequest(asked.symbol, asked.timeframe, span.candles, rules, span.until)
    came = download(Connection(asked.exchange, asked.base_url), request, pages, progress)
    if span.since is not None:
        first = int(came.candles.stamps.searchsorted(span.since))
        came = replace(came, candles=came.candles.slice(min(first, len(came.candles) - 2), len(came.candles)))
    data = DataSet(came.candles, _provenance(asked.exchange, came))
    folder = store_folder(home)
    if asked.joined and (held := _held(data, folder)) is not None:
        data = replace(data, candles=joined(held.candles, data.candles))
    replaced = replaced_by(data, folder, allowed=asked.replace)
    name = save(data, folder, replacing=asked.replace).stem
    pages.clear()
    return Kept(name, data, came, replaced)


def _held(data: DataSet, folder: Path) -> DataSet | None:
    """Return what an earlier download of the same market kept; None without one."""
    try:
        held = load(folder / f"{store_name(data.candles.symbol, data.candles.timeframe)}{SUFFIX}")
    except DataError:
        return None
    return held if held.provenance.source == data.provenance.source else None


def _provenance(exchange: str, came: Downloaded) -> Provenance:
    source, note = f"{exchange} {came.market}", None
    if came.coverage is not None:
        note = FundingNote(
            source=source,
            period=timeframe_name(came.coverage.period),
            rates=came.coverage.used,
            missing=came.coverage.missing,
            longest_gap=came.coverage.longest_gap,
        )
    return Provenance(
        source=source,
        layout="ccxt",
        calendar=came.calendar,
        repairs=came.repairs,
        funding=note,
        # Exchanges that ccxt knows trade coins, whatever these are called.
        market=kind_of_symbol(came.market) or MarketKind.CRYPTO,
    )
