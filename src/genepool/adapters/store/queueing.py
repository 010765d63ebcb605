"""Which run comes next: statements over one connection, all inside the caller's transaction."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, case, exists, select, update

from genepool.adapters.store import reading
from genepool.adapters.store.claims import Claims
from genepool.adapters.store.job_tables import jobs
from genepool.adapters.store.tables import runs

_RUNNING = ("running", "stopping")
_OPEN = ("queued", "running", "cancelling")


def submit(connection: Connection, row: Row[Any], claims: Claims) -> None:
    """Queue a run, unless another process owns it, or it is finished; a pruned one is refused."""
    reading.refuse_pruned(row)
    values = {"state": "queued", "digest": None, "finished_at": None, "owner": None, "lease_until": None}
    unfinished = runs.c.state != "finished"
    connection.execute(
        update(runs).where(runs.c.id == row.id, unfinished, claims.free(row.name)).values(**values)
    )


def next_run(connection: Connection, claims: Claims) -> str | None:
    """Return the oldest orphan, else the oldest of the queued, else None.

    A run that this store itself holds counts as an orphan: a process that asks for a run breeds none.
    """
    waiting = runs.c.state == "queued"
    # The worker that takes its job up again takes up such a run.
    by_job = exists().where(jobs.c.run == runs.c.name, jobs.c.state.in_(_OPEN))
    orphaned = runs.c.state.in_(_RUNNING) & (runs.c.epoch > 0) & ~by_job
    query = select(runs).where(waiting | orphaned).order_by(case((waiting, 1), else_=0), runs.c.id)
    for row in connection.execute(query).all():
        if row.state == "queued" or _holds(connection, row, claims.free(row.name)):
            return str(row.name)
    return None


def request_stop(connection: Connection, row: Row[Any], now: str) -> None:
    """Ask for the end of a run; one that nobody has taken up yet ends at once."""
    values: dict[str, Any]
    if row.state == "queued" or (row.state == "running" and row.epoch == 0):
        values = {"state": "interrupted", "finished_at": now}
    elif row.state == "running":
        values = {"state": "stopping"}
    else:
        return
    connection.execute(update(runs).where(runs.c.id == row.id).values(**values))


def abandoned(connection: Connection, claims: Claims, names: Collection[str] | None = None) -> set[str]:
    """Return the names of runs that no process owns although their rows say that they are running.

    Parameters
    ----------
    connection, claims
        Where to look.
    names
        The runs that are looked at; None for all.
    """
    query = select(runs.c.name).where(runs.c.state.in_(_RUNNING), claims.over())
    if names is not None:
        query = query.where(runs.c.name.in_(names))
    return {name for name in connection.execute(query).scalars() if not claims.owned(name)}


def awaited(connection: Connection) -> set[str]:
    """Return the names of runs that a worker takes up: a job that breeds them waits, or was just taken."""
    # Between taking a job and owning its run there is a moment, too.
    waits = jobs.c.state.in_(("queued", "running")) & (jobs.c.kind == "evolve") & jobs.c.run.is_not(None)
    return set(connection.execute(select(jobs.c.run).where(waits)).scalars())


def _holds(connection: Connection, row: Row[Any], condition: Any) -> bool:  # noqa: ANN401 - SQL's own true is no bool
    return connection.execute(select(runs.c.id).where(runs.c.id == row.id, condition)).first() is not None
