"""The page of a batch: its markets side by side, each with a link to the report of its run."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from genepool.adapters.report.blocks import Column, Section, TableBlock, TableCell, TableRow
from genepool.adapters.report.notation import NONE, count, ratio
from genepool.adapters.report.page import KeyFigure, Page
from genepool.backtest.notation import probability
from genepool.robustness.verdicts import Standing
from genepool.usecases.market_batch import BatchPart, MarketBatch

_COLUMNS = (
    Column("market", text=True),
    Column("run", text=True),
    Column("generations"),
    Column("evaluations"),
    Column("in-sample best"),
    Column("deflated Sharpe"),
    Column("digest"),
)
_DIGITS = 12
_NOTE = (
    "The best by deflated Sharpe first. Each market is judged by the trials on its own candles alone: of "
    "several champions the best is also the luckiest, and that is counted nowhere."
)


def batch_page(batch: MarketBatch, folder: Path) -> Page:
    """Lay a batch out as a page.

    Parameters
    ----------
    batch
        What its parts found.
    folder
        Where the page lies; reports beside it are linked.
    """
    markets = f"{len(batch.parts)} markets"
    rows = [_row(part, folder) for part in sorted(batch.parts, key=_best_first)]
    return Page(
        title=f"{batch.name} · {markets} · GenePool",
        run=batch.name,
        market=markets,
        started=f"submitted {batch.submitted_at[:16].replace('T', ' ')} UTC",
        version=version("genepool"),
        synthetic=any(part.synthetic for part in batch.parts),
        unfinished=_unfinished(batch.parts),
        verdict=_verdict(batch.parts),
        standfirst=", ".join(_market(part) for part in batch.parts) + ".",
        key_figures=_key_figures(batch.parts),
        sections=[Section("markets", "Markets", _NOTE, [TableBlock(_COLUMNS, rows)])],
    )


def _row(part: BatchPart, folder: Path) -> TableRow:
    texts = [
        NONE if part.generations is None else count(part.generations),
        NONE if part.evaluations is None else count(part.evaluations),
        ratio(part.best_fitness),
        probability(part.deflated_sharpe),
        (part.digest or NONE)[:_DIGITS],
    ]
    names = [TableCell(_market(part)), TableCell(part.run, href=_link(part, folder))]
    beneath = part.verdict or part.error or f"It is {part.state}."
    return TableRow([*names, *map(TableCell, texts)], "champion" if _stands(part) else "", beneath=beneath)


def _link(part: BatchPart, folder: Path) -> str:
    """Return the way from the page to a report beside it; a report elsewhere is not linked."""
    if part.report is None or Path(part.report).resolve().parent != folder.resolve():
        return ""
    return quote(Path(part.report).name)


def _market(part: BatchPart) -> str:
    return f"{part.symbol} {part.timeframe}" if part.symbol else part.data


def _best_first(part: BatchPart) -> tuple[bool, float]:
    return part.deflated_sharpe is None, -(part.deflated_sharpe or 0.0)


def _stands(part: BatchPart) -> bool:
    return part.standing == Standing.STANDS.name.lower()


def _verdict(parts: Sequence[BatchPart]) -> str:
    standing = sum(map(_stands, parts))
    number = f"{standing} of {len(parts)}" if standing else f"None of {len(parts)}"
    return f"{number} champions {'is' if standing < 2 else 'are'} hard to explain by luck."  # noqa: PLR2004 - plural


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
