"""Wires the follower of a run that a coordinator carries on."""

import time
from collections.abc import Callable

from genepool.adapters.store import SqlStore
from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.placement import progress_of
from genepool.pool.following import Follower
from genepool.ports import Telemetry
from genepool.settings import Settings

# What a coordinator calls its state while it has a run, or has put one off.
_AT_WORK = ("running", "stopping", "queued")


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

    def progress() -> tuple[int, int] | None:
        told = progress_of(settings)
        if told is None or told.get("run") != run or not told.get("asked"):
            return None
        return int(told["done"]), int(told["asked"])

    def occupied() -> bool:
        told = progress_of(settings) or {}
        return told.get("state") in _AT_WORK or bool(told.get("waiting_for"))

    return Follower(
        store,
        store,
        telemetry,
        SystemClock(),
        time.sleep,
        progress,
        interrupted,
        occupied,
        settings.queue_seconds,
    )
