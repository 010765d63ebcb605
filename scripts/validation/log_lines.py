"""What the log of acknowledgements says, line by line: a part of the outside checker."""

import heapq
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Parameters
    ----------
    finding
        Its name; each rule has one.
    run
        The run that it is about; empty for the log as a whole, and for jobs without a run.
    detail
        What was expected and what is there.
    """

    finding: str
    run: str
    detail: str


@dataclass(frozen=True, slots=True)
class Line:
    """One acknowledged generation, as it was written."""

    run: str
    generation: int
    digest: str


@dataclass(frozen=True, slots=True)
class End:
    """A run's end, as it was written: its digest, and under which claim it was finished."""

    run: str
    digest: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Renamed:
    """A run that its user calls otherwise from then on."""

    run: str
    name: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """A run that its user threw away, and when (ISO 8601 in UTC)."""

    run: str
    at: str


@dataclass(frozen=True, slots=True)
class JobQueued:
    """A job of which a user was told that it is queued."""

    job: int


@dataclass(frozen=True, slots=True)
class JobRetried:
    """A job that its user queued again, after its end under that claim."""

    job: int
    epoch: int


@dataclass(frozen=True, slots=True)
class JobEnd:
    """A job's end, as it was written, and under which claim."""

    job: int
    epoch: int
    state: str


OfRun: TypeAlias = Line | End
OfJob: TypeAlias = JobQueued | JobRetried | JobEnd
Told: TypeAlias = OfRun | Renamed | Deleted | OfJob


@dataclass(frozen=True, slots=True)
class Log:
    """What was acknowledged.

    Parameters
    ----------
    runs
        Generations and ends, in the order in which they were written, each under its run's name of now.
    jobs
        What was said of jobs.
    deleted
        When a run of that name was deleted last.
    """

    runs: Sequence[OfRun]
    jobs: Sequence[OfJob]
    deleted: Mapping[str, str]


def read_logs(paths: Iterable[Path]) -> tuple[Log, list[Finding]]:
    """Return what was acknowledged, and what of the logs cannot be read.

    Several services write a log each; their lines are put in order by their times. A last line without its
    end was cut off by a kill before it was reported: no finding.

    Raises
    ------
    OSError
        When there is no such file.
    """
    logs, findings = list[list[tuple[str, Told]]](), list[Finding]()
    for path in paths:
        logs.append([])
        whole, _, _torn = path.read_text(encoding="utf-8").rpartition("\n")
        for number, line in enumerate(whole.splitlines(), start=1):
            try:
                fields = json.loads(line)
                logs[-1].append((str(fields.get("at", "")), _told(fields)))
            except (ValueError, KeyError, TypeError, AttributeError):
                findings.append(Finding("log-unreadable", "", f"{path} line {number}: {line[:80]!r}"))
    return _followed([told for _, told in heapq.merge(*logs, key=lambda stamped: stamped[0])]), findings


def _told(fields: Row) -> Told:
    return _of_job(fields, int(fields["job"])) if "job" in fields else _of_run(fields)


def _of_job(fields: Row, job: int) -> OfJob:
    if "queued" in fields:
        return JobQueued(job)
    if "retried" in fields:
        return JobRetried(job, int(fields["epoch"]))
    return JobEnd(job, int(fields["epoch"]), str(fields["ended"]))


def _of_run(fields: Row) -> OfRun | Renamed | Deleted:
    match fields:
        case {"run": run, "renamed": name}:
            return Renamed(str(run), str(name))
        case {"run": run, "deleted": _}:
            return Deleted(str(run), str(fields["at"]))
        case {"run": run, "finished": digest}:
            return End(str(run), str(digest), int(fields["epoch"]))
    return Line(str(fields["run"]), int(fields["generation"]), str(fields["digest"]))


def _followed(told: Iterable[Told]) -> Log:
    """Follow runs through their renames and deletions: another run may have the old name afterwards."""
    runs, jobs, deleted = list[OfRun](), list[OfJob](), dict[str, str]()
    for one in told:
        match one:
            case Line() | End():
                runs.append(one)
            case Renamed(run, name):
                runs = [replace(line, run=name) if line.run == run else line for line in runs]
                if run in deleted:
                    # The table names the run of a job as the last run of that name was called.
                    deleted[name] = deleted[run]
            case Deleted(run, at):
                runs = [line for line in runs if line.run != run]
                deleted[run] = at
            case _:
                jobs.append(one)
    return Log(runs, jobs, deleted)
