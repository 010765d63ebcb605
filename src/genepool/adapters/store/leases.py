"""Which process owns a run in a Postgres history: the owner of a lease that ends unless it is renewed.

Only the server's clock counts. A coordinator that lost its lease, and does not know it yet, is fenced: each
claim counts up the run's epoch, and every write is made under the epoch of the claim that makes it.
"""

import threading
from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, Engine, or_, update
from sqlalchemy.exc import SQLAlchemyError

from genepool.adapters.store.dialect import server_seconds
from genepool.adapters.store.tables import runs
from genepool.adapters.store.translation import translated
from genepool.errors import Fenced

LEASE_SECONDS = 15.0
RENEWAL_SECONDS = 5.0
# How soon a renewal that failed is tried again, or sooner where renewals are more frequent.
_RETRY_SECONDS = 1.0
# How long closing waits for a server that may be frozen.
_PATIENCE_SECONDS = 5.0
# A coordinator that restarts takes its runs up again within this time; until then they are not interrupted.
RESTART_SECONDS = 60.0


class Leases:
    """``Claims`` by rows that end, renewed by a thread while there are any.

    Parameters
    ----------
    engine
        The database.
    owner
        Who this is. One with the same name takes its runs up again at once, so no two may live at a time.
    place
        How the user knows the database, for messages.
    lease_seconds, renewal_seconds
        How long a claim lasts, and how often it is renewed.
    """

    def __init__(
        self,
        engine: Engine,
        owner: str,
        place: str,
        lease_seconds: float = LEASE_SECONDS,
        renewal_seconds: float = RENEWAL_SECONDS,
    ) -> None:
        self._engine = engine
        self._owner = owner
        self._place = place
        self._lease_seconds = lease_seconds
        self._renewal_seconds = renewal_seconds
        self._held: dict[str, int] = {}
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def take(self, run: str) -> None:
        """Do nothing: the row itself is what is claimed."""

    def free(self, run: str) -> ColumnElement[bool]:  # noqa: ARG002 - lock files ask for it
        """Return the condition that nobody holds the run, that its lease is over, or that it is ours."""
        until = runs.c.lease_until
        return or_(until.is_(None), until < server_seconds(), runs.c.owner == self._owner)

    def over(self) -> ColumnElement[bool]:
        """Return the condition that there is no lease, or it is over for longer than a restart takes."""
        until = runs.c.lease_until
        return or_(until.is_(None), until <= server_seconds() - RESTART_SECONDS)

    def owned(self, run: str) -> bool:  # noqa: ARG002 - as above
        """Tell that no process owns a run whose lease is over."""
        return False

    def marks(self) -> dict[str, Any]:
        """Return the owner and the end of a lease that begins now."""
        return {"owner": self._owner, "lease_until": server_seconds() + self._lease_seconds}

    def taken_up(self, run: str, epoch: int) -> None:
        """Renew the lease from now on."""
        self._held[run] = epoch
        if self._thread is None:
            self._ending.clear()
            self._thread = threading.Thread(target=self._keep_renewing, name="leases", daemon=True)
            self._thread.start()

    def renew(self, run: str) -> None:
        """Make a lease last from now.

        Raises
        ------
        Fenced
            When it is another's by now.
        StoreError
            When the server does not answer.
        """
        epoch = self._held.get(run, 0)
        mine = update(runs).where(runs.c.name == run, runs.c.epoch == epoch, runs.c.owner == self._owner)
        with translated(self._place), self._engine.begin() as connection:
            done = connection.execute(mine.values(lease_until=self.marks()["lease_until"]))
        if done.rowcount == 0:
            raise Fenced(f"another coordinator owns run {run}: this one's claim {epoch} is over")

    def let_go(self, run: str) -> None:
        """Renew the lease no longer."""
        self._held.pop(run, None)

    def release(self) -> None:
        """End every lease, unless the server takes too long about it: then they end by themselves."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE_SECONDS)
            self._thread = None

    def _keep_renewing(self) -> None:
        pause = self._renewal_seconds
        while not self._ending.wait(pause):
            done = self._renew_all()
            pause = self._renewal_seconds if done else min(_RETRY_SECONDS, self._renewal_seconds)
        with suppress(SQLAlchemyError):
            self._end_all()

    def _end_all(self) -> None:
        while self._held:
            run, epoch = self._held.popitem()
            mine = update(runs).where(runs.c.name == run, runs.c.epoch == epoch, runs.c.owner == self._owner)
            with self._engine.begin() as connection:
                connection.execute(mine.values(owner=None, lease_until=server_seconds()))

    def _renew_all(self) -> bool:
        """Renew what is held; tell whether the server answered."""
        for run in list(self._held):
            epoch = self._held.get(run)
            try:
                self.renew(run)
            except Fenced:
                # The next write says so; renewing on would disturb nobody, and help nobody. Unless this
                # process has claimed it anew meanwhile: that lease must not run out.
                if self._held.get(run) == epoch:
                    self._held.pop(run, None)
            except Exception:  # noqa: BLE001 - whatever it was, the lease must be tried again
                return False
        return True
