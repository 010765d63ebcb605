"""Which of the coordinator's services answer, as far as it has heard."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from genepool.ports import CacheReachable, Event, Hindered, Hindrance, StoreReachable

_MATTERS: dict[Hindrance, str] = {
    "journal": "the journal takes no more, and each generation waits for the history",
    "cluster": "the cluster is away, and the run waits for it",
    "history": "the history is away, and the journal keeps what it has not got yet",
}


@dataclass(frozen=True, slots=True)
class _Noticed:
    since: datetime
    reason: str


class ServiceStatus:
    """``Watcher`` that remembers which services answer; one that was never asked counts as there.

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

    def __call__(self, event: Event) -> None:
        """Remember whether a service answers, or since when it keeps runs waiting."""
        match event:
            case CacheReachable(reachable):
                self.answers = {**self.answers, "cache": reachable}
            case StoreReachable(reachable):
                self.answers = {**self.answers, "history": reachable}
            case Hindered(by, reason):
                self._notice(by, reason)

    def _notice(self, by: Hindrance, reason: str | None) -> None:
        noticed = self._hindrances.get(by)
        since = noticed.since if noticed else self._now()
        # One at a time: threads tell of different ones.
        self._hindrances[by] = None if reason is None else _Noticed(since, reason)
