"""Where the service's runs and workers stand, as one JSON document."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from genepool.api.pace import Pace
from genepool.api.run_progress import RunProgress
from genepool.ports import (
    BatchEvaluated,
    CrewChanged,
    Event,
    Hindrance,
    NodesMeasured,
    QueueChanged,
    RunEnded,
    Seat,
    Watcher,
)
from genepool.scheduling.absence import GRACE_SECONDS
from genepool.scheduling.node_cpu import NodeCpu


class Board:
    """``Watcher`` that remembers the latest; any thread may read it.

    Of runs that are bred at once it shows one, as it is told of one, and lists all that have a watcher `of`
    their own.

    Parameters
    ----------
    seconds
        Monotonic time.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._idle_since: float | None = None
        self._shown = RunProgress(seconds)
        self._each: dict[str, RunProgress] = {}
        self._seats: tuple[Seat, ...] = ()
        self._queue = {"waiting": 0, "running": 0}
        self._paces: dict[str, Pace] = {}
        self._cpus: dict[str, NodeCpu] = {}
        self._lock = threading.Lock()

    def document(self, hindrance: Callable[[Hindrance], str | None] = lambda _: None) -> dict[str, Any]:
        """Return the runs, their progress, the queue, the seats of each node, and what runs wait for.

        Parameters
        ----------
        hindrance
            Tells what else than missing workers keeps runs waiting.
        """
        # What stops a run goes before what it gets by without.
        waits = hindrance("journal") or hindrance("cluster") or self._unmanned() or hindrance("history")
        return {
            **self._shown.document(),
            "runs": self._bred(),
            "queue": self._queue,
            "nodes": self._nodes(),
            "waiting_for": waits,
        }

    def of(self, run: str) -> Watcher:
        """Return the watcher of one run among those that are bred at once."""
        progress = RunProgress(self._seconds)

        def tell(event: Event) -> None:
            progress(event)
            with self._lock:
                if isinstance(event, RunEnded):
                    self._each.pop(run, None)
                else:
                    self._each[run] = progress

        return tell

    def __call__(self, event: Event) -> None:
        """Show what the event changes."""
        self._shown(event)
        match event:
            case CrewChanged(seats):
                self._seats = tuple(seats)
                self._look()
            case QueueChanged(waiting, running):
                self._queue = {"waiting": waiting, "running": running}
                self._look()
            case NodesMeasured(nodes):
                self._cpus = {one.node: one for one in nodes}
            case BatchEvaluated(node=node, evaluations=evaluations):
                self._pace(node).add(len(evaluations))

    def _bred(self) -> list[dict[str, Any]]:
        with self._lock:
            each = dict(self._each)
        shown = self._shown
        if shown.run is not None and shown.running:
            # A run that commands queue has no watcher beside this one.
            each.setdefault(shown.run, shown)
        return [each[run].paced() for run in sorted(each)]

    def _nodes(self) -> list[dict[str, Any]]:
        seats = Counter(self._seats)
        ordered = sorted(seats.items(), key=lambda item: (item[0].node, item[0].worker_kind))
        return [
            {
                "node": seat.node,
                "worker_kind": seat.worker_kind,
                "seats": count,
                "evaluations_per_second": self._pace(seat.node).per_second(),
                **_cpu(self._cpus.get(seat.node)),
            }
            for seat, count in ordered
        ]

    def _pace(self, node: str) -> Pace:
        with self._lock:
            return self._paces.setdefault(node, Pace(self._seconds))

    def _unmanned(self) -> str | None:
        since = self._idle_since
        waited = 0.0 if since is None else self._seconds() - since
        if waited < GRACE_SECONDS:
            return None
        return (
            f"no worker answers, for {waited:.0f} s: the run waits for nodes to join or to come back "
            "(docker compose ps shows those of the stack)"
        )

    def _look(self) -> None:
        if self._seats or not self._queue["waiting"]:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = self._seconds()


def _cpu(measured: NodeCpu | None) -> dict[str, float | None]:
    """Return what a machine may use of its CPUs, and what it used over the last minute, in percent."""
    if measured is None:
        return {"budget_percent": None, "used_percent": None}
    return {"budget_percent": round(100 * measured.share), "used_percent": round(100 * measured.used)}
