"""The ledger of trials, data set by data set."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.history import LedgerLine
from genepool.ports import LedgerPages
from genepool.usecases.document import Document
from genepool.usecases.page_counts import checked_count


@dataclass(frozen=True, slots=True)
class LedgerPage(Document):
    """Some data sets that genomes were tried on, those tried on last first.

    Parameters
    ----------
    next
        What ``after`` is for the next page; None behind the last data set.
    total
        How many data sets there are.
    """

    ledgers: Sequence[LedgerLine]
    next: int | None
    total: int


def page_ledger(pages: LedgerPages, after: int = 0, count: int = 50) -> LedgerPage:
    """Return some data sets with their trials: the numbers that their runs are judged by.

    Parameters
    ----------
    pages
        The ledger.
    after
        How many data sets come before the first one.
    count
        How many at most.

    Raises
    ------
    ConfigError
        When the count is too large.
    """
    first = max(0, after)
    lines, total = pages.ledgers(first, checked_count(count))
    end = first + len(lines)
    return LedgerPage(lines, end if lines and end < total else None, total)
