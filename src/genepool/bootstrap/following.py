"""Wires the follower of a run that a coordinator evolves."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from genepool.adapters.store import SqlStore
from genepool.bootstrap.clock import SystemClock
from genepool.bootstrap.placement import progress_of
from genepool.pool.following import FollowedProgress, Follower
from genepool.ports import Watcher
from genepool.settings import Settings

# A busy coordinator may miss a question or two.
_MISSED_ANSWERS = 3
# What a coordinator calls its state while it has a run, or has put one off.
_AT_WORK = ("running", "stopping", "queued")


def open_follower(
    run: str, store: SqlStore, watcher: Watcher, settings: Settings, interrupted: Callable[[], bool]
) -> Follower:
    """Return what submits and watches a run.

    Parameters
    ----------
    run
        Its name.
    store
        The history that the coordinator shares.
    watcher
        Told of everything that happens to the run.
    settings
        They name the coordinator.
    interrupted
        Tells whether the user wants to stop it.
    """
    herald = _Herald(run)

    def progress() -> FollowedProgress | None:
        told = progress_of(settings)
        herald.look(told)
        if told is None or told.get("run") != run:
            return None
        read = int(told.get("read", 0)) if told.get("phase") == "digest" else None
        return FollowedProgress(int(told.get("done", 0)), int(told.get("asked", 0)), read)

    def occupied() -> bool:
        told = progress_of(settings) or {}
        return told.get("state") in _AT_WORK or bool(told.get("waiting_for"))

    return Follower(
        store,
        store,
        store,
        watcher,
        SystemClock(),
        time.sleep,
        progress,
        interrupted,
        occupied,
        settings.queue_seconds,
    )


class _Herald:
    """Logs what a run waits for when that becomes something else."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._said: str | None = None
        self._missed = 0

    def look(self, told: Mapping[str, Any] | None) -> None:
        """Log what the coordinator's page says, if it is new; figures in it are no news."""
        self._missed = self._missed + 1 if told is None else 0
        if 0 < self._missed < _MISSED_ANSWERS:
            return
        waits = _waits(self._run, told)
        kind = waits and waits.partition(":")[0].partition(",")[0]
        if kind != self._said:
            self._said = kind
            if waits:
                structlog.get_logger().info("run_waits", run=self._run, waiting_for=waits)
            else:
                structlog.get_logger().info("run_goes_on", run=self._run)


def _waits(run: str, told: Mapping[str, Any] | None) -> str | None:
    if told is None:
        return "the coordinator does not answer: docker compose ps shows whether genetic-pool runs"
    if told.get("run") != run and told.get("state") == "running":
        return f"run {told['run']} goes first: the coordinator evolves one run at a time"
    return told.get("waiting_for")
