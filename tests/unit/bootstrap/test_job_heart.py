"""A claimed job is held by heartbeats, and its kind is told when it has to stop."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.job_heart import JobHeart
from genepool.jobs import Job, NewJob


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"), lease_seconds=0.5)) as opened:
        yield opened


def claimed(store: SqlStore, time_limit: float = 60.0) -> Job:
    store.jobs.submit(NewJob("long", time_limit=time_limit))
    job = store.jobs.take(["long"])
    assert job is not None
    return job


def heart(store: SqlStore, job: Job, stopping: Callable[[], bool] = lambda: False) -> JobHeart:
    return JobHeart(store.jobs, job, SystemClock(), stopping, beat_seconds=0.02)


def waited(condition: Callable[[], object]) -> bool:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.01)
    return False


def test_progress_and_seconds_of_work_are_written_by_the_next_beat(store: SqlStore) -> None:
    job = claimed(store)
    with heart(store, job) as attempt:
        attempt.tell({"generation": 4})
        assert waited(lambda: store.jobs.job(job.id).progress == {"generation": 4})
        assert waited(lambda: store.jobs.job(job.id).seconds > 0.1)
        assert not attempt.stop()


@pytest.mark.parametrize("why", ["cancelled", "expired", "fenced", "stopping"])
def test_its_kind_is_asked_to_stop_and_the_reason_is_known(store: SqlStore, tmp_path: Path, why: str) -> None:
    job = claimed(store, time_limit=0.1 if why == "expired" else 60.0)
    if why == "fenced":
        with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as other:
            assert waited(lambda: other.jobs.take(["long"]))
    with heart(store, job, lambda: why == "stopping") as attempt:
        if why == "cancelled":
            store.jobs.cancel(job.id)
        assert waited(attempt.stop)
        assert attempt.broken_off == why
