"""What the coordinator does with the runs that it finds."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from genepool.errors import DataError, GenepoolError, Interrupted, RunNotFound, ServiceUnavailable, StoreError
from genepool.history import RunState
from genepool.pool.coordinator import AWAY_SECONDS, IDLE_SECONDS, Coordinator


@dataclass
class Queue:
    """Runs in a list; a string that starts with "away" is an absent history instead."""

    entries: list[str | None]
    submitted: list[str] = field(default_factory=list)

    def next_run(self) -> str | None:
        entry = self.entries.pop(0)
        if entry == "away":
            raise StoreError("the history does not answer")
        return entry

    def submit(self, run: str) -> None:
        self.submitted.append(run)

    def request_stop(self, run: str) -> None:
        raise NotImplementedError

    def stop_requested(self, run: str) -> bool:
        raise NotImplementedError

    def state(self, run: str) -> RunState:
        raise NotImplementedError


@dataclass
class Work:
    """A desk on which runs end as their names say."""

    endings: dict[str, GenepoolError]
    on_run: Callable[[], None] = lambda: None
    done: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    told: list[tuple[str, str | None]] = field(default_factory=list)

    def carry_on(self, run: str) -> None:
        self.on_run()
        if run in self.endings:
            raise self.endings[run]
        self.done.append(run)

    def give_up(self, run: str) -> None:
        self.given_up.append(run)

    def tell(self, event: str, run: str | None, reason: str) -> None:
        assert reason
        self.told.append((event, run))


def coordinate(queue: Queue, desk: Work, stopping: Callable[[], bool] | None = None) -> list[float]:
    """Let a coordinator work through a queue; return how long it paused."""
    pauses: list[float] = []
    over = stopping or (lambda: not queue.entries)
    Coordinator(queue, desk, over, pauses.append).work()
    return pauses


def test_runs_are_carried_on_one_after_the_other() -> None:
    desk = Work({})
    assert coordinate(Queue(["one", "two"]), desk) == []
    assert desk.done == ["one", "two"]


def test_an_empty_queue_is_asked_again_soon() -> None:
    desk = Work({})
    assert coordinate(Queue([None, "one"]), desk) == [IDLE_SECONDS]
    assert desk.done == ["one"]


def test_an_absent_history_is_waited_for() -> None:
    desk = Work({})
    assert coordinate(Queue(["away", "one"]), desk) == [AWAY_SECONDS]
    assert desk.told == [("history_away", None)]
    assert desk.done == ["one"]


def test_a_run_that_cannot_go_on_is_given_up_and_the_next_one_taken() -> None:
    desk = Work({"bad": DataError("its candles are gone")})
    coordinate(Queue(["bad", "good"]), desk)
    assert (desk.given_up, desk.done) == (["bad"], ["good"])


def test_a_run_that_lost_its_history_or_its_lease_is_left_as_it_is() -> None:
    queue, desk = Queue(["one"]), Work({"one": StoreError("another coordinator carries it on")})
    assert coordinate(queue, desk) == [AWAY_SECONDS]
    assert (desk.given_up, queue.submitted) == ([], [])


def test_a_run_without_a_cluster_is_queued_until_there_is_one() -> None:
    queue, desk = Queue(["one", "two"]), Work({"one": ServiceUnavailable("no cluster answers")})
    assert coordinate(queue, desk) == [AWAY_SECONDS]
    assert (desk.given_up, queue.submitted, desk.done) == ([], ["one"], ["two"])


def test_a_run_that_a_user_stopped_stays_stopped() -> None:
    queue, desk = Queue(["one", "two"]), Work({"one": Interrupted("stopped")})
    coordinate(queue, desk, lambda: not queue.entries)
    assert queue.submitted == []
    assert desk.done == ["two"]


def test_a_run_that_the_coordinators_end_stopped_is_queued_again() -> None:
    told: list[bool] = []
    queue = Queue(["one", "two"])
    desk = Work({"one": Interrupted("stopped")}, on_run=lambda: told.append(True))
    coordinate(queue, desk, lambda: bool(told))
    assert queue.submitted == ["one"]
    assert desk.done == []


@pytest.mark.parametrize("trouble", [RunNotFound("gone"), StoreError("away")], ids=["gone", "away"])
def test_giving_up_survives_a_history_that_fails(trouble: StoreError) -> None:
    class Torn(Work):
        def give_up(self, run: str) -> None:  # type: ignore[explicit-override] # noqa: ARG002 - Python 3.11 has no override
            raise trouble

    desk = Torn({"bad": DataError("no")})
    coordinate(Queue(["bad", "good"]), desk)
    assert desk.done == ["good"]
