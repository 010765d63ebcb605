"""The report of a batch: its markets side by side, and then a page of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from genepool.adapters.report.blocks import Column, Section, TableBlock, TableCell, TableRow
from genepool.adapters.report.market_page import MarketPage, market_page
from genepool.adapters.report.notation import NONE, count, ratio
from genepool.adapters.report.page import KeyFigure, Page
from genepool.backtest.notation import probability
from genepool.robustness.ladder import Rung
from genepool.usecases.market_batch import BatchPart, MarketBatch
from genepool.usecases.view_batch import PartView

_COLUMNS = (
    Column("market", text=True),
    Column("run", text=True),
    Column("generations"),
    Column("evaluations"),
    Column("in-sample best"),
    Column("deflated Sharpe"),
    Column("rung", text=True),
    Column("digest"),
)
_DIGITS = 12
# A page takes about a tenth of a megabyte: a browser opens the report of a batch of any size.
PAGES_AT_MOST = 40
_NOTE = (
    "The best by deflated Sharpe first. Each market is judged by the trials on its own candles alone: of "
    "several champions the best is also the luckiest, and that is counted nowhere."
)


@dataclass(frozen=True, slots=True)
class BatchPages:
    """What the template fills in.

    Parameters
    ----------
    front
        The table over the markets.
    markets
        A page of each, the best first.
    """

    front: Page
    markets: Sequence[MarketPage]


def batch_pages(batch: MarketBatch, folder: Path, view: PartView) -> BatchPages:
    """Lay a batch out.

    Parameters
    ----------
    batch
        What its parts found.
    folder
        Where the report lies; reports beside it are linked.
    view
        Looks at the run of a part.
    """
    ordered = sorted(batch.parts, key=_best_first)
    pages, unseen = _pages(ordered, folder, view)
    return BatchPages(
        _front(batch, [_row(part, folder, pages, unseen) for part in ordered]), [*pages.values()]
    )


def _pages(
    ordered: Sequence[BatchPart], folder: Path, view: PartView
) -> tuple[dict[int, MarketPage], dict[int, str]]:
    """Return the pages by job, and why others have none."""
    pages: dict[int, MarketPage] = {}
    unseen: dict[int, str] = {}
    for part in ordered:
        if len(pages) == PAGES_AT_MOST:
            unseen[part.job] = f"No page here: only the best {PAGES_AT_MOST} markets have one."
        elif isinstance(seen := view(part), str):
            unseen[part.job] = f"No page here: {seen}" * bool(seen)
        else:
            pages[part.job] = market_page(f"job-{part.job}", seen, _link(part, folder))
    return pages, unseen


def _front(batch: MarketBatch, rows: Sequence[TableRow]) -> Page:
    markets = f"{len(batch.parts)} markets"
    return Page(
        title=f"{batch.name} · {markets} · GenePool",
        run=batch.name,
        market=markets,
        started=f"submitted {batch.submitted_at[:16].replace('T', ' ')} UTC",
        version=version("genepool"),
        synthetic={part.synthetic for part in batch.parts} - {None} == {True},
        unfinished=_unfinished(batch.parts),
        verdict=_verdict(batch.parts),
        standfirst=", ".join(_market(part) for part in batch.parts) + ".",
        key_figures=_key_figures(batch.parts),
        sections=[Section("markets", "Markets", _NOTE, [TableBlock(_COLUMNS, rows)])],
    )


def _row(
    part: BatchPart, folder: Path, pages: Mapping[int, MarketPage], unseen: Mapping[int, str]
) -> TableRow:
    texts = [
        NONE if part.generations is None else count(part.generations),
        NONE if part.evaluations is None else count(part.evaluations),
        ratio(part.best_fitness),
        probability(part.deflated_sharpe),
        (part.rung or "none") if part.verdict else NONE,
        (part.digest or NONE)[:_DIGITS],
    ]
    shown = pages.get(part.job)
    names = [
        TableCell(_market(part), href=f"#{shown.anchor}" if shown else ""),
        TableCell(part.run, href="" if shown else _link(part, folder)),
    ]
    said = part.verdict or part.error or f"It is {part.state}."
    beneath = " ".join(filter(None, (said, unseen.get(part.job))))
    return TableRow([*names, *map(TableCell, texts)], "champion" if _survives(part) else "", beneath=beneath)


def _link(part: BatchPart, folder: Path) -> str:
    """Return the way from the page to a report beside it; a report elsewhere is not linked."""
    if part.report is None or Path(part.report).resolve().parent != folder.resolve():
        return ""
    return quote(Path(part.report).name)


def _market(part: BatchPart) -> str:
    return f"{part.symbol} {part.timeframe}" if part.symbol else part.data


def _best_first(part: BatchPart) -> tuple[bool, float]:
    return part.deflated_sharpe is None, -(part.deflated_sharpe or 0.0)


def _survives(part: BatchPart) -> bool:
    return part.rung is not None and Rung[part.rung.upper()].height >= Rung.SURVIVED.height


def _verdict(parts: Sequence[BatchPart]) -> str:
    surviving = sum(map(_survives, parts))
    number = str(surviving) if surviving else "None"
    verb = "survive" if surviving > 1 else "survives"
    return f"{number} of {len(parts)} champions {verb} deflation or null evolution."


def _unfinished(parts: Sequence[BatchPart]) -> str:
    others = [f"{_market(part)} {part.state}" for part in parts if part.state != "done"]
    return f"Not all markets are done: {', '.join(others)}." if others else ""


def _key_figures(parts: Sequence[BatchPart]) -> list[KeyFigure]:
    done = sum(part.state == "done" for part in parts)
    best = max((part.deflated_sharpe for part in parts if part.deflated_sharpe is not None), default=None)
    evaluations = sum(part.evaluations or 0 for part in parts)
    return [
        KeyFigure("batch", "markets", count(len(parts)), f"done {count(done)}"),
        KeyFigure("all markets", "evaluations", count(evaluations), "genomes that were tried"),
        KeyFigure("best market", "deflated Sharpe", probability(best), "after the trials of its own candles"),
    ]
