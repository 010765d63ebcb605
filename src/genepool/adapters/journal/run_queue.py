"""The queue of runs, as a coordinator with a journal sees it."""

from functools import partial

from genepool.adapters.journal.carrier import Carrier
from genepool.adapters.journal.inquiry import Inquiry
from genepool.adapters.journal.takeover import Takeover
from genepool.errors import StoreAway
from genepool.ports import RunQueue


class JournaledQueue:
    """``RunQueue`` that knows which runs left something in the journal.

    The run's own thread uses it; other threads may ask ``stop_requested`` meanwhile.

    Parameters
    ----------
    queue
        The queue in the history.
    carrier
        Knows what is in the journal.
    takeover
        Settles what is left of runs that are over.
    inquiry
        Asks the history.
    """

    def __init__(self, queue: RunQueue, carrier: Carrier, takeover: Takeover, inquiry: Inquiry) -> None:
        self._queue = queue
        self._carrier = carrier
        self._takeover = takeover
        self._inquiry = inquiry

    def submit(self, run: str) -> None:
        """Queue a recorded run.

        Raises
        ------
        StoreAway
            When its end is still in the journal, and would undo this.
        """
        if run in self._carrier.ended:
            raise StoreAway(f"the history is away: how run {run} ended is still in the journal")
        self._queue.submit(run)

    def next_run(self) -> str | None:
        """Return the run that the coordinator takes next; first one whose generations are in the journal.

        What the journal holds of a run that is over is carried before, and the run is not the next.
        """
        return self._left_behind() or self._inquiry.attended(self._queue.next_run)

    def request_stop(self, run: str) -> None:
        """Ask the owner of a run to stop it."""
        self._queue.request_stop(run)

    def stop_requested(self, run: str) -> bool:
        """Tell whether a user asked for the end of a run; not while the history is away."""
        return self._inquiry.in_passing("stop", partial(self._queue.stop_requested, run), False)

    def _left_behind(self) -> str | None:
        if self._inquiry.claimed:
            return None
        if self._carrier.runs:
            self._takeover.settle_what_is_over()
        return min(self._carrier.runs - self._carrier.ended, default=None)
