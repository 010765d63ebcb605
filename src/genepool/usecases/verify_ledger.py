"""Whether the ledger is what GenePool wrote: every chain recomputed and compared with the stored trials."""

from collections.abc import Sequence
from dataclasses import dataclass

from genepool.history import LedgerFault, faults_of
from genepool.ports import LedgerChains
from genepool.usecases.document import Document


@dataclass(frozen=True, slots=True)
class VerifiedLedger(Document):
    """What was found.

    Parameters
    ----------
    valid
        Whether nothing is wrong.
    markets, entries, trials
        How many data sets, entries of their chains and stored trials were gone through.
    faults
        What is wrong, data set by data set.
    lost
        Hashes that somebody noted, and that no entry has any more.
    """

    valid: bool
    markets: int
    entries: int
    trials: int
    faults: Sequence[LedgerFault]
    lost: Sequence[str]


def verify_ledger(chains: LedgerChains, noted: Sequence[str] = ()) -> VerifiedLedger:
    """Verify every chain.

    Parameters
    ----------
    chains
        The ledger as it is stored.
    noted
        Hashes that ``ledger show`` told at some time: a ledger that was written anew as a whole lacks them.
    """
    found = chains.chains()
    faults = [fault for chain in found for fault in faults_of(chain)]
    hashes = {entry.hash for chain in found for entry in chain.entries}
    lost = [one for one in noted if one.lower() not in hashes]
    return VerifiedLedger(
        valid=not faults and not lost,
        markets=len(found),
        entries=sum(len(chain.entries) for chain in found),
        trials=sum(count for chain in found for count, _ in chain.trials.values()),
        faults=faults,
        lost=lost,
    )
