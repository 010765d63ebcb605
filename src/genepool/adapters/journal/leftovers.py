"""What an earlier process left in the journal: taken over, or found to be in the history already."""

from collections.abc import Set as AbstractSet
from functools import partial

import structlog

from genepool.adapters.journal.bulk_history import BulkHistory
from genepool.adapters.journal.carrier import Carrier
from genepool.adapters.journal.history_calls import HistoryCalls
from genepool.errors import Fenced, RunFinished, RunNotFound, StoreError
from genepool.history import RunState

_OVER: tuple[RunState, ...] = ("finished", "interrupted", "failed")


class Leftovers:
    """Entries of runs that this process did not claim; they restart no run that is over.

    Parameters
    ----------
    carrier
        Holds the entries.
    store
        The history.
    calls
        How long to wait for it.
    """

    def __init__(self, carrier: Carrier, store: BulkHistory, calls: HistoryCalls) -> None:
        self._carrier = carrier
        self._store = store
        self._calls = calls

    def claim(self, run: str) -> None:
        """Claim a run in the history; what the journal holds of one that cannot be claimed is settled.

        Raises
        ------
        RunNotFound, RunFinished, Fenced
            As ``RunLog.claim``.
        """
        try:
            self._calls.retry_until_answered(partial(self._store.claim, run), "lease")
        except RunFinished:
            self._settle(run)
            raise
        except (RunNotFound, Fenced) as error:
            self.refuse({run}, str(error))
            raise

    def over(self) -> set[str]:
        """Return the runs that are over in the history and lack generations there; settle the others."""
        ended = {run for run in self._carrier.runs if self._state(run) in _OVER}
        return {run for run in ended if not self._settled(run)}

    def adopt(self, runs: AbstractSet[str]) -> set[str]:
        """Take over what the journal holds of some runs, so that it can be carried; return which could be.

        None of them changes its state: a process that dies half-way undoes no end.
        """
        self.over()
        return {run for run in runs & self._carrier.runs if self._adopted(run)}

    def let_go(self, runs: AbstractSet[str]) -> None:
        """Leave runs whose entries are carried as they had ended, and queue those that had not."""
        for run in runs:
            state = self._state(run)
            end: RunState = state if state in _OVER else "queued"
            self._calls.retry_until_answered(partial(self._store.finish, run, end, None))

    def refuse(self, runs: AbstractSet[str], reason: str) -> None:
        """Carry what some runs left behind no further, and keep it aside."""
        kept = self._carrier.refuse(runs)
        if kept is not None:
            structlog.get_logger().error("journal_refused", runs=sorted(runs), reason=reason, kept=kept)

    def _state(self, run: str) -> RunState | None:
        try:
            return self._calls.retry_until_answered(partial(self._store.state, run))
        except RunNotFound:
            return None

    def _adopted(self, run: str) -> bool:
        try:
            self._calls.retry_until_answered(partial(self._store.adopt, run), "lease")
        except (RunNotFound, RunFinished, Fenced) as error:
            self.refuse({run}, str(error))
            return False
        if self._state(run) in _OVER:
            # The history knows the end, and may know it from the user.
            self._carrier.reopen(run)
        return True

    def _settled(self, run: str) -> bool:
        """Forget what the history has; tell whether nothing is left to carry."""
        if self._recorded(run):
            self._carrier.forget(run)
            return True
        if self._state(run) != "finished":
            return False
        self.refuse({run}, f"run {run} is finished without these generations")
        return True

    def _settle(self, run: str) -> None:
        if run in self._carrier.runs:
            self._settled(run)

    def _recorded(self, run: str) -> bool:
        """Tell whether the history has every generation that the journal holds of a run."""
        try:
            return all(
                self._calls.retry_until_answered(partial(self._store.holds, run, body))
                for body in self._carrier.generations(run)
            )
        except StoreError:
            # Nobody can read it, or the run is gone.
            return False
