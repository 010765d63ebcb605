"""A service does as many jobs at once as it is told, and keeps one place for interactive ones."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.adapters.store import SqlStore
from genepool.bootstrap import job_threads as subject
from genepool.bootstrap.job_threads import job_threads, seats
from genepool.bootstrap.stores import open_store
from genepool.errors import Interrupted
from genepool.jobs import JobState, NewJob, Priority
from genepool.pool.job_worker import Attempt
from genepool.settings import Settings
from tests.fakes.service import ServiceOverHttp, live_service

RUNNING: tuple[JobState, ...] = ("running",)


def of_twelve_hours(attempt: Attempt) -> Mapping[str, Any]:
    while not attempt.stop():
        time.sleep(0.01)
    raise Interrupted("stopped")


def quick(_: Attempt) -> Mapping[str, Any]:
    return {"found": 1}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(subject, "job_kinds", lambda _: {"long": of_twelve_hours, "quick": quick})
    monkeypatch.setattr("genepool.pool.job_worker.IDLE_SECONDS", 0.02)
    return Settings(home=tmp_path)


@pytest.fixture
def store(settings: Settings) -> Iterator[SqlStore]:
    with closing(open_store(settings)) as opened:
        yield opened


@pytest.mark.parametrize("workers", [2, 4])
@pytest.mark.parametrize("priority", ["normal", "batch"])
def test_a_small_interactive_job_waits_behind_no_job_of_twelve_hours(
    settings: Settings, store: SqlStore, workers: int, priority: Priority
) -> None:
    told = settings.model_copy(update={"job_workers": workers})
    for _ in range(workers + 2):
        store.jobs.submit(NewJob("long", priority=priority))
    stopping = threading.Event()
    log = AcknowledgedLog(settings.logs_folder / "acknowledged.jsonl")
    unused: Any = None
    with job_threads(told, "service", unused, unused, stopping.is_set, lambda _: None, log):
        held(store, workers - 1)
        small = store.jobs.submit(NewJob("quick", priority="interactive")).id
        until = time.monotonic() + 10
        while store.jobs.job(small).state != "done":
            assert time.monotonic() < until
            time.sleep(0.01)
        assert len(store.jobs.jobs(states=RUNNING)) == workers - 1, "its place stays free for the next"
        stopping.set()


@pytest.mark.parametrize("workers", [2, 3])
def test_it_does_not_wait_behind_interactive_jobs_that_have_taken_long_either(
    settings: Settings, store: SqlStore, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("adapters.store.job_statements", "bootstrap.job_heart"):
        monkeypatch.setattr(f"genepool.{module}.BRIEF_SECONDS", 0.01)
    told = settings.model_copy(update={"job_workers": workers})
    long = [store.jobs.submit(NewJob("long", priority="interactive")).id for _ in range(workers)]
    log = AcknowledgedLog(settings.logs_folder / "acknowledged.jsonl")
    unused: Any = None
    stopping = threading.Event()
    with job_threads(told, "service", unused, unused, stopping.is_set, lambda _: None, log):
        held(store, workers)
        # Each has said by a beat how long it has taken.
        until = time.monotonic() + 10
        while any(store.jobs.job(number).seconds < 0.01 for number in long):
            assert time.monotonic() < until
            time.sleep(0.01)
        small = store.jobs.submit(NewJob("quick", priority="interactive")).id
        until = time.monotonic() + 20
        while store.jobs.job(small).state != "done":
            assert time.monotonic() < until
            time.sleep(0.01)
        held(store, workers)
        assert [store.jobs.job(number).attempts for number in long] == [1] * workers
        stopping.set()


def held(store: SqlStore, count: int) -> None:
    until = time.monotonic() + 10
    while len(store.jobs.jobs(states=RUNNING)) < count:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_run_that_gave_its_place_continues_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("adapters.store.job_statements", "bootstrap.job_heart"):
        monkeypatch.setattr(f"genepool.{module}.BRIEF_SECONDS", 0.1)
    with live_service(tmp_path) as service:
        service.recorded("gold")
        runs = [service.ordered(name, generations=100_000) for name in ("one", "other")]
        grown(service, runs, 3)
        report = service.runner.post("/v1/runs/gold/report").json()["id"]
        until = time.monotonic() + 60
        while service.job(report)["state"] != "done":
            assert time.monotonic() < until
            time.sleep(0.05)
        reached = max(service.generations(run) for run in runs)
        grown(service, runs, reached + 3)
        for run in runs:
            service.runner.post(f"/v1/runs/{run}/stop")
            assert service.awaited(run) == "interrupted"


def grown(service: ServiceOverHttp, runs: list[str], least: int) -> None:
    until = time.monotonic() + 60
    while any(service.generations(run) < least for run in runs):
        assert time.monotonic() < until
        time.sleep(0.1)


def test_one_place_of_any_number_is_kept_for_interactive_jobs() -> None:
    assert seats(2) == ["batch", "interactive"]
    assert seats(5) == ["batch"] * 4 + ["interactive"]
