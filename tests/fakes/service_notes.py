"""A watcher of services that writes everything down."""

from collections import Counter

from genepool.ports import CacheAnswer, CacheStage, Hindrance, StoreStage


class ServiceNotes:
    """``ServiceWatcher`` for tests; its notes may be read while other threads write."""

    def __init__(self) -> None:
        self.answers: Counter[CacheAnswer] = Counter()
        self.trips: Counter[CacheStage] = Counter()
        self.transactions: Counter[StoreStage] = Counter()
        self.cache: list[bool] = []
        self.store: list[bool] = []
        self.held: list[tuple[int, int]] = []
        self.fences = 0
        self.hindrances: list[tuple[Hindrance, str | None]] = []

    def cache_answered(self, answer: CacheAnswer, count: int) -> None:
        self.answers[answer] += count

    def cache_took(self, stage: CacheStage, seconds: float) -> None:
        assert seconds >= 0
        self.trips[stage] += 1

    def cache_reachable(self, reachable: bool) -> None:
        self.cache.append(reachable)

    def store_took(self, stage: StoreStage, seconds: float) -> None:
        assert seconds >= 0
        self.transactions[stage] += 1

    def store_reachable(self, reachable: bool) -> None:
        self.store.append(reachable)

    def hindered(self, by: Hindrance, reason: str | None) -> None:
        if not self.hindrances or self.hindrances[-1] != (by, reason):
            self.hindrances.append((by, reason))

    def journal_holds(self, generations: int, size: int) -> None:
        self.held.append((generations, size))

    def fenced(self) -> None:
        self.fences += 1
