"""Finds the verdicts that a list could not tell: one after another, behind it."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

import structlog

from genepool.errors import ConfigError, DataError
from genepool.usecases.past_run import PastRun

# More than a list shows at once; what is asked for beyond is asked for again by the next look at it.
_WAITING_AT_MOST = 1_000


class UnjudgedRuns:
    """Runs whose verdicts somebody wants to see; safe for several threads.

    Parameters
    ----------
    open_run
        Opens a recorded run by its whole name.
    """

    def __init__(self, open_run: Callable[[str], PastRun]) -> None:
        self._open_run = open_run
        self._waiting: OrderedDict[str, None] = OrderedDict()
        # What a run was when it could not be judged: its candles are not looked for again and again.
        self._hopeless: dict[str, object] = {}
        self._lock = Lock()

    def ask(self, run: str) -> None:
        """Have a run judged soon."""
        with self._lock:
            if len(self._waiting) < _WAITING_AT_MOST:
                self._waiting[run] = None

    def look(self) -> None:
        """Judge the run that was asked for first, if any; what is found is kept in the history.

        Raises
        ------
        RunNotFound, StoreError
            When it was deleted, or the history is away.
        """
        with self._lock:
            run = self._waiting.popitem(last=False)[0] if self._waiting else None
        if run is not None:
            self._judge(self._open_run(run))

    def _judge(self, past: PastRun) -> None:
        if self._hopeless.get(past.name) == past.summary:
            return
        try:
            past.climbed(past.judged(past.plan()))
        except (ConfigError, DataError) as error:
            self._hopeless[past.name] = past.summary
            structlog.get_logger().info("run_not_judged", run=past.name, reason=str(error))
