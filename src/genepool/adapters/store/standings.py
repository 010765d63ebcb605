"""Where runs stand, for those who watch: a query whose cost no finished run adds to."""

from sqlalchemy import Connection, func, select

from genepool.adapters.store.tables import generations, runs
from genepool.history import RunStanding, RunState

_OPEN: tuple[RunState, ...] = ("queued", "running", "stopping")
# The newest runs are watched too when they have ended: their end is news.
_NEWEST = 200


def standings(connection: Connection) -> list[RunStanding]:
    """Return where the newest runs stand, and all that have not ended."""
    done = select(func.max(generations.c.number)).where(generations.c.run_id == runs.c.id).scalar_subquery()
    newest = select(runs.c.id).order_by(runs.c.id.desc()).limit(_NEWEST).scalar_subquery()
    query = (
        select(runs.c.name, runs.c.state, done.label("newest"))
        .where(runs.c.id.in_(newest) | runs.c.state.in_(_OPEN))
        .order_by(runs.c.id)
    )
    return [
        RunStanding(row.name, row.state, 0 if row.newest is None else row.newest + 1)
        for row in connection.execute(query)
    ]
