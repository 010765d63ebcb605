"""What the coordinator does with the runs that it finds."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from genepool.errors import (
    DataError,
    GenepoolError,
    Interrupted,
    RunFinished,
    RunNotFound,
    ServiceUnavailable,
    StoreError,
)
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

    def breed(self, run: str) -> None:
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


def test_runs_are_evolved_one_after_the_other() -> None:
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


def test_a_run_that_cannot_continue_is_given_up_and_the_next_one_taken() -> None:
    desk = Work({"bad": DataError("its candles are gone")})
    coordinate(Queue(["bad", "good"]), desk)
    assert (desk.given_up, desk.done) == (["bad"], ["good"])


def test_a_run_that_lost_its_history_or_its_lease_is_left_as_it_is() -> None:
    queue, desk = Queue(["one"]), Work({"one": StoreError("another coordinator owns it")})
    assert coordinate(queue, desk) == [AWAY_SECONDS]
    assert (desk.given_up, queue.submitted) == ([], [])


def test_a_run_without_a_cluster_is_put_off_and_never_given_up() -> None:
    queue, desk = Queue(["one", "two"]), Work({"one": ServiceUnavailable("no cluster answers")})
    assert coordinate(queue, desk) == [AWAY_SECONDS]
    assert (desk.given_up, desk.told, desk.done) == ([], [("run_put_off", "one")], ["two"])


def test_a_run_that_was_stopped_stays_as_its_end_was_recorded() -> None:
    queue, desk = Queue(["one", "two"]), Work({"one": Interrupted("stopped")})
    coordinate(queue, desk)
    assert (queue.submitted, desk.given_up, desk.done) == ([], [], ["two"])


def test_a_run_that_the_history_does_not_know_keeps_nobody_waiting() -> None:
    desk = Work({"gone": RunNotFound("there is no run 'gone'")})
    assert coordinate(Queue(["gone", "good"]), desk) == []
    assert (desk.given_up, desk.done) == (["gone"], ["good"])


def test_a_run_that_somebody_else_finished_is_left_alone_and_keeps_nobody_waiting() -> None:
    desk = Work({"done": RunFinished("run done is finished")})
    assert coordinate(Queue(["done", "good"]), desk) == []
    assert (desk.given_up, desk.done) == ([], ["good"])


def test_a_fault_that_nobody_foresaw_costs_its_run_only() -> None:
    class Faulty(Work):
        def breed(self, run: str) -> None:  # type: ignore[explicit-override] # Python 3.11 has no override
            if run == "bad":
                raise ZeroDivisionError("by nought")
            super().breed(run)

    desk = Faulty({})
    coordinate(Queue(["bad", "good"]), desk)
    assert (desk.given_up, desk.done) == (["bad"], ["good"])


def test_a_stop_while_the_history_is_asked_ends_the_work() -> None:
    class Frozen(Queue):
        def next_run(self) -> str | None:  # type: ignore[explicit-override] # as above
            self.entries.clear()
            raise Interrupted("stopped while a service did not answer")

    desk = Work({})
    assert coordinate(Frozen(["one"]), desk) == []
    assert desk.done == []


@pytest.mark.parametrize(
    "trouble", [RunNotFound("gone"), RunFinished("over"), StoreError("away"), Interrupted("stopped")]
)
def test_giving_up_survives_a_history_that_fails(trouble: GenepoolError) -> None:
    class Torn(Work):
        def give_up(self, run: str) -> None:  # type: ignore[explicit-override] # noqa: ARG002 - Python 3.11 has no override
            raise trouble

    desk = Torn({"bad": DataError("no")})
    coordinate(Queue(["bad", "good"]), desk)
    assert desk.done == ["good"]
