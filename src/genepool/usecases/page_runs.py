"""List past runs page by page: filtered, in any order, and as fast for thousands as for ten."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from genepool.errors import ConfigError
from genepool.history import RunCursor, RunFilter, RunLines
from genepool.names import composed, storable
from genepool.ports import RunPages
from genepool.usecases.document import Document
from genepool.usecases.list_runs import ListedRun, list_runs
from genepool.usecases.page_counts import checked_count

# What databases hold as whole numbers: of a count, and of a run.
_WHOLE, _NUMBERS = 2**53, 2**31


@dataclass(frozen=True, slots=True)
class RunPage(Document):
    """A page of the list of runs.

    Parameters
    ----------
    runs
        Its lines.
    next
        What ``after`` is for the next page; None behind the last run.
    total
        How many runs there are on all pages.
    """

    runs: Sequence[ListedRun]
    next: str | None
    total: int


def page_runs(asked: RunFilter, pages: RunPages, after: str | None = None, count: int = 50) -> RunPage:
    """Return a page of the list of runs.

    Parameters
    ----------
    asked
        Which runs, in which order.
    pages
        Where they are listed.
    after
        ``next`` of the page before; None for the first.
    count
        How many runs at most.

    Raises
    ------
    ConfigError
        When ``after`` belongs to no page in this order, a filter is no text, or the count is too large.
    """
    found = lines_of(asked, pages, after, count)
    return RunPage(list_runs(found.summaries), next_of(found, asked), found.total)


def lines_of(asked: RunFilter, pages: RunPages, after: str | None, count: int) -> RunLines:
    """Return what is on a page, with its cursor as text read."""
    for name in ("symbol", "text", "objective"):
        if not storable(getattr(asked, name)):
            raise ConfigError(f"{name} holds signs that are no text: leave them out")
    wanted = replace(asked, symbol=composed(asked.symbol), text=composed(asked.text))
    return pages.page(wanted, None if after is None else _read(after, asked), checked_count(count))


def next_of(found: RunLines, asked: RunFilter) -> str | None:
    """Return where the next page begins, as text that its user passes on unread."""
    if found.next is None:
        return None
    values = [asked.sort, asked.descending, found.next.key, found.next.number]
    return urlsafe_b64encode(json.dumps(values).encode()).decode("ascii")


def _read(after: str, asked: RunFilter) -> RunCursor:
    try:
        sort, descending, key, number = json.loads(urlsafe_b64decode(after.encode("ascii")))
    except ValueError as error:
        raise _unfit(after) from error
    whole = isinstance(number, int) and abs(number) < _NUMBERS
    if (sort, descending) != (asked.sort, asked.descending) or not whole or not _is_key(key, asked):
        raise _unfit(after)
    return RunCursor(key, number)


def _is_key(key: object, asked: RunFilter) -> bool:
    if asked.sort == "name":
        return isinstance(key, str) and storable(key)
    if isinstance(key, int):
        return abs(key) < _WHOLE
    return key is None or (isinstance(key, float) and isfinite(key))


def _unfit(after: str) -> ConfigError:
    return ConfigError(
        f"after is {after!r}, which no page in this order ends with: pass on what its next says, or begin "
        "with the first page"
    )
