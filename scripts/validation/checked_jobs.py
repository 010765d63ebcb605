"""Where the table of jobs contradicts what was acknowledged, or the runs: a part of the outside checker."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scripts.validation.acknowledged import Recorded
from scripts.validation.log_lines import Finding, JobEnd, JobRetried, Log, Row

_HELD = ("running", "cancelling")


@dataclass(frozen=True, slots=True)
class Queue:
    """The table of jobs, and what it is held against.

    Parameters
    ----------
    rows
        Its rows by number.
    log
        What was acknowledged.
    runs
        The recorded runs.
    """

    rows: Mapping[int, Row]
    log: Log
    runs: Mapping[str, Recorded]


def check_jobs(queue: Queue, names: Sequence[str] | None = None) -> Iterator[Finding]:
    """Yield what is wrong with jobs; with names, with those of these runs alone."""
    for finding in _all(queue):
        if names is None or finding.run in names:
            yield finding


def _all(queue: Queue) -> Iterator[Finding]:
    yield from _missing(queue)
    ends: dict[int, list[JobEnd]] = {}
    for told in queue.log.jobs:
        if isinstance(told, JobEnd):
            ends.setdefault(told.job, []).append(told)
    for number, row in queue.rows.items():
        yield from _ended(row, ends.get(number, []), queue.log)
        if row["state"] in _HELD and row["owner"] is None:
            yield _found("job-stuck", row, f"is {row['state']}, and nobody has it")
        if row["kind"] == "evolve" and row["state"] == "done":
            yield from _evolved(queue, row)


def _missing(queue: Queue) -> Iterator[Finding]:
    for job in sorted({told.job for told in queue.log.jobs} - set(queue.rows)):
        yield Finding("job-missing", "", f"job {job} was acknowledged and is not there")


def _ended(row: Row, ends: Sequence[JobEnd], log: Log) -> Iterator[Finding]:
    retried = [told.epoch for told in log.jobs if isinstance(told, JobRetried) and told.job == row["id"]]
    ordered = sorted(set(ends), key=lambda end: end.epoch)
    for end, after in pairwise(ordered):
        if not any(end.epoch <= epoch < after.epoch for epoch in retried):
            detail = f"ended as {end.state} under claim {end.epoch}, and as {after.state} under {after.epoch}"
            yield _found("job-ended-twice", row, detail)
    if ordered and not _stands(row, ordered[-1], retried):
        detail = f"was acknowledged as {ordered[-1].state} under claim {ordered[-1].epoch}"
        yield _found("job-undone", row, f"{detail}, {row['state']} under {row['epoch']} is there")


def _stands(row: Row, end: JobEnd, retried: Sequence[int]) -> bool:
    if (row["state"], row["epoch"]) == (end.state, end.epoch):
        return True
    # What is done is never taken again.
    again = row["epoch"] > end.epoch or any(epoch >= end.epoch for epoch in retried)
    return end.state != "done" and again


def _evolved(queue: Queue, row: Row) -> Iterator[Finding]:
    run = _run_of(row)
    if queue.log.deleted.get(run, "") >= str(row["ended_at"]):
        return
    stored, result = queue.runs.get(run), json.loads(row["result"] or "{}")
    if stored is None:
        # A run that was deleted before there was a log is nobody's fault.
        if any(told.job == row["id"] for told in queue.log.jobs):
            yield _found("job-of-nothing", row, "is done, its run is not there")
        return
    went_on = len(stored.generations) > result.get("generations", 0) or any(
        other["kind"] == "evolve" and _run_of(other) == run and (other["ended_at"] or "") > row["ended_at"]
        for other in queue.rows.values()
    )
    digest = stored.run["digest"]
    if not went_on and stored.run["state"] == "finished" and digest != result.get("digest"):
        yield _found("job-result-differs", row, f"found {result.get('digest')}, its run has {digest}")


def _run_of(row: Row) -> str:
    return str(row["run"] or f"job-{row['id']}")


def _found(finding: str, row: Row, detail: str) -> Finding:
    run = _run_of(row) if row["kind"] == "evolve" else str(row["run"] or "")
    return Finding(finding, run, f"job {row['id']} {detail}")
