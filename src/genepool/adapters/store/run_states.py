"""Where runs truly stand: their rows do not know of a process that died, nor of a job that waits."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, Connection, case, literal

from genepool.adapters.store import queueing
from genepool.adapters.store.claims import Claims
from genepool.adapters.store.tables import runs
from genepool.history import RunState


@dataclass(frozen=True, slots=True)
class RunStates:
    """What the rows of runs do not say.

    Parameters
    ----------
    abandoned
        Names of runs whose process died: they are interrupted, whatever their rows say.
    awaited
        Names of runs that a job will breed: an interrupted one of them is queued.
    """

    abandoned: frozenset[str]
    awaited: frozenset[str]

    def of(self, run: str, recorded: RunState) -> RunState:
        """Return where a run stands whose row says ``recorded``."""
        state: RunState = "interrupted" if run in self.abandoned else recorded
        return "queued" if state == "interrupted" and run in self.awaited else state

    def column(self) -> ColumnElement[str]:
        """Return the same for statements over ``runs``."""
        state = cast("ColumnElement[str]", runs.c.state)
        if self.abandoned:
            state = case((runs.c.name.in_(self.abandoned), literal("interrupted")), else_=state)
        if self.awaited:
            waits = (state == "interrupted") & runs.c.name.in_(self.awaited)
            state = case((waits, literal("queued")), else_=state)
        return state


def run_states(connection: Connection, claims: Claims, names: Collection[str] | None = None) -> RunStates:
    """Look where runs truly stand now: those of these names, or all."""
    return RunStates(
        frozenset(queueing.abandoned(connection, claims, names)), frozenset(queueing.awaited(connection))
    )
