"""The outside checker accepts what the product writes of jobs, and names each planted violation."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from genepool.adapters.files.acknowledged import AcknowledgedLog
from genepool.adapters.files.acknowledged_book import AcknowledgedBook
from genepool.adapters.files.acknowledged_jobs import AcknowledgedJobs
from genepool.adapters.store import SqlStore, embedded_url, open_sql_store
from genepool.history import run_digest
from genepool.jobs import Job, NewJob
from genepool.ports import GenerationFinished
from tests.fakes.evidence import Evidence
from tests.fakes.histories import a_history, a_spec

SOURCE = Path(__file__).resolve().parents[3] / "scripts" / "validation" / "checked_jobs.py"
Plant = Callable[[Evidence], None]

# What became of the jobs of the evidence.
BRED, TRIED_TWICE, WAITING, FAILED = 1, 2, 3, 4


def taken(jobs: AcknowledgedJobs, kind: str) -> Job:
    job = jobs.take([kind])
    assert job is not None
    return job


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    records, spec, folder = a_history(), a_spec(), tmp_path_factory.mktemp("intact")
    file = folder / "log" / "acknowledged.jsonl"
    log, digest = AcknowledgedLog(file), run_digest(records)
    with closing(open_sql_store(embedded_url(folder / "genepool.sqlite"))) as store:
        jobs = AcknowledgedJobs(store.jobs, log)
        for kind in ("evolve", "backtest", "import", "report"):
            jobs.submit(NewJob(kind, run="first" if kind == "evolve" else None))
        bred = taken(jobs, "evolve")
        store.create(spec)
        for record in records:
            store.record(spec.run, record)
            log(GenerationFinished(spec, record))
        store.finish(spec.run, "finished", digest)
        log.finished(spec.run, digest, store.epoch(spec.run))
        jobs.end(bred, "done", {"run": "first", "digest": digest, "generations": len(records)})
        jobs.end(taken(jobs, "backtest"), "failed", error="no candles")
        jobs.retry(TRIED_TWICE)
        jobs.end(taken(jobs, "backtest"), "done", {})
        jobs.end(taken(jobs, "report"), "failed", error="no run")
    return Evidence(folder / "genepool.sqlite", file, digest)


@pytest.fixture
def evidence(intact: Evidence, tmp_path: Path) -> Evidence:
    """Return a copy, which the test may harm."""
    folder = shutil.copytree(intact.history.parent, tmp_path / "copy")
    return replace(intact, history=folder / intact.history.name, log=folder / "log" / intact.log.name)


def changed(job: int, values: str) -> Plant:
    """Return a change of a job's row."""
    return lambda evidence: evidence.change(f"UPDATE jobs SET {values} WHERE id = {job}")  # noqa: S608 - ours


def without(*words: str) -> Plant:
    """Return a log without the lines that hold one of these words."""
    return lambda evidence: evidence.write_log(
        [line for line in evidence.lines if not any(word in line for word in words)]
    )


def told(**fields: object) -> Plant:
    """Return one more line of the log, written long after the others."""
    line = json.dumps({"at": "2126-01-01T00:00:00.000+00:00", **fields})
    return lambda evidence: evidence.write_log([*evidence.lines, line])


def both(*plants: Plant) -> Plant:
    """Return one after the other."""

    def plant(evidence: Evidence) -> None:
        for each in plants:
            each(evidence)

    return plant


def gone(evidence: Evidence) -> None:
    """Lose the run."""
    evidence.change("DELETE FROM runs", "DELETE FROM generations")


DELETED_BEFORE = json.dumps({"at": "2000-01-01T00:00:00.000+00:00", "run": "first", "deleted": True})
PLANTED: dict[str, tuple[str, Plant]] = {
    "a job that waited is gone": (
        "job-missing",
        lambda evidence: evidence.change(f"DELETE FROM jobs WHERE id = {WAITING}"),  # noqa: S608 - ours
    ),
    "a job that ended is gone": (
        "job-missing",
        both(
            without('"queued"'),
            lambda evidence: evidence.change(f"DELETE FROM jobs WHERE id = {FAILED}"),  # noqa: S608 - ours
        ),
    ),
    "a done job waits again": ("job-undone", changed(BRED, "state = 'queued'")),
    "a done job was taken again": ("job-undone", changed(BRED, "state = 'running', owner = 'x', epoch = 2")),
    "a failed job is done by nobody": ("job-undone", changed(FAILED, "state = 'done'")),
    "a job was done under two claims": (
        "job-ended-twice",
        both(changed(BRED, "epoch = 2"), told(job=BRED, ended="done", epoch=2)),
    ),
    "a failed job was done, and nobody had retried it": ("job-ended-twice", without('"retried"')),
    "it was retried before its first end": (
        "job-ended-twice",
        both(without('"retried"'), told(job=TRIED_TWICE, retried=True, epoch=0)),
    ),
    "a job tells another digest than its run": (
        "job-result-differs",
        lambda evidence: changed(BRED, f"result = replace(result, '{evidence.digest[:8]}', 'ffffffff')")(
            evidence
        ),
    ),
    "a job runs without a worker": ("job-stuck", changed(WAITING, "state = 'running', owner = NULL")),
    "a job is cancelled without a worker": (
        "job-stuck",
        changed(WAITING, "state = 'cancelling', owner = NULL"),
    ),
    "the run of a done job is gone": ("job-of-nothing", gone),
    "it was deleted before its job ended": (
        "job-of-nothing",
        both(gone, lambda evidence: evidence.write_log([DELETED_BEFORE, *evidence.lines])),
    ),
}


@pytest.mark.parametrize("violation", PLANTED)
def test_a_planted_violation_is_found_by_its_name(violation: str, evidence: Evidence) -> None:
    name, plant = PLANTED[violation]
    plant(evidence)
    assert name in evidence.findings()


@contextmanager
def opened(evidence: Evidence) -> Iterator[tuple[SqlStore, AcknowledgedBook, AcknowledgedLog]]:
    log = AcknowledgedLog(evidence.log)
    with closing(open_sql_store(embedded_url(evidence.history))) as store:
        yield store, AcknowledgedBook(store.book, log), log


def renamed(evidence: Evidence) -> None:
    with opened(evidence) as (_, book, _log):
        book.rename("first", "other")


def renamed_and_bred_anew(evidence: Evidence) -> None:
    """Have another run of the old name, whose generations are acknowledged too."""
    with opened(evidence) as (store, book, log):
        book.rename("first", "other")
        store.create(a_spec())
        record = a_history(1)[0]
        store.record("first", record)
        log(GenerationFinished(a_spec(), record))


def deleted(evidence: Evidence) -> None:
    with opened(evidence) as (_, book, _log):
        book.delete("first")


def deleted_and_bred_anew(evidence: Evidence) -> None:
    """Have another run of the name of one that is deleted, and name it otherwise."""
    deleted(evidence)
    with opened(evidence) as (store, book, _):
        store.create(a_spec())
        store.record("first", a_history(1)[0])
        store.finish("first", "finished", run_digest(a_history(1)))
        book.rename("first", "anew")


def resumed_by_a_later_job(evidence: Evidence) -> None:
    evidence.change(
        f"UPDATE jobs SET result = json_set(result, '$.digest', 'f') WHERE id = {BRED}",  # noqa: S608 - ours
        "UPDATE jobs SET kind = 'evolve', run = 'first', ended_at = '2126-01-01T00:00:00.000+00:00', "  # noqa: S608 - ours
        f'result = \'{{"digest": "{evidence.digest}", "generations": 3}}\' WHERE id = {TRIED_TWICE}',
    )


CLEAN: dict[str, Plant] = {
    "as the product wrote it": lambda _: None,
    "ended and then killed before the acknowledgement": without('"ended"'),
    "nothing acknowledged": without("{"),
    "an end acknowledged twice": both(told(job=BRED, ended="done", epoch=1)),
    "a retry asked for, and refused by a table that has moved on": told(job=BRED, retried=True, epoch=1),
    "a failed job that is tried again": changed(FAILED, "state = 'running', owner = 'x', epoch = 2"),
    "a failed job that waits again": both(
        changed(FAILED, "state = 'queued'"), told(job=FAILED, retried=True, epoch=1)
    ),
    "its run renamed": renamed,
    "its run renamed, and the old name given to another": renamed_and_bred_anew,
    "its run deleted": deleted,
    "its run deleted, bred anew and renamed": deleted_and_bred_anew,
    "its run resumed by a later job": resumed_by_a_later_job,
    "its run resumed by a command": changed(BRED, 'result = \'{"digest": "f", "generations": 2}\''),
    "a run lost of which nobody was told": both(without("{"), gone),
    "a history older than jobs": both(without('"job"'), lambda evidence: evidence.change("DROP TABLE jobs")),
}


@pytest.mark.parametrize("case", CLEAN)
def test_a_clean_queue_is_accepted(case: str, evidence: Evidence) -> None:
    CLEAN[case](evidence)
    assert evidence.findings() == set()


def test_the_logs_of_two_services_are_one(evidence: Evidence) -> None:
    lines, other = evidence.lines, evidence.log.with_name("other.jsonl")
    evidence.write_log([line for line in lines if '"retried"' not in line])
    assert evidence.findings() == {"job-ended-twice"}
    other.write_text("".join(f"{line}\n" for line in lines if '"retried"' in line), encoding="utf-8")
    assert evidence.findings("--log", str(other)) == set()


def test_a_rename_in_one_log_is_followed_in_the_other(evidence: Evidence) -> None:
    renamed(evidence)
    *lines, last = evidence.lines
    evidence.write_log(lines)
    assert "run-missing" in evidence.findings()
    other = evidence.log.with_name("other.jsonl")
    other.write_text(f"{last}\n", encoding="utf-8")
    # The other log is given first here: what counts is when a line was written.
    assert Evidence(evidence.history, other, "").findings("--log", str(evidence.log)) == set()


def test_only_jobs_of_the_run_that_is_asked_for_are_checked(evidence: Evidence) -> None:
    evidence.change(f"DELETE FROM jobs WHERE id = {WAITING}")  # noqa: S608 - ours
    assert evidence.findings("--run", "first") == set()
    evidence.change(f"UPDATE jobs SET state = 'queued' WHERE id = {BRED}")  # noqa: S608 - ours
    assert evidence.findings("--run", "first") == {"job-undone"}


def test_every_finding_has_a_planted_violation() -> None:
    named = set(re.findall(r'(?:Finding|_found)\(\s*"([a-z-]+)"', SOURCE.read_text(encoding="utf-8")))
    assert named == {name for name, _ in PLANTED.values()}


def test_it_shares_no_code_with_the_product() -> None:
    assert "genepool" not in SOURCE.read_text(encoding="utf-8").replace("GenePool", "")
