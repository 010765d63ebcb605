"""The ledger of trials as a user looks into it and adds to it."""

from collections.abc import Sequence
from typing import Protocol

from genepool.history import LedgerAccount, LedgerLine, StoredChain
from genepool.robustness.ledger import KnownMarket, Uncounted


class LedgerPages(Protocol):
    """The ledger of trials, by data set."""

    def ledgers(self, first: int, count: int) -> tuple[list[LedgerLine], int]:
        """Return ``count`` data sets from ``first`` on, those tried on last first, and how many there are."""
        ...


class LedgerAccounts(LedgerPages, Protocol):
    """What counts on each market."""

    def account(self, market_digest: str, marks: frozenset[int] = frozenset()) -> LedgerAccount:
        """Return what counts on a data set.

        Parameters
        ----------
        market_digest
            Of the data set.
        marks
            Its marks, by which one that the history does not know is known again.
        """
        ...

    def uncounted(self, market_digest: str) -> Uncounted:
        """Return what was tried on markets of the same name and does not count."""
        ...


class OutsideTrialsLog(Protocol):
    """Trials that no run made."""

    def declare(self, market: KnownMarket, trials: int, note: str) -> None:
        """Count trials that were made elsewhere; said twice, they count twice."""
        ...

    def bring(self, market: KnownMarket, fingerprints: Sequence[str], note: str) -> int:
        """Count trials of another program, those that do not count yet; return how many.

        Parameters
        ----------
        market
            The data set that they were made on.
        fingerprints
            Of the trials: 16 signs each that tell one from every other.
        note
            Where they come from.
        """
        ...

    def note_backtest(self, market: KnownMarket, fingerprint: str) -> bool:
        """Count a genome that was backtested by hand, unless it counts; tell whether it is new."""
        ...


class LedgerChains(Protocol):
    """The ledger as it is stored, for those who verify it."""

    def chains(self) -> list[StoredChain]:
        """Return the chain of every data set with what it must agree with, all of one moment."""
        ...
