"""Which of the coordinator's services answer, as far as it has heard."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.ports import CacheAnswer, CacheStage, ServiceWatcher, StoreStage


@dataclass(frozen=True, slots=True)
class ServiceAudience:
    """``ServiceWatcher`` that passes everything on.

    Parameters
    ----------
    watchers
        Told in this order.
    """

    watchers: Sequence[ServiceWatcher]

    def cache_answered(self, answer: CacheAnswer, count: int) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.cache_answered(answer, count)

    def cache_took(self, stage: CacheStage, seconds: float) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.cache_took(stage, seconds)

    def cache_reachable(self, reachable: bool) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.cache_reachable(reachable)

    def store_took(self, stage: StoreStage, seconds: float) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.store_took(stage, seconds)

    def store_reachable(self, reachable: bool) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.store_reachable(reachable)

    def journal_holds(self, generations: int, size: int) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.journal_holds(generations, size)

    def fenced(self) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.fenced()


class ServiceStatus:
    """``ServiceWatcher`` that remembers who answers; whoever was never asked counts as there.

    Attributes
    ----------
    answers
        By service.
    """

    def __init__(self) -> None:
        self.answers = {"history": True, "cache": True}

    def cache_answered(self, answer: CacheAnswer, count: int) -> None:
        """Pass over it."""

    def cache_took(self, stage: CacheStage, seconds: float) -> None:
        """Pass over it."""

    def cache_reachable(self, reachable: bool) -> None:
        """Remember it."""
        self.answers = {**self.answers, "cache": reachable}

    def store_took(self, stage: StoreStage, seconds: float) -> None:
        """Pass over it."""

    def store_reachable(self, reachable: bool) -> None:
        """Remember it."""
        self.answers = {**self.answers, "history": reachable}

    def journal_holds(self, generations: int, size: int) -> None:
        """Pass over it."""

    def fenced(self) -> None:
        """Pass over it."""
