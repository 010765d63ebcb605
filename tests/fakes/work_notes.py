"""A watcher of work that writes everything down."""

import time
from collections import Counter

from genepool.ports import (
    BatchEvaluated,
    BatchRetried,
    CrewChanged,
    Event,
    GenomeQuarantined,
    QueueChanged,
    RetryReason,
    Seat,
)


class WorkNotes:
    """``Watcher`` that writes everything down."""

    def __init__(self) -> None:
        self.works: list[tuple[float, BatchEvaluated]] = []
        self.retries: list[RetryReason] = []
        self.quarantined: list[str] = []
        self.crews: list[list[Seat]] = []

    def __call__(self, event: Event) -> None:
        match event:
            case BatchEvaluated():
                self.works.append((time.monotonic(), event))
            case BatchRetried(reason):
                self.retries.append(reason)
            case GenomeQuarantined(strategy):
                self.quarantined.append(strategy)
            case CrewChanged(seats):
                self.crews.append(list(seats))
            case QueueChanged(waiting, running):
                assert waiting >= 0
                assert running >= 0

    def shares(self) -> dict[str, float]:
        """Return each node's share of the genomes."""
        count: Counter[str] = Counter()
        for _, work in self.works:
            count[work.node] += len(work.evaluations)
        return {node: genomes / count.total() for node, genomes in count.items()}
