"""Trials that were made elsewhere, counted in the ledger: declared by a number, or imported one by one."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from genepool.ports import LedgerAccounts, OutsideTrialsLog
from genepool.robustness.ledger import KnownMarket
from genepool.robustness.outside_trials import OutsideTrials
from genepool.usecases.change_run import checked_note
from genepool.usecases.document import Document

# Of one declaration: nobody has tried more.
MOST_TRIALS = 1_000_000_000


class OutsideLedger(LedgerAccounts, OutsideTrialsLog, Protocol):
    """The ledger, with what a user adds to it."""


@dataclass(frozen=True, slots=True)
class DeclaredTrials(Document):
    """What was declared.

    Parameters
    ----------
    market_digest
        Of the data set.
    declared
        How many trials now.
    note
        What is said of them.
    trials
        How many count on the market from now on.
    """

    market_digest: str
    declared: int
    note: str
    trials: int


@dataclass(frozen=True, slots=True)
class ImportedTrials(Document):
    """What was imported.

    Parameters
    ----------
    market_digest
        Of the data set.
    program, source
        Which program made them, and the name of its file.
    read, different, added
        Trials in the file, those of them that differ, and those that did not count yet.
    trials
        How many count on the market from now on.
    """

    market_digest: str
    program: str
    source: str
    read: int
    different: int
    added: int
    trials: int


def declare_trials(trials: int, market: KnownMarket, note: str, ledger: OutsideLedger) -> DeclaredTrials:
    """Count trials that were made elsewhere; they stay counted.

    Raises
    ------
    ConfigError
        When the note is too long, or has signs that are no text.
    """
    text = checked_note(note)
    ledger.declare(market, trials, text)
    return DeclaredTrials(market.digest, trials, text, ledger.account(market.digest).trials)


def import_trials(
    found: OutsideTrials, source: str, market: KnownMarket, ledger: OutsideLedger
) -> ImportedTrials:
    """Count the trials of another program's file, each once, however often it is imported.

    Raises
    ------
    ConfigError
        When the file has a name that is no text.
    """
    name = checked_note(f"{found.program} {PurePath(source).name}")
    added = ledger.bring(market, found.fingerprints, name)
    return ImportedTrials(
        market.digest,
        found.program,
        PurePath(source).name,
        found.read,
        len(found.fingerprints),
        added,
        ledger.account(market.digest).trials,
    )
