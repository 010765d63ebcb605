"""The thread that carries journal entries to the history, in order, for as long as it takes."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from itertools import islice, takewhile
from threading import Condition, Thread

from genepool.adapters.journal.bulk_history import BulkHistory
from genepool.adapters.journal.entries import ENDING, GENERATION, carry
from genepool.adapters.journal.file import Journal
from genepool.adapters.journal.frames import JournalFrame
from genepool.adapters.journal.reachability import Reachability
from genepool.errors import Fenced, StoreAway, StoreError
from genepool.ports import Clock, JournalHolds, StoreTook, Watcher, WriteRefused

FIRST_PAUSE_SECONDS = 0.2
# What an outage costs after its end.
LONGEST_PAUSE_SECONDS = 2.0

# Generations that are carried in one transaction: enough that committing costs little beside writing,
# few enough that a healthy server is done before it looks frozen.
_BATCH_BYTES = 1 << 22
_BATCH_GENERATIONS = 64

# What is carried longer than this is on its way to a server that is frozen.
_STALLED_SECONDS = 0.5
_LOOK_SECONDS = 0.1


class Carrier:
    """Owner of the journal: writes entries, and moves them to the history from a thread of its own.

    Parameters
    ----------
    journal
        Where entries stand until the history has them.
    store
        The history.
    reachability
        Told whether the history answers.
    watcher, clock
        As their names say.
    """

    def __init__(
        self, journal: Journal, store: BulkHistory, reachability: Reachability, watcher: Watcher, clock: Clock
    ) -> None:
        self._journal = journal
        self._store = store
        self._reachability = reachability
        self._watcher = watcher
        self._clock = clock
        self._changed = Condition()
        self._thread: Thread | None = None
        self._failure: BaseException | None = None
        self._under_way: float | None = None
        self._carried = 0
        self._stopping = False
        self._report()

    @property
    def failure(self) -> BaseException | None:
        """Why nothing more is carried; None when all is well."""
        return self._failure

    @property
    def runs(self) -> set[str]:
        """Whose entries are not in the history yet, those of no run left out."""
        with self._changed:
            return {frame.run for frame in self._journal.pending if frame.run}

    @property
    def ended(self) -> set[str]:
        """Runs whose end is not in the history yet."""
        with self._changed:
            return {frame.run for frame in self._journal.pending if frame.kind == ENDING}

    @property
    def empty(self) -> bool:
        """Whether everything is in the history."""
        return not self._journal.pending

    @property
    def behind(self) -> int:
        """How many entries are not in the history yet."""
        return len(self._journal.pending)

    @property
    def carried(self) -> int:
        """How many entries this process has carried to the history."""
        return self._carried

    @property
    def started(self) -> bool:
        """Whether entries are carried in this process."""
        return self._thread is not None

    @property
    def stalled(self) -> bool:
        """Whether an entry has been on its way for suspiciously long."""
        began = self._under_way
        return began is not None and self._clock.seconds() - began > _STALLED_SECONDS

    def start(self) -> None:
        """Start the thread, or start it again after a failure."""
        if self._failure is not None and self._thread is not None:
            self._thread.join()
        self._failure = None
        if self._thread is None or not self._thread.is_alive():
            self._thread = Thread(target=self._work, name="journal", daemon=True)
            self._thread.start()

    def take(self, kind: int, run: str, body: bytes) -> None:
        """Write an entry; it is on disk when this returns.

        Raises
        ------
        OSError
            When there is no room for it.
        """
        with self._changed:
            self._journal.append(kind, run, body)
            self._report()
            self._changed.notify_all()

    def make_room(self) -> None:
        """Give the disk back what carried entries took, if nothing is pending."""
        with self._changed:
            if not self._journal.pending:
                self._journal.empty()

    def await_carried(self, count: int, seconds: float) -> None:
        """Return when so many entries were carried in all, or after so many seconds, or when none will be."""
        with self._changed:
            self._changed.wait_for(lambda: self._carried >= count or self._at_rest(), seconds)

    def wait(self, enough: Callable[[], bool]) -> bool:
        """Return whether everything is in the history, as soon as it is, or when nothing more will be.

        Parameters
        ----------
        enough
            Tells whether to stop waiting.
        """
        while not self._at_rest() and not enough():
            with self._changed:
                self._changed.wait_for(self._at_rest, _LOOK_SECONDS)
        return self.empty

    def refuse(self, runs: AbstractSet[str]) -> str | None:
        """Carry what some runs left behind no further; return where the journal is kept aside.

        None when they left nothing behind.
        """
        with self._changed:
            if not any(frame.run in runs for frame in self._journal.pending):
                return None
            copy = self._journal.keep_aside()
            self._drop(lambda frame: frame.run in runs)
        return str(copy)

    def forget(self, run: str) -> None:
        """Carry nothing of a run: the history has it."""
        with self._changed:
            self._drop(lambda frame: frame.run == run)

    def reopen(self, run: str) -> None:
        """Drop the entry of a run's end: the run continues."""
        with self._changed:
            self._drop(lambda frame: frame.run == run and frame.kind == ENDING)

    def generations(self, run: str) -> list[bytes]:
        """Return what the journal holds of a run's generations, packed."""
        with self._changed:
            return [
                self._journal.body(frame)
                for frame in self._journal.pending
                if (frame.kind, frame.run) == (GENERATION, run)
            ]

    def save(self) -> None:
        """Put on disk what is carried; should the disk fail, the history refuses to undo an end."""
        with self._changed, suppress(OSError):
            self._journal.save_carried()

    def stop(self, seconds: float) -> None:
        """End the thread; one that hangs in a frozen server is left behind and touches nothing."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join(seconds)

    def _drop(self, unwanted: Callable[[JournalFrame], bool]) -> None:
        self._journal.drop(unwanted)
        with suppress(OSError):
            self._journal.save_carried()
        self._report()

    def _at_rest(self) -> bool:
        return self.empty or self._failure is not None

    def _work(self) -> None:
        try:
            while batch := self._next():
                self._carry(batch)
        except BaseException as error:  # noqa: BLE001 - the loop must hear of whatever ends this thread
            if isinstance(error, Fenced):
                self._watcher(WriteRefused())
            with self._changed:
                self._failure = error
                self._changed.notify_all()

    def _next(self) -> list[JournalFrame]:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._journal.pending)
            return [] if self._stopping else _first_batch(self._journal.pending)

    def _carry(self, batch: list[JournalFrame]) -> None:
        try:
            self._deliver(batch)
        except StoreError:
            if len(batch) == 1:
                raise
            # What the history takes of them is saved; the first that it refuses ends the run.
            for frame in batch:
                self._deliver([frame])

    def _deliver(self, batch: list[JournalFrame]) -> None:
        bodies, pause = [self._journal.body(frame) for frame in batch], FIRST_PAUSE_SECONDS
        while not self._delivered(batch[0], bodies):
            with self._changed:
                if self._changed.wait_for(lambda: self._stopping, pause):
                    return
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        with self._changed:
            for frame in batch:
                # Unless it was refused, or the journal closed, while it was on its way.
                if not self._stopping and self._journal.pending and self._journal.pending[0] is frame:
                    self._journal.pending.popleft()
                    self._carried += 1
            self._report()
            self._changed.notify_all()

    def _delivered(self, first: JournalFrame, bodies: list[bytes]) -> bool:
        began = self._under_way = self._clock.seconds()
        try:
            carry(first.kind, first.run, bodies, self._store)
        except StoreAway as error:
            self._reachability.lost(str(error))
            return False
        finally:
            self._under_way = None
        self._reachability.answered()
        self._watcher(StoreTook("record", self._clock.seconds() - began))
        return True

    def _report(self) -> None:
        held = self._journal.pending
        size = held[-1].end - held[0].start if held else 0
        self._watcher(JournalHolds(sum(frame.kind == GENERATION for frame in held), size))


def _first_batch(pending: Sequence[JournalFrame]) -> list[JournalFrame]:
    """Return the first entry, and the generations of the same run that follow it and go with it."""
    first = pending[0]

    def goes_along(frame: JournalFrame) -> bool:
        alike = (frame.kind, frame.run) == (GENERATION, first.run)
        return alike and frame.end - first.start <= _BATCH_BYTES

    others = islice(pending, 1, _BATCH_GENERATIONS) if first.kind == GENERATION else ()
    return [first, *takewhile(goes_along, others)]
