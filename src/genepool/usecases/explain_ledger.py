"""The ledger for people: which runs tried what, and what so many trials show by luck alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from genepool.history import LedgerLine
from genepool.ports import LedgerPages, RunCatalogue
from genepool.robustness.sharpe_statistics import expected_best_sharpe, minimum_backtest_length
from genepool.usecases.document import AMONG, Document
from genepool.usecases.page_ledger import page_ledger

_RUNS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ExplainedLedger(Document):
    """One data set.

    Parameters
    ----------
    line
        What the ledger says of it; its members stand among those of this document.
    newest_runs
        The newest runs on it, by name.
    lucky_sharpe
        Annualised Sharpe ratio that the best of as many genomes without skill shows on a year of candles;
        on four years it is half of it.
    minimum_backtest_years
        Years of candles below which the best of them shows an annual Sharpe ratio of 1 by luck alone.
    """

    line: LedgerLine = field(metadata=AMONG)
    newest_runs: Sequence[str]
    lucky_sharpe: float
    minimum_backtest_years: float


@dataclass(frozen=True, slots=True)
class LedgerInWords(Document):
    """A page of it, as ``LedgerPage``."""

    ledgers: Sequence[ExplainedLedger]
    next: int | None
    total: int


def explain_ledger(pages: LedgerPages, runs: RunCatalogue, after: int = 0, count: int = 50) -> LedgerInWords:
    """Return some data sets with what their trials amount to.

    Parameters
    ----------
    pages, after, count
        As ``page_ledger``.
    runs
        The runs that tried.
    """
    page = page_ledger(pages, after, count)
    names: dict[str, list[str]] = {}
    for summary in runs.summaries():
        names.setdefault(summary.spec.market_digest, []).append(summary.spec.run)
    explained = [
        ExplainedLedger(
            line,
            names.get(line.market_digest, [])[:_RUNS_SHOWN],
            expected_best_sharpe(line.trials, 1.0),
            minimum_backtest_length(line.trials),
        )
        for line in page.ledgers
    ]
    return LedgerInWords(explained, page.next, page.total)
