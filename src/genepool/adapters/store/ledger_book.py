"""The ledger of trials as a user looks into it, adds to it, and has it verified."""

from collections.abc import Sequence
from datetime import UTC, datetime

from genepool.adapters.store import ledger_accounts, ledger_chains, ledger_lines, ledgers
from genepool.adapters.store.access import Access
from genepool.adapters.store.chaining import append, note_trials
from genepool.adapters.store.dialect import only_writer
from genepool.history import LedgerAccount, LedgerLine, NewEntry, StoredChain
from genepool.robustness.ledger import KnownMarket, Uncounted

# What the ledger calls those who tried what no run did; no run can be named so, with a space in it.
_BY_HAND = "by hand"
_IMPORTED = "by another program"


class SqlLedgerBook:
    """``LedgerBook`` on the tables of the history.

    Parameters
    ----------
    access
        The database.
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    def ledgers(self, first: int, count: int) -> tuple[list[LedgerLine], int]:
        """Return some data sets that genomes were tried on, and how many there are."""
        with self._access.reading() as connection:
            return ledger_lines.page(connection, first, count)

    def account(self, market_digest: str, marks: frozenset[int] = frozenset()) -> LedgerAccount:
        """Return what counts on a data set."""
        with self._access.reading() as connection:
            return ledger_accounts.account(connection, market_digest, marks)

    def uncounted(self, market_digest: str) -> Uncounted:
        """Return what was tried on markets of the same name and does not count."""
        with self._access.reading() as connection:
            return ledgers.uncounted(connection, market_digest)

    def chains(self) -> list[StoredChain]:
        """Return the chain of every data set with what it must agree with."""
        with self._access.reading() as connection:
            return ledger_chains.chains(connection)

    def declare(self, market: KnownMarket, trials: int, note: str) -> None:
        """Count trials that were made elsewhere."""
        now = _now()
        with self._access.writing() as connection:
            only_writer(connection)
            ledgers.know(connection, market, now)
            append(connection, market.digest, NewEntry("declared", trials, "", note, now))

    def bring(self, market: KnownMarket, fingerprints: Sequence[str], note: str) -> int:
        """Count trials of another program, those that do not count yet; return how many."""
        now = _now()
        with self._access.writing() as connection:
            only_writer(connection)
            ledgers.know(connection, market, now)
            return note_trials(connection, market.digest, "imported", _IMPORTED, fingerprints, now, note)

    def note_backtest(self, market: KnownMarket, fingerprint: str) -> bool:
        """Count a genome that was backtested by hand, unless it counts; tell whether it is new."""
        now = _now()
        with self._access.writing() as connection:
            only_writer(connection)
            ledgers.know(connection, market, now)
            return bool(note_trials(connection, market.digest, "backtest", _BY_HAND, [fingerprint], now))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
