"""A run log that acknowledges on local disk, so that no run waits for a database."""

from functools import partial

from genepool.adapters.journal.bulk_history import BulkHistory
from genepool.adapters.journal.carrier import Carrier
from genepool.adapters.journal.entries import ENDING, GENERATION, ending_body
from genepool.adapters.journal.history_calls import HistoryCalls
from genepool.adapters.journal.inquiry import Inquiry
from genepool.adapters.journal.intake import Intake
from genepool.adapters.journal.takeover import Takeover
from genepool.evolution.population import Population
from genepool.history import GenerationRecord, RunSpec, RunState


class JournaledRunLog:
    """``RunLog`` in front of a history that may be away for a while.

    A generation of a claimed run is acknowledged when it stands in the journal; a thread carries it
    to the history, in order. What needs the whole history waits until the thread has carried
    everything. A history that refuses what it is given ends the run at the next write.

    Parameters
    ----------
    history
        The history.
    carrier, intake
        They carry entries to it, and write them.
    takeover
        Takes runs over.
    inquiry, calls
        They ask the history.
    """

    def __init__(
        self,
        history: BulkHistory,
        carrier: Carrier,
        intake: Intake,
        takeover: Takeover,
        inquiry: Inquiry,
        calls: HistoryCalls,
    ) -> None:
        self._history = history
        self._carrier = carrier
        self._intake = intake
        self._takeover = takeover
        self._inquiry = inquiry
        self._calls = calls

    def create(self, spec: RunSpec) -> None:
        """Record a new run as running."""
        self._history.create(spec)

    def claim(self, run: str) -> None:
        """Take exclusive ownership of a run, and mark it as running.

        What an earlier process left in the journal is carried to the history first; what it left of
        a run that cannot be claimed is kept aside, unless the history has it. Other runs that it left
        go back to the queue, or stay as they had ended.
        """
        self._takeover.claim(run)

    def reopen(self, run: str) -> None:
        """Allow a finished run to be claimed again, because its user says so; any other stays as it is."""
        self._history.reopen(run)

    def enlarge(self, spec: RunSpec) -> None:
        """Write the specification of a run that its user gave larger budgets; its state stays as it is."""
        self._history.enlarge(spec)

    def record(self, run: str, record: GenerationRecord) -> None:
        """Write one generation; it is on this machine's disk when this returns.

        Raises
        ------
        Fenced
            When another coordinator owns the run.
        StoreError
            When the history has another generation of that number.
        """
        if run not in self._inquiry.claimed:
            self._history.record(run, record)
        elif not self._intake.take(GENERATION, run, self._history.packed(record)):
            self._inquiry.whole(partial(self._history.record, run, record))
        else:
            self._intake.give_way()

    def last_population(self, run: str) -> Population | None:
        """Return the newest recorded population, bit for bit, or None."""
        return self._inquiry.whole(partial(self._history.last_population, run))

    def generations(self, run: str, first: int, count: int) -> list[GenerationRecord]:
        """Return some recorded generations, in order and bit for bit."""
        return self._inquiry.whole(partial(self._history.generations, run, first, count))

    def finish(self, run: str, state: RunState, digest: str | None) -> None:
        """Record how a run ended; one that did not finish does not wait for a history that is away.

        When this returns, the journal on disk holds nothing that would have the run taken up again.
        """
        if run not in self._inquiry.claimed:
            self._history.finish(run, state, digest)
        elif state == "finished":
            self._complete(run, digest)
        else:
            self._leave(run, state, digest)
        self._inquiry.claimed.discard(run)

    def _complete(self, run: str, digest: str | None) -> None:
        self._inquiry.settle()
        # First: whenever the process is killed, a run that is finished leaves nothing to carry.
        self._carrier.save()
        self._inquiry.whole(partial(self._history.finish, run, "finished", digest))

    def _leave(self, run: str, state: RunState, digest: str | None) -> None:
        """End a run that did not finish: a user who wants to stop waits for a moment only."""
        if self._carrier.failure is None and self._intake.take(ENDING, run, ending_body(state, digest)):
            self._carrier.wait(self._calls.grace())
            self._carrier.save()
        else:
            self._calls.within_grace(partial(self._history.finish, run, state, digest))
