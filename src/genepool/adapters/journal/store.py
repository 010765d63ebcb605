"""A history that acknowledges on local disk, so that no run waits for a database."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from genepool.adapters.journal.carrier import Carrier
from genepool.adapters.journal.entries import (
    ENDING,
    EVALUATIONS,
    GENERATION,
    History,
    ending_body,
    evaluations_body,
)
from genepool.adapters.journal.file import Journal
from genepool.adapters.journal.leftovers import Leftovers
from genepool.adapters.journal.patience import Lane, Patience
from genepool.adapters.journal.reach import Reach
from genepool.backtest.evaluation import Evaluation
from genepool.errors import StoreAway, StoreError
from genepool.evolution.population import Population
from genepool.history import GenerationRecord, RunSpec, RunState, RunSummary
from genepool.pool.aside import attend
from genepool.ports import Clock, Hindered, Watcher
from genepool.robustness.ledger import KnownMarket, Uncounted

LIMIT_BYTES = 1 << 30

# A file whose entries are all carried is emptied when it has grown to this.
_ROTATE_BYTES = 1 << 24
# Entries that a healthy history may lag behind, and how long each further generation waits for it then.
FAR_BEHIND = 32
GIVE_WAY_SECONDS = 2.0
# What a stop may take before it leaves the rest to whoever carries the run on.
_GRACE_SECONDS = 5.0

T = TypeVar("T")


class JournaledStore:
    """``EvolutionStore`` and ``RunQueue`` in front of another one that may be away for a while.

    A generation of a claimed run is acknowledged when it stands in the journal; a thread carries it
    to the history, in order. Whatever must see the whole history waits until the thread has carried
    everything. A history that refuses what it is given ends the run at the next write. One thread
    carries a run on; others may ask ``stop_requested`` meanwhile.

    Parameters
    ----------
    inner
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

    Raises
    ------
    StoreError
        When another process uses the folder, or what is there is no journal.
    """

    def __init__(
        self,
        inner: History,
        folder: Path,
        watcher: Watcher,
        clock: Clock,
        interrupted: Callable[[], bool] = lambda: False,
        limit: int = LIMIT_BYTES,
    ) -> None:
        self._inner = inner
        self._watcher = watcher
        self._limit = limit
        self._claimed: set[str] = set()
        self._interrupted = interrupted
        self._journal = Journal(folder)
        self._reach = Reach(watcher)
        self._patience = Patience(self._reach, watcher, clock, interrupted)
        self._carrier = Carrier(self._journal, inner, self._reach, watcher, clock)
        self._leftovers = Leftovers(self._carrier, inner, self._patience)
        self._full = False
        self._gave_way_at = 0
        self._closed = False

    def create(self, spec: RunSpec) -> None:
        """Record a new run as running."""
        self._inner.create(spec)

    def claim(self, run: str) -> None:
        """Become the only process that carries this run on, and mark it as running.

        What an earlier process left in the journal is carried to the history first; what it left of
        a run that cannot be claimed is kept aside, unless the history has it. Other runs that it left
        go back to the queue, or stay as they had ended.
        """
        failure = self._carrier.failure
        if failure is None and self._carrier.started:
            self._settle()
        self._leftovers.claim(run)
        if failure is not None:
            # The history takes claims, so it was not away. Also what belongs to no run may be refused.
            self._leftovers.refuse({*self._claimed, ""}, str(failure))
        self._carrier.reopen(run)
        self._take_over({run})

    def reopen(self, run: str) -> None:
        """Let a finished run be carried on again, because its user says so; any other stays as it is."""
        self._inner.reopen(run)

    def enlarge(self, spec: RunSpec) -> None:
        """Write the specification of a run that its user gave larger budgets; its state stays as it is."""
        self._inner.enlarge(spec)

    def spec(self, run: str) -> RunSpec:
        """Return a run's specification."""
        return attend(partial(self._inner.spec, run), self._interrupted)

    def summaries(self) -> list[RunSummary]:
        """Return all runs, newest first."""
        return self._whole(self._inner.summaries)

    def record(self, run: str, record: GenerationRecord) -> None:
        """Write one generation; it is on this machine's disk when this returns.

        Raises
        ------
        Fenced
            When another coordinator carries the run on.
        StoreError
            When the history has another generation of that number.
        """
        if run not in self._claimed:
            self._inner.record(run, record)
        elif not self._journalled(GENERATION, run, self._inner.packed(record)):
            self._whole(partial(self._inner.record, run, record))
        else:
            self._give_way()

    def last_population(self, run: str) -> Population | None:
        """Return the newest recorded population, bit for bit, or None."""
        return self._whole(partial(self._inner.last_population, run))

    def generations(self, run: str, first: int, count: int) -> list[GenerationRecord]:
        """Return some recorded generations, in order and bit for bit."""
        return self._whole(partial(self._inner.generations, run, first, count))

    def remember(self, problem_digest: str, evaluations: Sequence[Evaluation]) -> None:
        """Keep evaluations of an unfinished generation, so that a resumed run need not repeat them."""
        if not self._claimed:
            self._inner.remember(problem_digest, evaluations)
        elif evaluations and not self._journalled(
            EVALUATIONS, "", evaluations_body(problem_digest, evaluations)
        ):
            self._whole(partial(self._inner.remember, problem_digest, evaluations))

    def evaluations(
        self, problem_digest: str, fingerprints: Sequence[str] | None = None
    ) -> Mapping[str, Evaluation]:
        """Return evaluations ever made on a problem, of these genomes or of all, by fingerprint.

        A run that is carried on does not wait for them: a history that is away knows nothing.
        """
        return self._glimpse(
            "evaluations", partial(self._inner.evaluations, problem_digest, fingerprints), {}
        )

    def know_market(self, market: KnownMarket) -> None:
        """Remember by which marks a data set's candles are known again."""
        self._inner.know_market(market)

    def trials(self, market_digest: str) -> int:
        """Return how many unique genomes were ever evaluated on a data set's candles, over all runs."""
        return self._whole(partial(self._inner.trials, market_digest))

    def uncounted(self, market_digest: str) -> Uncounted:
        """Return what was tried on markets of the same name and is not among a data set's trials."""
        return self._whole(partial(self._inner.uncounted, market_digest))

    def finish(self, run: str, state: RunState, digest: str | None) -> None:
        """Record how a run ended; one that did not finish does not wait for a history that is away.

        When this returns, the journal on disk holds nothing that would have the run taken up again.
        """
        if run not in self._claimed:
            self._inner.finish(run, state, digest)
        elif state == "finished":
            self._settle()
            # First: whenever the process is killed, a run that is finished leaves nothing to carry.
            self._carrier.save()
            self._whole(partial(self._inner.finish, run, state, digest))
        else:
            self._leave(run, state, digest)
        self._claimed.discard(run)

    def submit(self, run: str) -> None:
        """Queue a recorded run.

        Raises
        ------
        StoreAway
            When its end is still in the journal, and would undo this.
        """
        if run in self._carrier.ended:
            raise StoreAway(f"the history is away: how run {run} ended is still in the journal")
        self._inner.submit(run)

    def next_run(self) -> str | None:
        """Return the run to carry on next; first one whose generations wait in the journal.

        What waits there of a run that is over is carried before, and the run is not the next.
        """
        if not self._claimed and self._carrier.runs:
            self._put_away()
        left = set() if self._claimed else self._carrier.runs - self._carrier.ended
        return min(left) if left else attend(self._inner.next_run, self._interrupted)

    def request_stop(self, run: str) -> None:
        """Ask whoever carries a run on to stop it."""
        self._inner.request_stop(run)

    def stop_requested(self, run: str) -> bool:
        """Tell whether somebody asked a run to stop; not while the history is away."""
        return self._glimpse("stop", partial(self._inner.stop_requested, run), False)

    def state(self, run: str) -> RunState:
        """Return where a run stands, as recorded."""
        return self._inner.state(run)

    def close(self) -> None:
        """Let go of the journal and of the history; what is not carried yet waits in the journal."""
        if self._closed:
            return
        self._closed = True
        if self._carrier.started and self._carrier.wait(self._patience.spent(_GRACE_SECONDS)):
            with suppress(OSError):
                self._carrier.make_room()
        self._carrier.stop(_GRACE_SECONDS)
        self._journal.close()
        with suppress(StoreError):
            self._patience.within(_GRACE_SECONDS, self._inner.close)

    def _journalled(self, kind: int, run: str, body: bytes) -> bool:
        """Tell whether an entry stands in the journal; without room for it, wait for the history."""
        self._check()
        try:
            if self._journal.end > _ROTATE_BYTES:
                self._carrier.make_room()
            if self._journal.end + len(body) > self._limit:
                self._watcher(Hindered("journal", f"it holds its {self._limit:,} bytes"))
                self._drain()
            self._carrier.take(kind, run, body)
        except OSError as error:
            self._note_full(str(error))
            self._drain()
            return False
        self._full = False
        self._watcher(Hindered("journal", None))
        return True

    def _give_way(self) -> None:
        """Let a history that is back catch up: the machine that it needs is busy with the run.

        One that gains nothing meanwhile is waited for no longer.
        """
        carried, behind = self._carrier.carried, self._carrier.behind
        if behind <= FAR_BEHIND or self._reach.away or carried == self._gave_way_at:
            return
        self._gave_way_at = carried
        self._carrier.await_carried(carried + behind - FAR_BEHIND, GIVE_WAY_SECONDS)

    def _whole(self, ask: Callable[[], T]) -> T:
        """Ask when everything is in the history, however long that takes."""
        if not self._claimed:
            return attend(ask, self._interrupted)
        self._settle()
        return self._patience.insist(ask)

    def _drain(self) -> None:
        self._settle()
        with suppress(OSError):
            self._carrier.make_room()

    def _settle(self) -> None:
        """Wait until everything is in the history."""
        self._carrier.wait(self._interrupted)
        self._check()
        if not self._carrier.empty:
            self._patience.give_up()

    def _glimpse(self, lane: Lane, ask: Callable[[], T], unknown: T) -> T:
        if not self._claimed:
            return ask()
        # The thread will say when the history is back; until then nobody waits to find out.
        waiting = self._reach.away and not self._carrier.empty
        return unknown if waiting or self._carrier.stalled else self._patience.glimpse(lane, ask, unknown)

    def _leave(self, run: str, state: RunState, digest: str | None) -> None:
        """End a run that did not finish: a user who wants to stop waits for a moment only."""
        if self._carrier.failure is None and self._journalled(ENDING, run, ending_body(state, digest)):
            self._carrier.wait(self._patience.spent(_GRACE_SECONDS))
            self._carrier.save()
        else:
            self._patience.within(_GRACE_SECONDS, partial(self._inner.finish, run, state, digest))

    def _check(self) -> None:
        if self._carrier.failure is not None:
            raise self._carrier.failure

    def _put_away(self) -> None:
        """See to it that nothing which is left in the journal undoes the end of a run."""
        failure = self._carrier.failure
        if self._carrier.started and failure is None:
            self._settle()
            self._carrier.save()
        elif over := self._leftovers.over():
            self._end(over, failure)
        elif self._carrier.ended and failure is None:
            self._take_over(set())

    def _end(self, over: set[str], failure: BaseException | None) -> None:
        if failure is None:
            self._take_over(set())
        else:
            self._leftovers.refuse({*over, ""}, str(failure))

    def _take_over(self, own: set[str]) -> None:
        """Carry what is left in the journal, and let go of the runs that this process does not want."""
        others = self._leftovers.adopt(self._carrier.runs - own)
        ended = self._carrier.ended
        self._claimed = own | others
        self._carrier.start()
        self._settle()
        self._leftovers.let_go(others - ended)
        self._carrier.save()
        self._claimed = own

    def _note_full(self, reason: str) -> None:
        if not self._full:
            structlog.get_logger().warning("journal_full", reason=reason)
            self._watcher(Hindered("journal", reason))
        self._full = True
