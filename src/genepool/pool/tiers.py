"""Caches in a row: a fast one that may forget in front of a slow one that does not."""

from collections.abc import Sequence

from genepool.backtest.evaluation import Evaluation
from genepool.errors import StoreAway
from genepool.genome import Genome
from genepool.ports import FitnessCache


class TieredCache:
    """``FitnessCache`` that asks one tier after the other for what is still missing.

    What a lower tier knew is written to those above it. A history that does not answer counts as
    one that knows nothing; one that is damaged is an error.

    Parameters
    ----------
    tiers
        The caches, the fastest first.
    """

    def __init__(self, tiers: Sequence[FitnessCache]) -> None:
        self._tiers = tuple(tiers)

    def get_many(self, genomes: Sequence[Genome]) -> dict[str, Evaluation]:
        """Return what is known, by fingerprint.

        Raises
        ------
        StoreError
            When a tier cannot be read for a reason that does not pass by itself.
        """
        known: dict[str, Evaluation] = {}
        for place, tier in enumerate(self._tiers):
            missing = [genome for genome in genomes if genome.fingerprint not in known]
            if not missing:
                break
            found = _ask(tier, missing)
            for above in self._tiers[:place] if found else ():
                above.put_many(list(found.values()))
            known |= found
        return known

    def put_many(self, evaluations: Sequence[Evaluation]) -> None:
        """Remember evaluations in every tier."""
        for tier in self._tiers:
            tier.put_many(evaluations)


def _ask(tier: FitnessCache, genomes: Sequence[Genome]) -> dict[str, Evaluation]:
    try:
        return tier.get_many(genomes)
    except StoreAway:
        return {}
