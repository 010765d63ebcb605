"""Wires the follower of a run that a coordinator carries on."""

import time
from collections.abc import Callable

from genepool.adapters.store import SqlStore
from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.placement import progress_of
from genepool.pool.following import Follower, Standing
from genepool.ports import Telemetry
from genepool.settings import Settings


def open_follower(
    run: str, store: SqlStore, telemetry: Telemetry, settings: Settings, interrupted: Callable[[], bool]
) -> Follower:
    """Return who submits and watches a run.

    Parameters
    ----------
    run
        Its name.
    store
        The history that the coordinator shares.
    telemetry
        Who is shown it.
    settings
        They name the coordinator.
    interrupted
        Tells whether the user wants to stop it.
    """

    def progress() -> Standing | None:
        told = progress_of(settings)
        if told is None or told.get("run") != run:
            return None
        read = int(told.get("read", 0)) if told.get("phase") == "digest" else None
        return Standing(int(told.get("done", 0)), int(told.get("asked", 0)), read)

    return Follower(store, store, telemetry, SystemClock(), time.sleep, progress, interrupted)
