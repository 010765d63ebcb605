"""Forget old runs; never the ledger of trials, and never what a run that stays may need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select

from genepool.adapters.store.dialect import only_writer
from genepool.adapters.store.tables import evaluations, generations, runs

_ENDED = ("finished", "failed", "interrupted")


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was forgotten, or would be.

    Parameters
    ----------
    runs
        Names, oldest first.
    evaluations
        How many evaluations of problems that no run poses any more.
    kept
        How many runs stay.
    """

    runs: tuple[str, ...]
    evaluations: int
    kept: int


def prune(
    connection: Connection, abandoned: set[str], keep_runs: int, older_than: timedelta, now: datetime
) -> Pruned:
    """Delete runs that ended before some time, except the newest ones, with all that is theirs alone.

    Parameters
    ----------
    connection
        Where; the caller rolls a rehearsal back.
    abandoned
        Names of runs that ended without saying so.
    keep_runs
        How many of the newest runs stay, whatever their state and age.
    older_than
        How long ago a run must have been touched last.
    now
        The time, in UTC.
    """
    before = (now - older_than).isoformat(timespec="milliseconds")
    gone = tuple(
        row.name for row in _doomed(connection, abandoned, keep_runs, before) if _delete(connection, row)
    )
    # A writer that found an evaluation of a new run here must not lose it before it commits.
    only_writer(connection)
    posed = select(runs.c.problem_digest)
    orphans = connection.execute(delete(evaluations).where(evaluations.c.problem_digest.not_in(posed)))
    kept = connection.execute(select(func.count()).select_from(runs)).scalar_one()
    return Pruned(gone, orphans.rowcount, kept)


def _doomed(connection: Connection, abandoned: set[str], keep_runs: int, before: str) -> Sequence[Row[Any]]:
    latest = select(func.max(generations.c.recorded_at)).where(generations.c.run_id == runs.c.id)
    touched = func.coalesce(runs.c.finished_at, latest.scalar_subquery(), runs.c.started_at)
    query = select(runs.c.id, runs.c.name, runs.c.state, runs.c.epoch, touched.label("touched"))
    rows = connection.execute(query.order_by(runs.c.id.desc())).all()
    return [
        row
        for row in reversed(rows[keep_runs:])
        if row.touched < before and (row.state in _ENDED or row.name in abandoned)
    ]


def _delete(connection: Connection, row: Row[Any]) -> bool:
    """Delete a run unless somebody has taken it up since it was read; tell whether it is gone."""
    same = (runs.c.id == row.id, runs.c.epoch == row.epoch, runs.c.state == row.state)
    return connection.execute(delete(runs).where(*same)).rowcount == 1
