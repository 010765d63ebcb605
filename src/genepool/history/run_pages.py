"""Which of many runs a user wants to see, and what a page of them says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from genepool.history.run_records import RunState, RunSummary

RunSort: TypeAlias = Literal["started", "best_fitness", "evaluations", "name", "score"]


@dataclass(frozen=True, slots=True)
class RunCursor:
    """Where a page of runs ends; the next begins behind it, also when runs come and go meanwhile.

    Parameters
    ----------
    key
        What the last run of the page was sorted by; None where it had nothing of the kind.
    number
        Number of that run.
    """

    key: str | float | None
    number: int


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs are wanted, in which order; what is empty lets all in.

    Parameters
    ----------
    states
        Where they may stand.
    symbol
        Part of their market's symbol, in capitals or not.
    text
        Part of their name or of their note.
    objective
        Name of their objective.
    sort, descending
        The order; runs that lack what is sorted by come last, and equal ones newest first.
    strategy
        Name of their champion's strategy; a run that has not ended has no champion yet.
    """

    states: Sequence[RunState] = ()
    symbol: str = ""
    text: str = ""
    objective: str = ""
    sort: RunSort = "started"
    descending: bool = True
    strategy: str = ""


@dataclass(frozen=True, slots=True)
class RunLines:
    """A page of the list of runs.

    Parameters
    ----------
    summaries
        Its lines.
    next
        Where the next page begins; None behind the last run.
    total
        How many runs there are on all pages.
    """

    summaries: Sequence[RunSummary]
    next: RunCursor | None
    total: int
