"""A watcher of services that writes everything down."""

from collections import Counter

from genepool.ports import (
    CacheAnswer,
    CacheAnswered,
    CacheReachable,
    CacheStage,
    CacheTook,
    Event,
    Hindered,
    Hindrance,
    JournalHolds,
    StoreReachable,
    StoreStage,
    StoreTook,
    WriteRefused,
)


class ServiceNotes:
    """``Watcher`` for tests; its notes may be read while other threads write."""

    def __init__(self) -> None:
        self.answers: Counter[CacheAnswer] = Counter()
        self.trips: Counter[CacheStage] = Counter()
        self.transactions: Counter[StoreStage] = Counter()
        self.cache: list[bool] = []
        self.store: list[bool] = []
        self.held: list[tuple[int, int]] = []
        self.fences = 0
        self.hindrances: list[tuple[Hindrance, str | None]] = []

    def __call__(self, event: Event) -> None:
        self._note_cache(event)
        self._note_history(event)

    def _note_cache(self, event: Event) -> None:
        match event:
            case CacheAnswered(answer, count):
                self.answers[answer] += count
            case CacheTook(stage, seconds):
                assert seconds >= 0
                self.trips[stage] += 1
            case CacheReachable(reachable):
                self.cache.append(reachable)

    def _note_history(self, event: Event) -> None:
        match event:
            case StoreTook(stage, seconds):
                assert seconds >= 0
                self.transactions[stage] += 1
            case StoreReachable(reachable):
                self.store.append(reachable)
            case Hindered(by, reason) if self.hindrances[-1:] != [(by, reason)]:
                self.hindrances.append((by, reason))
            case JournalHolds(generations, size):
                self.held.append((generations, size))
            case WriteRefused():
                self.fences += 1
