"""What was drawn last of runs: looking again computes nothing again."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from genepool.usecases.past_run import PastRun

View = TypeVar("View")


class HeldViews:
    """Holds the views that were drawn last, while nothing that they show has changed.

    Parameters
    ----------
    most
        How many are held; one takes about a megabyte.
    """

    def __init__(self, most: int = 16) -> None:
        self._most = most
        self._held: OrderedDict[tuple[str, int], tuple[Any, Any]] = OrderedDict()
        self._lock = Lock()

    def of(self, past: PastRun, rank: int, draw: Callable[[], View]) -> View:
        """Return a view of a genome of a run, drawn anew when the run or the ledger has grown."""
        place, digest = (past.name, rank), past.summary.spec.market_digest
        state = past.summary, past.history.trials(digest), past.history.uncounted(digest)
        with self._lock:
            known, view = self._held.get(place, (None, None))
        if known != state:
            view = draw()
        with self._lock:
            self._held[place] = state, view
            self._held.move_to_end(place)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        found: View = view
        return found
