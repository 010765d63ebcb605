"""Each job that a worker takes has an end, whatever happens to it, and the next one is taken."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.errors import ConfigError, Fenced, Interrupted, ServiceUnavailable, StoreAway
from genepool.jobs import Job, NewJob
from genepool.pool.job_worker import Attempt, BrokenOff, JobKind, JobWorker
from genepool.pool.stop_request import StopRequest


@dataclass
class Try:
    """``Attempt`` without a heart."""

    job: Job
    broken_off: BrokenOff = ""
    stop: StopRequest = field(default_factory=StopRequest)

    def tell(self, progress: Mapping[str, Any]) -> None:
        raise NotImplementedError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as opened:
        yield opened


class Workshop:
    """A worker on a real queue, and what it told."""

    def __init__(self, store: SqlStore, broken_off: BrokenOff = "") -> None:
        self.store = store
        self.told: list[tuple[str, int | None]] = []
        self.broken_off: BrokenOff = broken_off
        self.paused = 0

    def work(self, **kinds: JobKind) -> None:
        JobWorker(self.store.jobs, kinds, self._attempt, lambda: False, self._pause, self._tell).work(
            until_empty=True
        )

    @contextmanager
    def _attempt(self, job: Job) -> Iterator[Attempt]:
        yield Try(job, self.broken_off)

    def _pause(self, _seconds: float) -> None:
        self.paused += 1
        if self.paused > 1:
            raise Interrupted("the worker stops")

    def _tell(self, event: str, job: Job | None, _reason: str) -> None:
        self.told.append((event, None if job is None else job.id))


def raising(error: Exception) -> Callable[[Attempt], Mapping[str, Any]]:
    def kind(_attempt: Attempt) -> Mapping[str, Any]:
        raise error

    return kind


def fine(attempt: Attempt) -> Mapping[str, Any]:
    return {"did": attempt.job.id}


def test_jobs_are_done_one_after_the_other_and_what_they_found_is_kept(store: SqlStore) -> None:
    for _ in range(2):
        store.jobs.submit(NewJob("fine"))
    store.jobs.submit(NewJob("unknown"))
    Workshop(store).work(fine=fine)
    assert [(job.state, job.result) for job in store.jobs.jobs()] == [
        ("queued", None),
        ("done", {"did": 2}),
        ("done", {"did": 1}),
    ]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConfigError("no such market"), "no such market"),
        (ZeroDivisionError("by nothing"), "ZeroDivisionError: by nothing"),
    ],
)
def test_a_job_that_cannot_be_done_fails_with_its_reason_and_the_next_is_done(
    store: SqlStore, error: Exception, said: str
) -> None:
    store.jobs.submit(NewJob("bad"))
    store.jobs.submit(NewJob("fine"))
    Workshop(store).work(bad=raising(error), fine=fine)
    done, failed = store.jobs.jobs()
    assert (failed.state, failed.error, done.state) == ("failed", said, "done")
    assert failed.result == {"exit_code": getattr(error, "exit_code", 1)}
    assert store.jobs.retry(failed.id).result is None


@pytest.mark.parametrize(
    ("broken_off", "state", "error"),
    [
        ("cancelled", "cancelled", "stopped between two batches"),
        ("", "cancelled", "stopped between two batches"),
        ("expired", "expired", "it took its 60 s: retry it to resume it, with a larger limit"),
    ],
)
def test_what_is_broken_off_ends_as_what_broke_it_off_says(
    store: SqlStore, broken_off: BrokenOff, state: str, error: str
) -> None:
    store.jobs.submit(NewJob("long", time_limit=60.0))
    Workshop(store, broken_off).work(long=raising(Interrupted("stopped between two batches")))
    job = store.jobs.job(1)
    assert (job.state, job.error) == (state, error)


def test_a_job_that_another_worker_has_taken_is_that_ones(tmp_path: Path) -> None:
    url = embedded_url(tmp_path / "h.sqlite")
    with (
        closing(open_sql_store(url, lease_seconds=0.0)) as slow,
        closing(open_sql_store(url, owner="quick")) as quick,
    ):
        slow.jobs.submit(NewJob("long"))

        def kind(_attempt: Attempt) -> Mapping[str, Any]:
            assert quick.jobs.take(["long"])
            raise Interrupted("its heart found it taken")

        Workshop(slow, "fenced").work(long=kind)
        job = slow.jobs.job(1)
        assert (job.state, job.epoch) == ("running", 2)
        quick.jobs.put_back(job)
        Workshop(slow).work(long=fine)
        assert slow.jobs.job(1).state == "done"


def test_a_worker_that_stops_puts_its_job_back(store: SqlStore) -> None:
    store.jobs.submit(NewJob("long"))
    workshop = Workshop(store, "stopping")
    left = [Interrupted("stopped"), ConfigError("tried again after it was put back")]

    def kind(_attempt: Attempt) -> Mapping[str, Any]:
        raise left.pop(0)

    workshop.work(long=kind)
    assert workshop.told[:2] == [("job_taken", 1), ("job_put_back", 1)]
    assert store.jobs.job(1).attempts == 1, "the attempt that was put back does not count"


@pytest.mark.parametrize("error", [StoreAway("away"), ServiceUnavailable("away"), Fenced("another has it")])
def test_what_is_not_the_jobs_fault_leaves_it_waiting(store: SqlStore, error: Exception) -> None:
    store.jobs.submit(NewJob("long"))
    workshop = Workshop(store)
    workshop.work(long=raising(error))
    assert workshop.told[:2] == [("job_taken", 1), ("job_put_off", 1)]
    assert (store.jobs.job(1).state, store.jobs.job(1).attempts) == ("queued", 0)


@pytest.mark.parametrize("unwritten", ["put_back", "end"])
def test_a_job_whose_end_could_not_be_written_is_taken_up_again(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch, unwritten: str
) -> None:
    store.jobs.submit(NewJob("long"))
    workshop = Workshop(store)

    def away(*_: object) -> None:
        monkeypatch.undo()
        raise StoreAway("away")

    def kind(attempt: Attempt) -> Mapping[str, Any]:
        if attempt.job.epoch == 1 and unwritten == "put_back":
            raise StoreAway("away")
        return fine(attempt)

    monkeypatch.setattr(store.jobs, unwritten, away)
    workshop.work(long=kind)
    assert store.jobs.job(1).state == "done"
    assert [event for event, _ in workshop.told if event != "job_put_off"] == [
        "job_taken",
        "queue_away",
        "job_taken",
        "job_done",
    ]


def test_a_job_whose_end_was_asked_for_while_its_worker_was_dead_is_not_begun_again(tmp_path: Path) -> None:
    url = embedded_url(tmp_path / "h.sqlite")
    with closing(open_sql_store(url, owner="worker")) as dead:
        dead.jobs.submit(NewJob("long"))
        assert dead.jobs.take(["long"])
        dead.jobs.cancel(1)
    with closing(open_sql_store(url, owner="worker")) as store:
        Workshop(store).work(long=raising(AssertionError("it was begun")))
        assert store.jobs.job(1).state == "cancelled"
