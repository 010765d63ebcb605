"""What is told of a job stands in the log of acknowledgements."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.adapters.files.acknowledged_book import AcknowledgedBook
from genepool.adapters.files.acknowledged_jobs import AcknowledgedJobs
from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.errors import Fenced, JobConflict, RunExists
from genepool.history import RunFilter
from genepool.jobs import NewJob
from tests.fakes.histories import a_spec


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(open_sql_store(embedded_url(tmp_path / "h.sqlite"))) as opened:
        yield opened


@pytest.fixture
def log(tmp_path: Path) -> AcknowledgedLog:
    return AcknowledgedLog(tmp_path / "acknowledged.jsonl")


@pytest.fixture
def jobs(store: SqlStore, log: AcknowledgedLog) -> AcknowledgedJobs:
    return AcknowledgedJobs(store.jobs, log)


@pytest.fixture
def book(store: SqlStore, log: AcknowledgedLog) -> AcknowledgedBook:
    return AcknowledgedBook(store.book, log)


def said(folder: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in (folder / "acknowledged.jsonl").read_text().splitlines()]
    return [{name: value for name, value in line.items() if name != "at"} for line in lines]


def test_a_job_has_a_line_when_it_is_queued_ended_and_retried(jobs: AcknowledgedJobs, tmp_path: Path) -> None:
    jobs.submit(NewJob("evolve"))
    for end in ("failed", "done"):
        taken = jobs.take(["evolve"])
        assert taken is not None
        jobs.beat(taken, {}, 0.1)
        jobs.end(taken, end)
        if end == "failed":
            jobs.retry(1)
    assert said(tmp_path) == [
        {"job": 1, "queued": True},
        {"job": 1, "ended": "failed", "epoch": 1},
        {"job": 1, "retried": True, "epoch": 1},
        {"job": 1, "ended": "done", "epoch": 2},
    ]


def test_a_batch_has_a_line_for_it_and_for_each_part(jobs: AcknowledgedJobs, tmp_path: Path) -> None:
    jobs.submit_batch(NewJob("batch"), [NewJob("evolve"), NewJob("evolve")])
    assert said(tmp_path) == [{"job": number, "queued": True} for number in (1, 2, 3)]


def test_what_was_refused_has_no_line(jobs: AcknowledgedJobs, tmp_path: Path) -> None:
    jobs.submit(NewJob("evolve"))
    taken = jobs.take(["evolve"])
    assert taken is not None
    with pytest.raises(JobConflict):
        jobs.retry(1)
    jobs.put_back(taken)
    with pytest.raises(Fenced):
        jobs.end(taken, "done")
    assert said(tmp_path) == [{"job": 1, "queued": True}]


def test_all_else_is_the_queues(jobs: AcknowledgedJobs, store: SqlStore, tmp_path: Path) -> None:
    for run in ("a", "b"):
        store.jobs.submit(NewJob("evolve", run=run))
    assert [job.id for job in jobs.jobs(run="a", states=["queued"], kinds=["evolve"], before=2, count=1)] == [
        1
    ]
    assert jobs.cancel(2) == jobs.job(2)
    planned = jobs.plan(NewJob("evolve"), 60.0)
    assert (jobs.planned(), jobs.submit_due()) == ([planned], [])
    jobs.unplan(planned.id)
    assert jobs.planned() == []
    assert said(tmp_path) == []


def test_a_run_that_is_renamed_or_deleted_has_a_line(
    book: AcknowledgedBook, store: SqlStore, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        store.create(a_spec(name))
        store.finish(name, "finished", "f")
    book.note("a", "of no use")
    book.rename("a", "a")
    with pytest.raises(RunExists):
        book.rename("a", "b")
    book.rename("a", "c")
    assert book.summary("c").note == "of no use"
    assert [one.spec.run for one in book.page(RunFilter()).summaries] == ["b", "c"]
    assert book.delete("c") == 0
    assert book.champions(["b"]) == {}
    assert said(tmp_path) == [{"run": "a", "renamed": "c"}, {"run": "c", "deleted": True}]
