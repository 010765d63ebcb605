"""Jobs as rows, and back."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from genepool.jobs import PRIORITIES, Job, NewJob, Schedule


def columns_of(asked: NewJob) -> dict[str, Any]:
    """Return what the row of a job says of what was asked for."""
    return {
        "kind": asked.kind,
        "request": json_text(asked.request),
        "priority": PRIORITIES.index(asked.priority),
        "time_limit": asked.time_limit,
        "attempts_at_most": asked.attempts_at_most,
        "idempotency_key": asked.idempotency_key or None,
        "run": asked.run,
        "parent": asked.parent,
        "after": json.dumps(asked.after),
        "together": asked.together,
    }


def job_of(row: Row[Any]) -> Job:
    """Return the job of a row."""
    return Job(
        id=row.id,
        asked=_asked_of(row),
        state=row.state,
        epoch=row.epoch,
        attempts=row.attempts,
        seconds=row.seconds,
        progress=json.loads(row.progress),
        result=None if row.result is None else json.loads(row.result),
        error=row.error,
        submitted_at=row.submitted_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def schedule_of(row: Row[Any]) -> Schedule:
    """Return the schedule of a row."""
    asked = json.loads(row.asked)
    asked["after"] = tuple(asked["after"])
    return Schedule(row.id, NewJob(**asked), row.every_seconds, row.next_at)


def json_text(values: Mapping[str, Any]) -> str:
    """Return values that JSON has as text, equal for equal values."""
    return json.dumps(dict(values), allow_nan=False, sort_keys=True)


def _asked_of(row: Row[Any]) -> NewJob:
    return NewJob(
        kind=row.kind,
        request=json.loads(row.request),
        priority=PRIORITIES[row.priority],
        time_limit=row.time_limit,
        attempts_at_most=row.attempts_at_most,
        idempotency_key=row.idempotency_key or "",
        run=row.run,
        parent=row.parent,
        after=tuple(json.loads(row.after)),
        together=row.together,
    )
