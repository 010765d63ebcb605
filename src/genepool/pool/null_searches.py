"""Several null searches at once, each in a thread of its own, told in the order of their numbers.

A search waits at the end of each generation for its last genome, and breeds while no worker has anything
to do. A second one fills these pauses. Each finds the same however many there are at once.
"""

import math
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from genepool.errors import GenepoolError
from genepool.history import NullSearch
from genepool.ports import Evaluator

# Searches the null of a number, and raises ``Interrupted`` soon after the given function returns True.
SearchNull: TypeAlias = Callable[[int, Callable[[], bool]], NullSearch]

# Genomes that a worker should find waiting in each generation, so that it seldom waits itself.
_GENOMES_A_WORKER = 4
# Workers are sent the market of each; a crew keeps so many.
_MOST = 8


@dataclass(frozen=True, slots=True)
class NullWorkers:
    """Who evaluates null searches.

    Parameters
    ----------
    evaluator
        For any number of threads at once.
    count
        How many workers it has; 1 where nobody knows.
    """

    evaluator: Evaluator
    count: int = 1

    def searches_at_once(self, population: int) -> int:
        """Return how many searches keep the workers busy."""
        return searches_at_once(self.count, population)


def searches_at_once(workers: int, population: int) -> int:
    """Return how many searches of a population keep so many workers busy; a single one needs one."""
    if workers <= 1:
        return 1
    return min(_MOST, max(2, math.ceil(_GENOMES_A_WORKER * workers / population)))


def searched_in_order(
    search: SearchNull,
    numbers: Sequence[int],
    at_once: int,
    interrupted: Callable[[], bool],
    ended: Callable[[NullSearch], object],
) -> Generator[NullSearch, None, None]:
    """Yield the nulls of these numbers in their order; closing the iterator breaks off those that run.

    Parameters
    ----------
    search
        Searches one; called from several threads.
    numbers
        Which.
    at_once
        How many are searched at a time; 1 needs no thread.
    interrupted
        Tells whether the user wants to stop.
    ended
        Told each that ends, in any order, and also when others were broken off; from the calling thread.

    Raises
    ------
    Interrupted
        When the user stops it.
    GenepoolError
        When a search cannot be made; the others are broken off.
    """
    if at_once > 1 and len(numbers) > 1:
        yield from _side_by_side(search, numbers, at_once, interrupted, ended)
        return
    for number in numbers:
        found = search(number, interrupted)
        ended(found)
        yield found


def _side_by_side(
    search: SearchNull,
    numbers: Sequence[int],
    at_once: int,
    interrupted: Callable[[], bool],
    ended: Callable[[NullSearch], object],
) -> Generator[NullSearch, None, None]:
    over = threading.Event()
    running: set[Future[NullSearch]] = set()
    found: dict[int, NullSearch] = {}
    waiting = iter(numbers)

    def stopped() -> bool:
        return over.is_set() or interrupted()

    with ThreadPoolExecutor(at_once, "null-search") as threads:
        try:
            for number in numbers:
                while number not in found:
                    while len(running) < at_once and (following := next(waiting, None)) is not None:
                        running.add(threads.submit(search, following, stopped))
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        running.remove(future)
                        one = future.result()
                        found[one.number] = one
                        ended(one)
                yield found.pop(number)
        finally:
            over.set()
            for future in running:
                # Why these broke off is known, or follows from the first that did.
                with suppress(GenepoolError):
                    ended(future.result())
