"""The whole leaderboard of a run, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.usecases.document import Document
from genepool.usecases.leaderboard import Place, place_of
from genepool.usecases.page_counts import checked_count
from genepool.usecases.past_run import PastRun


@dataclass(frozen=True, slots=True)
class LeaderboardPage(Document):
    """Some places of a leaderboard, in order.

    Parameters
    ----------
    next
        What ``after`` is for the next page; None behind the last place.
    total
        How many places there are: unique genomes that could be scored, of a pruned run those left.
    """

    run: str
    leaderboard: Sequence[Place]
    next: int | None
    total: int


def page_leaderboard(past: PastRun, after: int = 0, count: int = 50) -> LeaderboardPage:
    """Return some places of a run's leaderboard.

    Parameters
    ----------
    past
        The run.
    after
        The place before the first one; 0 for the champion first.
    count
        How many at most.

    Raises
    ------
    ConfigError
        When the count is too large.
    """
    total, first = past.length, max(0, after) + 1
    ranks = range(first, min(total, first + checked_count(count) - 1) + 1)
    found = past.read([past.census.births.at(rank) for rank in ranks])
    per_year = past.summary.spec.annualised_by
    board = [place_of(rank, one, per_year) for rank, one in zip(ranks, found, strict=True)]
    return LeaderboardPage(past.name, board, ranks[-1] if ranks and ranks[-1] < total else None, total)
