"""Which of many runs a client asks for, in which order, and where the page begins."""

from typing import Annotated

from fastapi import Depends, Query

from genepool.history import RunFilter, RunSort, RunState

# What no database can hold is asked of none.
_TEXT = r"^[^\x00-\x1f]*$"
_LONGEST = 200

After = Annotated[
    str | None, Query(max_length=1_000, description="`next` of the page before; the first page without it.")
]
Count = Annotated[int, Query(ge=1, le=500, description="Lines at most.")]


def run_filter(
    state: Annotated[list[RunState] | None, Query(max_length=6, description="Where they stand.")] = None,
    symbol: Annotated[
        str, Query(max_length=_LONGEST, pattern=_TEXT, description="Part of their market's symbol.")
    ] = "",
    text: Annotated[
        str, Query(max_length=_LONGEST, pattern=_TEXT, description="Part of their name or note.")
    ] = "",
    objective: Annotated[
        str, Query(max_length=_LONGEST, pattern=_TEXT, description="Name of their objective.")
    ] = "",
    strategy: Annotated[
        str,
        Query(
            max_length=_LONGEST,
            pattern=_TEXT,
            description="Strategy of their champion, once they have ended.",
        ),
    ] = "",
    sort: Annotated[RunSort, Query(description="What they are sorted by.")] = "started",
    descending: Annotated[bool, Query(description="The largest first.")] = True,
) -> RunFilter:
    """Return what a query asks for."""
    return RunFilter(tuple(state or ()), symbol, text, objective, sort, descending, strategy)


Filter = Annotated[RunFilter, Depends(run_filter)]
