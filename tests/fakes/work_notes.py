"""A watcher of work that writes everything down."""

import time
from collections import Counter
from collections.abc import Sequence

from genepool.ports import BatchWork, RetryReason, Seat


class WorkNotes:
    """``WorkWatcher`` that writes everything down."""

    def __init__(self) -> None:
        self.works: list[tuple[float, BatchWork]] = []
        self.retries: list[RetryReason] = []
        self.quarantined: list[str] = []
        self.crews: list[list[Seat]] = []

    def batch_evaluated(self, work: BatchWork) -> None:
        self.works.append((time.monotonic(), work))

    def batch_retried(self, reason: RetryReason) -> None:
        self.retries.append(reason)

    def genome_quarantined(self, strategy: str) -> None:
        self.quarantined.append(strategy)

    def crew_changed(self, seats: Sequence[Seat]) -> None:
        self.crews.append(list(seats))

    def queue_changed(self, waiting: int, running: int) -> None:
        assert waiting >= 0
        assert running >= 0

    def shares(self) -> dict[str, float]:
        """Return each node's share of the genomes."""
        count: Counter[str] = Counter()
        for _, work in self.works:
            count[work.node] += len(work.evaluations)
        return {node: genomes / count.total() for node, genomes in count.items()}
