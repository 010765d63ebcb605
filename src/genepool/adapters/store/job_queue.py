"""The queue of jobs in a SQL database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select, update

from genepool.adapters.store import job_statements as statements
from genepool.adapters.store.access import Access
from genepool.adapters.store.dialect import clock_seconds, only_taker
from genepool.adapters.store.job_rows import job_of, json_text, schedule_of
from genepool.adapters.store.job_tables import jobs, schedules
from genepool.errors import Fenced, JobNotFound
from genepool.jobs import PRIORITIES, Job, JobState, NewJob, Priority, Schedule

# How long a claim lasts without a heartbeat.
LEASE_SECONDS = 15.0


class SqlJobQueue:
    """``JobQueue`` and ``JobSchedule`` on tables of the history.

    Parameters
    ----------
    access
        The database.
    owner
        Who works on what is taken here. A later process of the same name takes its jobs up again at once, so
        no two may live at a time.
    lease_seconds
        How long a claim lasts without a heartbeat.
    """

    def __init__(self, access: Access, owner: str, lease_seconds: float = LEASE_SECONDS) -> None:
        self._access = access
        self._owner = owner
        self._lease_seconds = lease_seconds
        # Several threads may work on jobs of one queue.
        self._taking = Lock()
        # Under which claim.
        self._held: dict[int, int] = {}

    def submit(self, asked: NewJob) -> Job:
        """Queue a job, or return the one that was submitted under the same idempotency key."""
        with self._access.writing() as connection:
            return job_of(statements.insert_job(connection, asked, _now()))

    def submit_batch(self, whole: NewJob, parts: Sequence[NewJob]) -> Sequence[Job]:
        """Queue a job and its parts, all of them or none; return it, and then the parts."""
        with self._access.writing() as connection:
            row = statements.insert_job(connection, whole, _now())
            if not statements.parts(connection, row.id):
                for part in parts:
                    statements.insert_job(connection, replace(part, parent=row.id), _now())
            return [job_of(row), *(job_of(part) for part in statements.parts(connection, row.id))]

    def job(self, number: int) -> Job:
        """Return one job."""
        with self._access.reading() as connection:
            return job_of(statements.row_of(connection, number))

    def jobs(
        self,
        *,
        states: Collection[JobState] = (),
        kinds: Collection[str] = (),
        run: str | None = None,
        parent: int | None = None,
        before: int | None = None,
        count: int = 100,
    ) -> Sequence[Job]:
        """Return up to ``count`` jobs with a number below ``before``, the newest first."""
        conditions = statements.filters(states, kinds, run, parent, before)
        query = select(jobs).where(*conditions).order_by(jobs.c.id.desc()).limit(count)
        with self._access.reading() as connection:
            return [job_of(row) for row in connection.execute(query)]

    def open_jobs(self) -> tuple[int, int]:
        """Return how many jobs wait, and how many are worked on."""
        with self._access.reading() as connection:
            return statements.open_jobs(connection)

    def take(
        self, kinds: Collection[str], least: Priority = "batch", family: int | None = None
    ) -> Job | None:
        """Claim the job that is done next, None when none can be done now."""
        lowest = PRIORITIES.index(least)
        with self._taking:
            taken = self._taken(kinds, lowest, family)
            if taken is not None:
                self._held[taken.id] = taken.epoch
        return taken

    def _taken(self, kinds: Collection[str], lowest: int, family: int | None) -> Job | None:
        # What only looks must not keep the one writer of a file from writing.
        with self._access.reading() as connection:
            if not self._candidates(connection, kinds, lowest, family):
                return None
        with self._access.writing() as connection:
            only_taker(connection)
            for row in self._candidates(connection, kinds, lowest, family):
                if statements.spent(row):
                    statements.give_up(connection, row, _now())
                elif statements.may_run(connection, row):
                    return job_of(statements.claim(connection, row, self._owner, self._lease_seconds, _now()))
        return None

    def _candidates(
        self, connection: Connection, kinds: Collection[str], lowest: int, family: int | None
    ) -> list[Row[Any]]:
        found = statements.candidates(connection, self._owner, kinds, lowest, family)
        return [row for row in found if row.id not in self._held or row.state == "queued"]

    def brief_waits(self, kinds: Collection[str]) -> bool:
        """Tell whether an interactive job that has not taken long waits for a place."""
        with self._access.reading() as connection:
            return statements.brief_waits(connection, self._owner, kinds)

    def beat(self, job: Job, progress: Mapping[str, Any], seconds: float) -> JobState:
        """Renew the claim and note how far the job is; return its state, which a user may have changed."""
        with self._access.writing() as connection:
            until = clock_seconds(connection) + self._lease_seconds
            values = {"lease_until": until, "progress": json_text(progress), "seconds": seconds}
            state: JobState = statements.change_held(connection, job, values)  # type: ignore[assignment] # by the check of its column
            return state

    def end(
        self,
        job: Job,
        state: Literal["done", "failed", "cancelled", "expired"],
        result: Mapping[str, Any] | None = None,
        error: str = "",
    ) -> None:
        """Note how a claimed job ended; the same end again changes nothing."""
        values = {
            "state": state,
            "result": None if result is None else json_text(result),
            "error": error,
            "ended_at": _now(),
            "owner": None,
            "lease_until": None,
        }
        with self._access.writing() as connection:
            try:
                statements.change_held(connection, job, values)
            except Fenced:
                row = statements.row_of(connection, job.id)
                if (row.epoch, row.state) != (job.epoch, state):
                    raise
        self.let_go(job)

    def put_back(self, job: Job) -> None:
        """Queue a claimed job again, with its progress; one that its user cancels is cancelled."""
        with self._access.writing() as connection:
            row = statements.row_of(connection, job.id)
            state = "cancelled" if row.state == "cancelling" else "queued"
            ended_at = _now() if state == "cancelled" else None
            # Taken back without its fault: this attempt does not count.
            values = {"state": state, "owner": None, "lease_until": None, "ended_at": ended_at}
            statements.change_held(connection, job, values | {"attempts": max(job.attempts - 1, 0)})
        self.let_go(job)

    def let_go(self, job: Job) -> None:
        """Work on a job no more, without a word to the database."""
        with self._taking:
            if self._held.get(job.id) == job.epoch:
                del self._held[job.id]

    def cancel(self, number: int) -> Job:
        """Ask for the end of a job and of its parts; one that nobody has taken ends at once."""
        with self._access.writing() as connection:
            statements.row_of(connection, number)
            statements.cancel(connection, number, _now())
            return job_of(statements.row_of(connection, number))

    def retry(self, number: int, time_limit: float | None = None) -> Job:
        """Queue a job that failed, was cancelled or expired."""
        with self._access.writing() as connection:
            statements.requeue(connection, statements.row_of(connection, number), time_limit)
            return job_of(statements.row_of(connection, number))

    def plan(self, asked: NewJob, every_seconds: float) -> Schedule:
        """Submit a job every so many seconds."""
        values = {
            "asked": json_text(asdict(asked)),
            "every_seconds": every_seconds,
            "next_at": _at(datetime.now(UTC) + timedelta(seconds=every_seconds)),
        }
        with self._access.writing() as connection:
            made = connection.execute(insert(schedules).values(**values).returning(schedules)).one()
            return schedule_of(made)

    def planned(self) -> Sequence[Schedule]:
        """Return all schedules, the next first."""
        with self._access.reading() as connection:
            rows = connection.execute(select(schedules).order_by(schedules.c.next_at, schedules.c.id))
            return [schedule_of(row) for row in rows]

    def unplan(self, number: int) -> None:
        """Submit it no more."""
        with self._access.writing() as connection:
            gone = connection.execute(delete(schedules).where(schedules.c.id == number))
            if gone.rowcount == 0:
                raise JobNotFound(f"there is no schedule {number}: `genepool jobs schedules` shows them")

    def submit_due(self) -> Sequence[Job]:
        """Submit what is due, each once; what was missed is not made up for."""
        now = datetime.now(UTC)
        due = schedules.c.next_at <= _at(now)
        with self._access.reading() as connection:
            if connection.execute(select(schedules.c.id).where(due)).first() is None:
                return []
        submitted = []
        with self._access.writing() as connection:
            for row in connection.execute(select(schedules).where(due).with_for_update()).all():
                next_at = _at(_next(row.next_at, row.every_seconds, now))
                same = (schedules.c.id == row.id, schedules.c.next_at == row.next_at)
                if connection.execute(update(schedules).where(*same).values(next_at=next_at)).rowcount:
                    asked = schedule_of(row).asked
                    submitted.append(job_of(statements.insert_job(connection, asked, _now())))
        return submitted


def _next(last: str, every_seconds: float, now: datetime) -> datetime:
    """Return the first time after now that lies a whole number of periods after the last."""
    begun = datetime.fromisoformat(last)
    periods = (now - begun).total_seconds() // every_seconds + 1
    return begun + timedelta(seconds=periods * every_seconds)


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _now() -> str:
    return _at(datetime.now(UTC))
