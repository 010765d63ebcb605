"""Which job comes next, and what becomes of it: statements inside the caller's transaction."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, or_, select, true, update

from genepool.adapters.store.dialect import clock_seconds, insert_missing
from genepool.adapters.store.job_rows import columns_of
from genepool.adapters.store.job_tables import jobs
from genepool.errors import Fenced, JobConflict, JobNotFound
from genepool.jobs import BRIEF_SECONDS, ENDED, Job, NewJob

_HELD = ("running", "cancelling")
# How many of the next jobs are looked at: those that wait for others stand in nobody's way for long.
_CANDIDATES = 200


def row_of(connection: Connection, number: int) -> Row[Any]:
    """Return a job's row.

    Raises
    ------
    JobNotFound
        When there is none of that number.
    """
    found = connection.execute(select(jobs).where(jobs.c.id == number)).first()
    if found is None:
        raise JobNotFound(f"there is no job {number}: `genepool jobs list` shows those that are there")
    return found


def open_jobs(connection: Connection) -> tuple[int, int]:
    """Return how many jobs wait, and how many are worked on."""
    waiting = func.sum(case((jobs.c.state == "queued", 1), else_=0))
    held = func.sum(case((jobs.c.state.in_(_HELD), 1), else_=0))
    among = jobs.c.state.in_(("queued", *_HELD))
    row = connection.execute(select(waiting, held).where(among)).one()
    return int(row[0] or 0), int(row[1] or 0)


def filters(
    states: Collection[str], kinds: Collection[str], run: str | None, parent: int | None, before: int | None
) -> list[ColumnElement[bool]]:
    """Return the conditions of a list of jobs; what is empty lets all in."""
    found: list[ColumnElement[bool]] = []
    if states:
        found.append(jobs.c.state.in_(states))
    if kinds:
        found.append(jobs.c.kind.in_(kinds))
    if run is not None:
        found.append(jobs.c.run == run)
    if parent is not None:
        found.append(jobs.c.parent == parent)
    if before is not None:
        found.append(jobs.c.id < before)
    return found


def insert_job(connection: Connection, asked: NewJob, now: str) -> Row[Any]:
    """Insert a job that waits, and return its row; the one that has its idempotency key already, if any."""
    known = _under_key(connection, asked.idempotency_key)
    if known is not None:
        _refuse_other(known, asked)
        return known
    for number in (*asked.after, *(() if asked.parent is None else (asked.parent,))):
        row_of(connection, number)
    values = columns_of(asked) | {
        "state": "queued", "epoch": 0, "attempts": 0, "seconds": 0.0, "progress": "{}", "error": "",
        "submitted_at": now,
    }  # fmt: skip
    number = connection.execute(
        insert_missing(connection, jobs).values(**values).returning(jobs.c.id)
    ).scalar()
    if number is None:
        # Another process submitted under the same key in the same instant.
        return insert_job(connection, asked, now)
    return row_of(connection, number)


def parts(connection: Connection, number: int) -> list[Row[Any]]:
    """Return the rows of a job's parts, the oldest first."""
    query = select(jobs).where(jobs.c.parent == number).order_by(jobs.c.id)
    return list(connection.execute(query).all())


def candidates(
    connection: Connection, owner: str, kinds: Collection[str], least: int, family: int | None = None
) -> list[Row[Any]]:
    """Return the jobs that could be taken, the next first; what they wait for is not looked at yet.

    Where interactive ones alone are taken, those that have not taken long go before those that have.
    """
    over = or_(jobs.c.lease_until.is_(None), jobs.c.lease_until < clock_seconds(connection))
    orphaned = and_(jobs.c.state.in_(_HELD), or_(over, jobs.c.owner == owner))
    waiting = jobs.c.state == "queued"
    related = or_(jobs.c.id == family, jobs.c.parent == family) if family is not None else true()
    query = (
        select(jobs)
        .where(or_(waiting, orphaned), jobs.c.kind.in_(kinds), jobs.c.priority <= least, related)
        .order_by(waiting, jobs.c.priority, *([] if least else [jobs.c.seconds > BRIEF_SECONDS]), jobs.c.id)
        .limit(_CANDIDATES)
    )
    return list(connection.execute(query).all())


def may_run(connection: Connection, row: Row[Any]) -> bool:
    """Tell whether all that a job comes after has ended, its parts too, and its parent lets one more run."""
    if row.state != "queued":
        return True
    before = or_(jobs.c.id.in_(json.loads(row.after)), jobs.c.parent == row.id)
    unfinished = select(func.count()).where(before, jobs.c.state.not_in(ENDED))
    if connection.execute(unfinished).scalar_one():
        return False
    if row.parent is None:
        return True
    together = row_of(connection, row.parent).together
    running = select(func.count()).where(jobs.c.parent == row.parent, jobs.c.state.in_(_HELD))
    return together is None or connection.execute(running).scalar_one() < together


def brief_waits(connection: Connection, owner: str, kinds: Collection[str]) -> bool:
    """Tell whether an interactive job that has not taken long could be taken."""
    found = candidates(connection, owner, kinds, 0)
    brief = (row for row in found if row.state == "queued" and row.seconds <= BRIEF_SECONDS)
    return any(may_run(connection, row) for row in brief)


def claim(connection: Connection, row: Row[Any], owner: str, lease_seconds: float, now: str) -> Row[Any]:
    """Mark a job as held under its next epoch, and return its row; one taker at a time."""
    values: dict[str, Any] = {
        "state": "cancelling" if row.state == "cancelling" else "running",
        "epoch": row.epoch + 1,
        "attempts": row.attempts + 1,
        "owner": owner,
        "lease_until": clock_seconds(connection) + lease_seconds,
        "started_at": row.started_at or now,
    }
    connection.execute(update(jobs).where(jobs.c.id == row.id).values(**values))
    return row_of(connection, row.id)


def spent(row: Row[Any]) -> bool:
    """Tell whether a job's workers died as often as it may be taken up."""
    return row.attempts_at_most is not None and row.attempts >= row.attempts_at_most


def give_up(connection: Connection, row: Row[Any], now: str) -> None:
    """Note that a job failed because its workers died."""
    error = f"its worker died each of the {row.attempts} times that one took it up"
    values = {"state": "failed", "error": error, "ended_at": now, "owner": None, "lease_until": None}
    connection.execute(update(jobs).where(jobs.c.id == row.id).values(**values))


def change_held(connection: Connection, job: Job, values: dict[str, Any]) -> str:
    """Change a job that its worker still holds; return its state.

    Raises
    ------
    Fenced
        When another worker has it, or it has ended.
    """
    held = (jobs.c.id == job.id, jobs.c.epoch == job.epoch, jobs.c.state.in_(_HELD))
    done = connection.execute(update(jobs).where(*held).values(**values).returning(jobs.c.state)).first()
    if done is None:
        row = row_of(connection, job.id)
        raise Fenced(f"job {job.id} is {row.state} under claim {row.epoch}, and this worker's is {job.epoch}")
    return str(done.state)


def cancel(connection: Connection, number: int, now: str) -> None:
    """Ask for the end of a job, and of its parts."""
    family = or_(jobs.c.id == number, jobs.c.parent == number)
    free: ColumnElement[bool] = and_(family, jobs.c.state == "queued")
    connection.execute(update(jobs).where(free).values(state="cancelled", ended_at=now))
    held = and_(family, jobs.c.state == "running")
    connection.execute(update(jobs).where(held).values(state="cancelling"))


def requeue(connection: Connection, row: Row[Any], time_limit: float | None) -> None:
    """Queue a job that ended without being done, as if nobody had tried."""
    if row.state not in ENDED or row.state == "done":
        how = "is done: submit a new one" if row.state == "done" else f"is {row.state}: cancel it first"
        raise JobConflict(f"job {row.id} {how}")
    limit = row.time_limit if time_limit is None else time_limit
    values = {
        "state": "queued", "attempts": 0, "seconds": 0.0, "error": "", "result": None, "ended_at": None,
        "owner": None, "lease_until": None, "time_limit": limit,
    }  # fmt: skip
    connection.execute(update(jobs).where(jobs.c.id == row.id).values(**values))


def _under_key(connection: Connection, key: str) -> Row[Any] | None:
    return connection.execute(select(jobs).where(jobs.c.idempotency_key == key)).first() if key else None


def _refuse_other(known: Row[Any], asked: NewJob) -> None:
    wanted = columns_of(asked)
    if any(known._mapping[name] != wanted[name] for name in ("kind", "request", "run")):  # noqa: SLF001 - documented
        raise JobConflict(
            f"the idempotency key {asked.idempotency_key!r} belongs to job {known.id}, which asks for "
            "something else: use a new key"
        )
