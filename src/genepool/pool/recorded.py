"""What the history holds of a run, read some generations at a time: a run may be larger than memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from genepool.evolution.population import Individual
from genepool.history import BirthLine, GenerationRecord
from genepool.pool.births import Birth
from genepool.ports import RecordedGenerations, RecordedParts

# How many individuals are read at once, as far as the size of generations can be foreseen: some megabytes.
_INDIVIDUALS = 4_000
# The same of their lines.
_LINES = 20_000


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


def birth_lines(store: RecordedParts, run: str, generations: int) -> Iterator[BirthLine]:
    """Yield everybody who was born in a run's first generations, generation by generation.

    Raises
    ------
    RunNotFound
        When there is none of that name.
    """
    first, count = 0, 1
    while first < generations:
        found = store.birth_lines(run, first, count := min(count, generations - first))
        yield from found
        first += count
        count = max(1, _LINES * count // max(1, len(found)))


def born(store: RecordedGenerations, run: str, births: Iterable[Birth]) -> list[Individual]:
    """Return individuals of a run, in the order of their births; only their generations are read.

    Raises
    ------
    RunNotFound
        When there is none of that name.
    """
    wanted = defaultdict[int, set[str]](set)
    for birth in births:
        wanted[birth.generation].add(birth.fingerprint)
    return [
        individual
        for generation in sorted(wanted)
        for record in store.generations(run, generation, 1)
        for individual in record.newborn
        if individual.genome.fingerprint in wanted[generation]
    ]
