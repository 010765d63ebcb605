"""The generations of a run, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genepool.history import GenerationLine
from genepool.usecases.document import Document
from genepool.usecases.page_counts import checked_count
from genepool.usecases.past_run import PastRun


@dataclass(frozen=True, slots=True)
class ListedGeneration(Document):
    """One generation; what was pruned of it is None.

    Parameters
    ----------
    best, median, worst
        In-sample fitness of its members.
    champion
        Fingerprint of the run's champion when it was over.
    evaluations, failures
        How many genomes were born in it, and how many of these could not be scored.
    species
        Members by strategy.
    """

    number: int
    best: float | None
    median: float | None
    worst: float | None
    champion: str | None
    evaluations: int | None
    failures: int | None
    cache_hits: int
    seconds: float
    recorded_at: str | None
    species: Mapping[str, int]
    digest: str


@dataclass(frozen=True, slots=True)
class GenerationPage(Document):
    """Some generations of a run, in order.

    Parameters
    ----------
    next
        What ``after`` is for the next page; None behind the newest generation.
    total
        How many generations there are.
    """

    run: str
    generations: Sequence[ListedGeneration]
    next: int | None
    total: int


def page_generations(past: PastRun, after: int | None = None, count: int = 100) -> GenerationPage:
    """Return some generations of a run.

    Parameters
    ----------
    past
        The run.
    after
        Number of the generation before the first one; None for the beginning.
    count
        How many at most.

    Raises
    ------
    ConfigError
        When the count is too large.
    """
    total, first = past.summary.generations, 0 if after is None else max(0, after + 1)
    lines = past.generations(first, checked_count(count))
    end = first + len(lines)
    return GenerationPage(past.name, [_listed(past, line) for line in lines], _last(end, total), total)


def _last(end: int, total: int) -> int | None:
    return end - 1 if end < total else None


def _listed(past: PastRun, line: GenerationLine) -> ListedGeneration:
    census = None if past.pruned else past.census
    return ListedGeneration(
        number=line.number,
        best=line.best,
        median=line.median,
        worst=line.worst,
        champion=census.champion(line.number) if census else None,
        evaluations=census.evaluations(line.number) if census else None,
        failures=census.failures(line.number) if census else None,
        cache_hits=line.cache_hits,
        seconds=line.seconds,
        recorded_at=line.recorded_at,
        species=line.species,
        digest=line.digest,
    )
