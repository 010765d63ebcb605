"""What the history holds of a run, read some generations at a time: a run may be larger than memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord
from genepool.ports import RecordedGenerations

# How many individuals are read at once, as far as the size of generations can be foreseen: some megabytes.
_INDIVIDUALS = 4_000


def recorded(store: RecordedGenerations, run: str, first: int = 0) -> Iterator[GenerationRecord]:
    """Yield a run's generations from some number on, in order, until there are no more.

    Raises
    ------
    RunNotFound
        When there is none of that name.
    """
    return chain.from_iterable(pages(store, run, first))


def pages(store: RecordedGenerations, run: str, first: int = 0) -> Iterator[list[GenerationRecord]]:
    """Yield the same, as many at a time as are read at once.

    Raises
    ------
    RunNotFound
        When there is none of that name.
    """
    count = 1
    while page := store.generations(run, first, count):
        yield page
        first += len(page)
        individuals = sum(len(record.newborn) + len(record.population.individuals) for record in page)
        count = max(1, _INDIVIDUALS * len(page) // max(1, individuals))


@dataclass(frozen=True, slots=True)
class Whole:
    """All of a run, as its report needs it.

    Parameters
    ----------
    populations
        Every generation.
    newborn
        Every individual with the generation that first evaluated it, in the order asked.
    """

    populations: tuple[Population, ...]
    newborn: tuple[tuple[int, Individual], ...]


def whole(store: RecordedGenerations, run: str, read: Callable[[int], None] = lambda _: None) -> Whole:
    """Return all of a run at once.

    Parameters
    ----------
    store, run
        Where to look, and for what.
    read
        Told how many generations were read.
    """
    populations, newborn = list[Population](), list[tuple[int, Individual]]()
    for page in pages(store, run):
        populations += [record.population for record in page]
        newborn += [(record.population.generation, one) for record in page for one in record.newborn]
        read(len(populations))
    return Whole(tuple(populations), tuple(newborn))


def populations(store: RecordedGenerations, run: str) -> list[Population]:
    """Return every population of a run, in order."""
    return [record.population for record in recorded(store, run)]


def newborn(store: RecordedGenerations, run: str) -> list[tuple[int, Individual]]:
    """Return every individual with the generation that first evaluated it, in the order asked."""
    return [
        (record.population.generation, individual)
        for record in recorded(store, run)
        for individual in record.newborn
    ]
