"""Several null searches at once are told in their order, and nothing that ended is lost."""

import threading
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from typing import cast

import pytest

from genepool.errors import Interrupted, ServiceUnavailable
from genepool.history import NullSearch
from genepool.pool.null_searches import NullWorkers, SearchNull, searched_in_order
from genepool.ports import Evaluator

PATIENCE_SECONDS = 30


def null(number: int) -> NullSearch:
    return NullSearch("digest", "block_shuffle", number, {}, 10)


def at_once(
    search: SearchNull,
    ended: list[int],
    numbers: range = range(1, 5),
    interrupted: Callable[[], bool] = lambda: False,
) -> Generator[NullSearch, None, None]:
    return searched_in_order(search, numbers, 2, interrupted, lambda one: ended.append(one.number))


def given_up(stopped: Callable[[], bool]) -> NullSearch:
    """Search until it is broken off."""
    while not stopped():
        threading.Event().wait(0.001)
    raise Interrupted("broken off")


def test_they_run_side_by_side_and_are_told_in_order() -> None:
    second_ended, ended = threading.Event(), list[int]()

    def search(number: int, _stopped: Callable[[], bool]) -> NullSearch:
        # The first one ends only after the second one has.
        if number == 1:
            assert second_ended.wait(PATIENCE_SECONDS)
        elif number == 2:
            second_ended.set()
        return null(number)

    assert [one.number for one in at_once(search, ended)] == [1, 2, 3, 4]
    assert sorted(ended) == [1, 2, 3, 4]


def test_no_more_run_at_once_than_asked() -> None:
    lock, running, most = threading.Lock(), set[int](), list[int]()

    def search(number: int, _stopped: Callable[[], bool]) -> NullSearch:
        with lock:
            running.add(number)
            most.append(len(running))
        threading.Event().wait(0.005)
        with lock:
            running.remove(number)
        return null(number)

    assert len(list(at_once(search, [], range(1, 9)))) == 8
    assert max(most) == 2


def test_one_at_a_time_needs_no_thread() -> None:
    threads = set[int]()

    def search(number: int, _stopped: Callable[[], bool]) -> NullSearch:
        threads.add(threading.get_ident())
        return null(number)

    list(searched_in_order(search, range(1, 4), 1, lambda: False, print))
    assert threads == {threading.get_ident()}


def test_what_ended_before_a_stop_is_told_even_before_its_turn() -> None:
    ended: list[int] = []

    def search(number: int, stopped: Callable[[], bool]) -> NullSearch:
        return null(number) if number == 2 else given_up(stopped)

    with pytest.raises(Interrupted):
        list(at_once(search, ended, interrupted=lambda: 2 in ended))
    assert ended == [2]


def test_one_that_was_at_its_end_when_another_broke_is_told_too() -> None:
    ended: list[int] = []

    def search(number: int, stopped: Callable[[], bool]) -> NullSearch:
        if number == 1:
            raise ServiceUnavailable("the cluster is lost")
        with suppress(Interrupted):
            given_up(stopped)
        return null(number)

    with pytest.raises(ServiceUnavailable):
        list(at_once(search, ended))
    assert ended == [2]


def test_what_is_no_longer_wanted_is_broken_off() -> None:
    broken = threading.Event()

    def search(number: int, stopped: Callable[[], bool]) -> NullSearch:
        if number == 1:
            return null(1)
        try:
            return given_up(stopped)
        finally:
            broken.set()

    with closing(at_once(search, [])) as found:
        assert next(found).number == 1
    assert broken.is_set()


def test_an_error_of_one_ends_the_others_and_is_told() -> None:
    def search(number: int, stopped: Callable[[], bool]) -> NullSearch:
        if number == 1:
            return given_up(stopped)
        raise ServiceUnavailable("the cluster is lost")

    with pytest.raises(ServiceUnavailable, match="the cluster is lost"):
        list(at_once(search, []))


@pytest.mark.parametrize(
    ("workers", "population", "searches"),
    [(1, 70, 1), (2, 70, 2), (2, 4, 2), (8, 70, 2), (64, 70, 4), (64, 1_000, 2), (500, 20, 8)],
)
def test_as_many_as_keep_the_workers_busy(workers: int, population: int, searches: int) -> None:
    nobody = cast("Evaluator", None)
    assert NullWorkers(nobody, workers).searches_at_once(population) == searches
