"""Which of the coordinator's services answer, as far as it has heard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from genepool.ports import CacheAnswer, CacheStage, Hindrance, ServiceWatcher, StoreStage

_MATTERS: dict[Hindrance, str] = {
    "journal": "the journal takes no more, and each generation waits for the history",
    "cluster": "the cluster is away, and the run waits for it",
    "history": "the history is away, and the journal keeps what it has not got yet",
}


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

    def hindered(self, by: Hindrance, reason: str | None) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.hindered(by, reason)

    def journal_holds(self, generations: int, size: int) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.journal_holds(generations, size)

    def fenced(self) -> None:
        """Pass it on."""
        for watcher in self.watchers:
            watcher.fenced()


@dataclass(frozen=True, slots=True)
class _Noticed:
    since: datetime
    reason: str


class ServiceStatus:
    """``ServiceWatcher`` that remembers who answers; whoever was never asked counts as there.

    Parameters
    ----------
    now
        The present.

    Attributes
    ----------
    answers
        By service.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.answers = {"history": True, "cache": True}
        self._now = now
        self._hindrances: dict[Hindrance, _Noticed | None] = {}

    def hindrance(self, by: Hindrance) -> str | None:
        """Return since when and why runs wait for something, in one sentence; None when they do not."""
        noticed = self._hindrances.get(by)
        if noticed is None:
            return None
        return f"{_MATTERS[by]}, since {noticed.since:%Y-%m-%d %H:%M:%S} UTC: {noticed.reason}"

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

    def hindered(self, by: Hindrance, reason: str | None) -> None:
        """Remember since when, and the latest reason."""
        noticed = self._hindrances.get(by)
        since = noticed.since if noticed else self._now()
        # One at a time: threads tell of different ones.
        self._hindrances[by] = None if reason is None else _Noticed(since, reason)

    def journal_holds(self, generations: int, size: int) -> None:
        """Pass over it."""

    def fenced(self) -> None:
        """Pass over it."""
