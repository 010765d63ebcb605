"""What goes into the journal, and when a run waits for that."""

from contextlib import suppress

import structlog

from genepool.adapters.journal.carrier import Carrier
from genepool.adapters.journal.file import Journal
from genepool.adapters.journal.inquiry import Inquiry
from genepool.adapters.journal.reachability import Reachability
from genepool.ports import Hindered, Watcher

LIMIT_BYTES = 1 << 30

# A file whose entries are all carried is emptied when it has grown to this.
_ROTATE_BYTES = 1 << 24
# Entries that a healthy history may lag behind, and how long each further generation waits for it then.
FAR_BEHIND = 32
GIVE_WAY_SECONDS = 2.0


class Intake:
    """Writes entries of the runs that this process owns; a run waits only when there is no room.

    Parameters
    ----------
    journal, carrier
        Where entries stand, and what moves them to the history.
    inquiry
        Waits until everything is in the history.
    reachability
        Knows whether the history answers.
    watcher
        Told what keeps a run waiting.
    limit
        Length of the journal, in bytes, at which a run waits for the history.
    """

    def __init__(
        self,
        journal: Journal,
        carrier: Carrier,
        inquiry: Inquiry,
        reachability: Reachability,
        watcher: Watcher,
        limit: int,
    ) -> None:
        self._journal = journal
        self._carrier = carrier
        self._inquiry = inquiry
        self._reachability = reachability
        self._watcher = watcher
        self._limit = limit
        self._full = False
        self._gave_way_at = 0

    def take(self, kind: int, run: str, body: bytes) -> bool:
        """Tell whether an entry stands in the journal; without room for it, wait for the history.

        Raises
        ------
        StoreError
            When the history refused an earlier entry.
        """
        self._inquiry.check()
        try:
            self._make_room_for(body)
            self._carrier.take(kind, run, body)
        except OSError as error:
            self._note_full(str(error))
            self._drain()
            return False
        self._full = False
        self._watcher(Hindered("journal", None))
        return True

    def give_way(self) -> None:
        """Let a history that is back catch up: the machine that it needs is busy with the run.

        One that gains nothing meanwhile is waited for no longer.
        """
        carried, behind = self._carrier.carried, self._carrier.behind
        if behind <= FAR_BEHIND or self._reachability.away or carried == self._gave_way_at:
            return
        self._gave_way_at = carried
        self._carrier.await_carried(carried + behind - FAR_BEHIND, GIVE_WAY_SECONDS)

    def _make_room_for(self, body: bytes) -> None:
        if self._journal.end > _ROTATE_BYTES:
            self._carrier.make_room()
        if self._journal.end + len(body) > self._limit:
            self._watcher(Hindered("journal", f"it holds its {self._limit:,} bytes"))
            self._drain()

    def _drain(self) -> None:
        self._inquiry.settle()
        with suppress(OSError):
            self._carrier.make_room()

    def _note_full(self, reason: str) -> None:
        if not self._full:
            structlog.get_logger().warning("journal_full", reason=reason)
            self._watcher(Hindered("journal", reason))
        self._full = True
