"""What the history takes in of runs: statements over one connection, all inside the caller's transaction."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from genepool.adapters.store import reading, run_figures
from genepool.adapters.store.dialect import insert_missing
from genepool.adapters.store.tables import datasets, runs
from genepool.errors import Fenced, RunExists, RunFinished
from genepool.history import RunSpec, RunState


def create(connection: Connection, spec: RunSpec, now: str) -> None:
    """Insert a run that is running, and its data set."""
    if connection.execute(select(runs.c.id).where(runs.c.name == spec.run)).first():
        raise RunExists(
            f"there is a run {spec.run} already: choose another --name, or resume it with --resume"
        )
    connection.execute(
        insert_missing(connection, datasets),
        {
            "digest": spec.data_digest,
            "symbol": spec.symbol,
            "timeframe": spec.timeframe,
            "candles": spec.candles,
            "source": spec.data,
            "synthetic": spec.synthetic,
        },
    )
    connection.execute(
        insert(runs),
        {
            "name": spec.run,
            "spec": spec.to_json(),
            "state": "running",
            "data_digest": spec.data_digest,
            "market_digest": spec.market_digest,
            "problem_digest": spec.problem_digest,
            "started_at": now,
        },
    )


def held_row(connection: Connection, run: str, epoch: int) -> Row[Any]:
    """Return a run's row, kept from everybody else, when the claim that writes is the newest one.

    Parameters
    ----------
    connection, run
        Where to look, and for what.
    epoch
        What the claim counted; 0 for a run that nobody ever claimed.

    Raises
    ------
    Fenced
        When somebody claimed the run later.
    RunPruned
        When it was pruned meanwhile.
    """
    row = reading.run_row(connection, run, locked=True)
    reading.refuse_pruned(row)
    if row.epoch != epoch:
        raise Fenced(
            f"another coordinator owns run {run} (claim {row.epoch}, this one is {epoch}): "
            "nothing was written"
        )
    return row


def claim(
    connection: Connection,
    row: Row[Any],
    free: ColumnElement[bool],
    marks: dict[str, Any],
    *,
    again: bool,
    as_it_is: bool = False,
) -> int:
    """Mark a run as owned and running, and return its epoch.

    Parameters
    ----------
    connection, row
        The run.
    free
        Condition on its row that lets the claim stand.
    marks
        Columns that name the owner.
    again
        Whether the owner holds the newest claim already.
    as_it_is
        Whether the run keeps its state, and is not running.

    Raises
    ------
    RunFinished
        When it is finished.
    Fenced
        When another process owns it.
    RunPruned
        When it was pruned, and can never be resumed.
    """
    check_open(row)
    wanted: RunState = "stopping" if row.state == "stopping" else "running"
    epoch: int = row.epoch if again else row.epoch + 1
    running = {} if as_it_is else {"state": wanted, "digest": None, "finished_at": None}
    values = update(runs).where(runs.c.id == row.id, free).values(**running, epoch=epoch, **marks)
    done = connection.execute(values)
    if done.rowcount == 0:
        raise Fenced(
            f"run {row.name} is owned by another process ({row.owner}): wait for it, or stop it and resume"
        )
    return epoch


def check_open(row: Row[Any]) -> None:
    """Raise ``RunFinished`` when a run is finished, and ``RunPruned`` when it was pruned since."""
    reading.refuse_pruned(row)
    if row.state == "finished":
        raise RunFinished(f"run {row.name} is finished, with the digest {row.digest}: it stays as it is")


def reopen(connection: Connection, row: Row[Any]) -> None:
    """Let a finished run be claimed again, unless it was pruned."""
    reading.refuse_pruned(row)
    finished = (runs.c.id == row.id, runs.c.state == "finished")
    connection.execute(update(runs).where(*finished).values(state="interrupted", digest=None))


def enlarge(connection: Connection, row: Row[Any], free: ColumnElement[bool], spec: RunSpec) -> None:
    """Write a run's specification anew, unless it was pruned, or another process breeds by the old one."""
    reading.refuse_pruned(row)
    values = update(runs).where(runs.c.id == row.id, free).values(spec=spec.to_json())
    if connection.execute(values).rowcount == 0:
        raise Fenced(
            f"run {row.name} is owned by another process ({row.owner}), which keeps to the budget "
            "that it has: stop it, and resume it with a larger one"
        )


def finish(connection: Connection, row: Row[Any], state: RunState, digest: str | None, now: str) -> None:
    """Record how a run ended, and free it; one that somebody asked to stop is not queued again.

    One that is finished stays so, with its digest and its time.

    Raises
    ------
    RunFinished
        When it is finished with another digest.
    """
    if row.state == "finished":
        if state == "finished" and digest != row.digest:
            check_open(row)
        return
    if state == "queued" and row.state == "stopping":
        state = "interrupted"
    unended = state in ("running", "queued")
    values = {"state": state, "digest": digest, "finished_at": None if unended else now}
    free = {"owner": None, "lease_until": None}
    counted = run_figures.counted(connection, row)
    connection.execute(update(runs).where(runs.c.id == row.id).values(**values, **free, **counted))
