"""Prunes old trials by the rule of the settings, while no run waits."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from genepool.adapters.store import SqlStore
from genepool.errors import Interrupted, StoreError
from genepool.ports import Clock

_DAY_SECONDS = 86_400.0
# After a history that could not be pruned.
_RETRY_SECONDS = 600.0


def prune_by_rule(store: SqlStore, days: float | None, enough: Callable[[], bool] = lambda: False) -> bool:
    """Prune the trials of old runs and log what went; return whether nothing is left to do.

    Parameters
    ----------
    store
        The history.
    days
        Age from which on finished runs are pruned; None to keep everything.
    enough
        Tells between two transactions whether to leave the rest to another time.

    Raises
    ------
    StoreError
        When the history cannot be pruned.
    """
    if days is None:
        return True
    pruned = store.prune_trials(timedelta(days=days), enough=enough)
    if pruned.runs:
        structlog.get_logger().info(
            "trials_pruned", runs=list(pruned.runs), trials=pruned.trials, kept=pruned.kept
        )
    return pruned.complete


class Housekeeping:
    """Prunes while a coordinator is idle, once a day, and leaves off when a run comes.

    Parameters
    ----------
    store
        The history.
    days
        Age from which on finished runs are pruned; None to keep everything.
    clock
        What time it is.
    busy
        Tells whether a run waits, or the coordinator has to stop.
    """

    def __init__(self, store: SqlStore, days: float | None, clock: Clock, busy: Callable[[], bool]) -> None:
        self._store = store
        self._days = days
        self._clock = clock
        self._busy = busy
        self._again_at = 0.0

    def look(self) -> None:
        """Prune, unless that was done within a day; the next call continues an unfinished pruning."""
        now = self._clock.seconds()
        if self._days is None or now < self._again_at:
            return
        try:
            if prune_by_rule(self._store, self._days, self._busy):
                self._again_at = now + _DAY_SECONDS
        except Interrupted:
            return
        except StoreError as error:
            self._again_at = now + _RETRY_SECONDS
            structlog.get_logger().warning("pruning_put_off", reason=str(error))
