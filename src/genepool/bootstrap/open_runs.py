"""The runs that were looked at last, held so that looking again reads nothing again."""

from collections import OrderedDict
from contextlib import suppress
from threading import Lock

from genepool.adapters.store import SqlStore
from genepool.errors import RunNotFound
from genepool.names import composed
from genepool.ports.candles import CandleSource
from genepool.usecases.named_run import find_run
from genepool.usecases.past_run import PastRun


class OpenRuns:
    """Opens recorded runs; safe for several threads.

    A run is read anew when its line in the list of runs has changed. What was found in it, its candles and
    its verdict are held with it.

    Parameters
    ----------
    store
        The history.
    source
        Where candles are.
    most
        How many runs are held; a run of 50,000 evaluations takes some megabytes beside its candles.
    """

    def __init__(self, store: SqlStore, source: CandleSource, most: int = 8) -> None:
        self._store = store
        self._source = source
        self._most = most
        self._held: OrderedDict[str, PastRun] = OrderedDict()
        self._lock = Lock()

    def find(self, word: str) -> PastRun:
        """Return a recorded run by its name, the only one whose name begins so, or the newest.

        Raises
        ------
        RunNotFound
            When there is none, or there are several.
        """
        if word.isprintable():
            # Most clients give the whole name: no list is read for it.
            with suppress(RunNotFound):
                return self.open(composed(word))
        return self.open(find_run(word, self._store.summaries()).spec.run)

    def open(self, run: str) -> PastRun:
        """Return a recorded run by its whole name.

        Raises
        ------
        RunNotFound
            When there is none.
        """
        summary = self._store.book.summary(run)
        with self._lock:
            past = self._held.get(run)
            if past is None or past.summary != summary:
                past = self._held[run] = PastRun(summary, self._store, self._source)
            self._held.move_to_end(run)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return past
