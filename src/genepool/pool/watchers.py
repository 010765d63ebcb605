"""Several watchers of a run behind one, and the tally of who evaluated what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from genepool.evolution.population import Individual, Population
from genepool.history import GenerationRecord, NodeWork, RunSpec, RunState
from genepool.ports import BatchWork, RetryReason, Seat, Telemetry, WorkWatcher


@dataclass(frozen=True, slots=True)
class Audience:
    """``Telemetry`` that passes everything on.

    Parameters
    ----------
    watchers
        Told in this order.
    """

    watchers: Sequence[Telemetry]

    def run_started(
        self, spec: RunSpec, population: Population | None, champion: Individual | None = None
    ) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.run_started(spec, population, champion)

    def batch_finished(self, done: int, asked: int) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.batch_finished(done, asked)

    def generation_finished(self, spec: RunSpec, record: GenerationRecord) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.generation_finished(spec, record)

    def run_closing(self, spec: RunSpec, read: int, generations: int) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.run_closing(spec, read, generations)

    def run_finished(self, spec: RunSpec, state: RunState) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.run_finished(spec, state)


@dataclass(frozen=True, slots=True)
class WorkAudience:
    """``WorkWatcher`` that passes everything on.

    Parameters
    ----------
    watchers
        Told in this order.
    """

    watchers: Sequence[WorkWatcher]

    def batch_evaluated(self, work: BatchWork) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.batch_evaluated(work)

    def batch_retried(self, reason: RetryReason) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.batch_retried(reason)

    def genome_quarantined(self, strategy: str) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.genome_quarantined(strategy)

    def crew_changed(self, seats: Sequence[Seat]) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.crew_changed(seats)

    def queue_changed(self, waiting: int, running: int) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.queue_changed(waiting, running)


class WorkTally:
    """``WorkWatcher`` that adds up what each machine did since it was last asked."""

    def __init__(self) -> None:
        self._work: dict[str, NodeWork] = {}

    def batch_evaluated(self, work: BatchWork) -> None:
        """Add a batch to its machine's share."""
        before = self._work.get(work.node, NodeWork(work.node, work.worker_kind, 0, 0.0))
        self._work[work.node] = replace(
            before,
            evaluations=before.evaluations + len(work.evaluations),
            seconds=before.seconds + work.compute_seconds,
        )

    def batch_retried(self, reason: RetryReason) -> None:
        """Pass over it: only accepted work counts."""

    def genome_quarantined(self, strategy: str) -> None:
        """Pass over it."""

    def crew_changed(self, seats: Sequence[Seat]) -> None:
        """Pass over it."""

    def queue_changed(self, waiting: int, running: int) -> None:
        """Pass over it."""

    def take(self) -> tuple[NodeWork, ...]:
        """Return the shares, sorted by node, and start anew."""
        shares = tuple(self._work[node] for node in sorted(self._work))
        self._work = {}
        return shares
