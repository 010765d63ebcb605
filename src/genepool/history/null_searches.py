"""What is remembered of a run's search on a market without an edge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Stands where the run's own search is remembered beside those of its null markets.
THE_RUN_ITSELF = 0


@dataclass(frozen=True, slots=True)
class NullSearch:
    """One search, in figures; none of its genomes is a trial on the run's own market.

    Parameters
    ----------
    run_digest
        Digest of the run that it repeats: a run that was continued since is another one.
    generator
        How its market was made; empty for the run itself.
    number
        From 1; ``THE_RUN_ITSELF`` for the run's own search.
    figures
        Every statistic by name; None where no genome could be scored.
    trials
        Unique genomes that it evaluated.
    """

    run_digest: str
    generator: str
    number: int
    figures: Mapping[str, float | None]
    trials: int


@dataclass(frozen=True, slots=True)
class SearchedRun:
    """A run that searched a market, with its nulls.

    Parameters
    ----------
    run, run_digest
        Its name, and its digest; None while it is not finished.
    nulls
        All that are recorded of it.
    """

    run: str
    run_digest: str | None
    nulls: Sequence[NullSearch]
