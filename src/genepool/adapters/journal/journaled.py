"""The ports of a history behind one journal."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from genepool.adapters.journal.bulk_history import BulkHistory
from genepool.adapters.journal.carrier import Carrier
from genepool.adapters.journal.evaluations import JournaledEvaluations
from genepool.adapters.journal.file import Journal
from genepool.adapters.journal.history_calls import HistoryCalls
from genepool.adapters.journal.inquiry import Inquiry
from genepool.adapters.journal.intake import LIMIT_BYTES, Intake
from genepool.adapters.journal.leftovers import Leftovers
from genepool.adapters.journal.reachability import Reachability
from genepool.adapters.journal.run_log import JournaledRunLog
from genepool.adapters.journal.run_queue import JournaledQueue
from genepool.adapters.journal.takeover import Takeover
from genepool.errors import StoreError
from genepool.ports import Clock, Watcher


class JournaledHistory:
    """What a coordinator writes and asks while it evolves a run, however the history fares meanwhile.

    Users who only look ask the history itself.

    Parameters
    ----------
    history
        The history.
    folder
        Where the journal is.
    watcher
        Told of outages, of transactions, and of what the journal holds.
    clock
        What time it is.
    interrupted
        Tells whether the user wants to stop; asked while waiting for the history.
    limit
        Length of the journal, in bytes, at which a run waits for the history.

    Attributes
    ----------
    log
        What a run is made of; acknowledged on local disk.
    evaluations
        What is known of genomes, for which no run waits.
    queue
        Runs that wait; first those that an earlier process left in the journal.

    Raises
    ------
    StoreError
        When another process uses the folder, or what is there is no journal.
    """

    def __init__(
        self,
        history: BulkHistory,
        folder: Path,
        watcher: Watcher,
        clock: Clock,
        interrupted: Callable[[], bool] = lambda: False,
        limit: int = LIMIT_BYTES,
    ) -> None:
        reachability = Reachability(watcher)
        self._history = history
        self._journal = Journal(folder)
        self._calls = HistoryCalls(reachability, watcher, clock, interrupted)
        self._carrier = Carrier(self._journal, history, reachability, watcher, clock)
        inquiry = Inquiry(self._carrier, reachability, self._calls, interrupted)
        intake = Intake(self._journal, self._carrier, inquiry, reachability, watcher, limit)
        takeover = Takeover(self._carrier, Leftovers(self._carrier, history, self._calls), inquiry)
        self.log = JournaledRunLog(history, self._carrier, intake, takeover, inquiry, self._calls)
        self.evaluations = JournaledEvaluations(history, intake, inquiry)
        self.queue = JournaledQueue(history, self._carrier, takeover, inquiry)
        self._closed = False

    def close(self) -> None:
        """Let go of the journal and of the history; what is not carried yet waits in the journal."""
        if self._closed:
            return
        self._closed = True
        if self._carrier.started and self._carrier.wait(self._calls.grace()):
            with suppress(OSError):
                self._carrier.make_room()
        self._carrier.stop(self._calls.grace_seconds)
        self._journal.close()
        with suppress(StoreError):
            self._calls.within_grace(self._history.close)
