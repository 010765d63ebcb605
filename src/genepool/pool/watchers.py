"""Several watchers behind one, and the tally of what each machine evaluated."""

from collections.abc import Sequence
from dataclasses import replace

from genepool.history import NodeWork
from genepool.ports import BatchEvaluated, Event, Watcher


def audience(watchers: Sequence[Watcher]) -> Watcher:
    """Return a watcher that tells all others, in this order.

    What one of them raises goes to the caller, and those after it are not told.
    """

    def tell(event: Event) -> None:
        for watcher in watchers:
            watcher(event)

    return tell


class WorkTally:
    """``Watcher`` that adds up what each machine evaluated since the shares were last taken."""

    def __init__(self) -> None:
        self._work: dict[str, NodeWork] = {}

    def __call__(self, event: Event) -> None:
        """Add a batch to its machine's share; only accepted work counts."""
        match event:
            case BatchEvaluated():
                self._add(event)

    def take(self) -> tuple[NodeWork, ...]:
        """Return the shares, sorted by node, and start anew."""
        shares = tuple(self._work[node] for node in sorted(self._work))
        self._work = {}
        return shares

    def _add(self, batch: BatchEvaluated) -> None:
        before = self._work.get(batch.node, NodeWork(batch.node, batch.worker_kind, 0, 0.0))
        self._work[batch.node] = replace(
            before,
            evaluations=before.evaluations + len(batch.evaluations),
            seconds=before.seconds + batch.compute_seconds,
        )
