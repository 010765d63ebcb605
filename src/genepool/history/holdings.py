"""The champions that a run is kept apart from, with all that finds their returns again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genepool.market.costs import CostModel
from genepool.market.grown import Extent


@dataclass(frozen=True, slots=True)
class HeldGenome:
    """A genome that is traded already.

    Parameters
    ----------
    run, rank
        Where it is from.
    strategy, genes
        The genome.
    data, reading
        How its candles are found again.
    extent
        Which of them its run was given.
    visible
        How many of these its run had not sealed, the oldest ones.
    costs
        What trading costs it.
    """

    run: str
    rank: int
    strategy: str
    genes: tuple[tuple[str, float], ...]
    data: str
    reading: tuple[str, ...]
    extent: Extent
    visible: int
    costs: CostModel

    @property
    def name(self) -> str:
        """What ``--holding`` calls it."""
        return self.run if self.rank == 1 else f"{self.run}:{self.rank}"


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a run is kept apart from.

    Parameters
    ----------
    limit
        Correlation from which on doing the same costs.
    genomes
        The champions.
    """

    limit: float
    genomes: tuple[HeldGenome, ...]

    @property
    def said(self) -> str:
        """What a run that is kept apart from them says of it."""
        names = ", ".join(one.name for one in self.genomes)
        return f"from {names}: a correlation above {self.limit:g} costs"

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> "Holdings":
        """Return what its members as JSON tell of."""
        return cls(fields["limit"], tuple(_genome(one) for one in fields["genomes"]))


def _genome(fields: Mapping[str, Any]) -> HeldGenome:
    return HeldGenome(
        **{
            **fields,
            "genes": tuple((name, value) for name, value in fields["genes"]),
            "reading": tuple(fields["reading"]),
            "extent": Extent(**fields["extent"]),
            "costs": CostModel(**fields["costs"]),
        }
    )
