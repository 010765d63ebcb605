"""Has the rung that metrics show follow what other processes find out about a run that has ended."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from genepool.errors import GenepoolError
from genepool.ports import Event, RunClimbed, RunEnded, RunStarted, Watcher
from genepool.usecases.past_run import PastRun

_LOOK_SECONDS = 10.0


class LastRun:
    """``Watcher`` that knows which run metrics show, once it has ended; none while one is bred."""

    def __init__(self) -> None:
        self.name: str | None = None

    def __call__(self, event: Event) -> None:
        """Note the run that has ended, or that was compared with its nulls, last."""
        match event:
            case RunStarted():
                self.name = None
            case RunEnded(spec):
                self.name = spec.run
            case RunClimbed(run):
                self.name = run


class RungFollower:
    """Judges the last run again when its history knows more: an exam, nulls, neighbours, other trials.

    Parameters
    ----------
    last
        Which run it is.
    open_run
        Opens a recorded run by its whole name.
    watcher
        Told of the rung.
    """

    def __init__(self, last: LastRun, open_run: Callable[[str], PastRun], watcher: Watcher) -> None:
        self._last = last
        self._open_run = open_run
        self._watcher = watcher
        self._seen: object = None

    def look(self) -> None:
        """Tell the rung of the last run, unless nothing new is known of it.

        Raises
        ------
        DataError, RunNotFound, StoreError
            When its candles, the run or the history are not there.
        """
        run = self._last.name
        if run is None:
            return
        past = self._open_run(run)
        if past.summary.state != "finished" or (known := _known(past)) == self._seen:
            return
        # A run whose candles are gone is not asked again and again.
        self._seen = known
        ladder, _ = past.climbed(past.judged(past.plan()))
        # Another one may have started meanwhile, of which nothing is known yet.
        if self._last.name == run:
            self._watcher(RunClimbed(run, ladder.height))


def _known(past: PastRun) -> tuple[Any, ...]:
    history, digest = past.history, past.summary.spec.market_digest
    looks, nulls = history.exams.sealed_looks(digest), history.null_searches(past.name)
    return past.summary, history.trials(digest), tuple(looks), len(nulls)


@contextmanager
def rung_following(look: Callable[[], None], seconds: float = _LOOK_SECONDS) -> Iterator[None]:
    """Look every few seconds, in a thread of its own, while the context lasts."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(seconds):
            try:
                look()
            except GenepoolError as error:
                structlog.get_logger().warning("rung_not_followed", reason=str(error))
            except Exception:  # noqa: BLE001 - without this thread the rung stands still until a restart
                structlog.get_logger().exception("rung_failed_to_follow")

    thread = threading.Thread(target=watch, name="rung", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
