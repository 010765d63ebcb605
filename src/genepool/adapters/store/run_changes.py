"""What a user changes of a recorded run: its name, the note on it, and whether it is there at all."""

import json
import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, or_, select, tuple_, update

from genepool.adapters.store.claims import Claims
from genepool.adapters.store.dialect import only_writer
from genepool.adapters.store.job_tables import jobs
from genepool.adapters.store.tables import evaluations, ledger, lineage, runs
from genepool.errors import RunBusy, RunExists
from genepool.jobs import ENDED
from genepool.program import program

_UNENDED = ("queued", "running", "stopping")
# What a run is called whose job names none: ``usecases.evolve_job.run_of``.
_AFTER_ITS_JOB = re.compile(r"job-(\d+)")


def refuse_busy(connection: Connection, run: Row[Any], claims: Claims, abandoned: Collection[str]) -> None:
    """Raise ``RunBusy`` while a process works on a run, or is about to."""
    if run.state in _UNENDED and run.name not in abandoned:
        raise RunBusy(
            f"run {run.name} is {run.state}: `{program()} stop {run.name}` stops it; then try again"
        )
    # A process may write what is left of a run that has ended.
    unowned = select(runs.c.id).where(runs.c.id == run.id, claims.free(run.name))
    if connection.execute(unowned).first() is None:
        raise RunBusy(f"another process still writes run {run.name}: wait for it, then try again")
    job = _open_job(connection, run.name)
    if job is not None:
        raise RunBusy(
            f"job {job} is about run {run.name} and has not ended: `{program()} jobs cancel {job}` cancels "
            "it; then try again"
        )


def rename(connection: Connection, run: Row[Any], name: str) -> None:
    """Call a run otherwise, wherever the history names it.

    Raises
    ------
    RunExists
        When a run, or one that a job is to breed, has that name.
    """
    if connection.execute(select(runs.c.id).where(runs.c.name == name)).first():
        raise RunExists(f"there is a run {name} already: choose another name")
    job = _open_job(connection, name)
    if job is not None:
        raise RunExists(f"job {job} breeds a run {name}: choose another name, or cancel that job")
    spec = json.dumps({**json.loads(run.spec), "run": name}, sort_keys=True)
    connection.execute(update(runs).where(runs.c.id == run.id).values(name=name, spec=spec))
    first = ledger.c.market_digest == run.market_digest, ledger.c.first_run == run.name
    connection.execute(update(ledger).where(*first).values(first_run=name))
    # A job that is tried again finds its run.
    connection.execute(update(jobs).where(_about(run.name)).values(run=name))


def write_note(connection: Connection, run: Row[Any], text: str) -> None:
    """Write what its user says of a run."""
    connection.execute(update(runs).where(runs.c.id == run.id).values(note=text))


def remove(connection: Connection, run: Row[Any]) -> int:
    """Delete a run with all that is its alone, and return how many evaluations went.

    The ledger of trials stays, and what any other run refers to.
    """
    # A writer that found an evaluation here must not lose it before it commits.
    only_writer(connection)
    gone = connection.execute(delete(evaluations).where(*_its_alone(connection, run))).rowcount
    connection.execute(delete(runs).where(runs.c.id == run.id))
    return gone


def _its_alone(connection: Connection, run: Row[Any]) -> list[ColumnElement[bool]]:
    """Return the conditions on evaluations that nobody needs without the run."""
    same = evaluations.c.problem_digest == run.problem_digest
    posing = select(runs.c.id).where(runs.c.problem_digest == run.problem_digest, runs.c.id != run.id)
    if connection.execute(posing).first() is None:
        return [same]
    results = select(lineage.c.fingerprint, lineage.c.rules)
    ours, others = results.where(lineage.c.run_id == run.id), results.where(lineage.c.run_id.in_(posing))
    key = tuple_(evaluations.c.fingerprint, evaluations.c.rules)
    return [same, key.in_(ours.except_(others))]


def _open_job(connection: Connection, name: str) -> int | None:
    unfinished = jobs.c.state.not_in(ENDED)
    found: int | None = connection.execute(select(jobs.c.id).where(unfinished, _about(name))).scalar()
    return found


def _about(name: str) -> ColumnElement[bool]:
    """Return the condition on jobs that they are about a run of that name."""
    named = jobs.c.run == name
    called = _AFTER_ITS_JOB.fullmatch(name)
    if called is None:
        return named
    nameless = and_(jobs.c.id == int(called[1]), jobs.c.kind == "evolve", jobs.c.run.is_(None))
    return or_(named, nameless)
